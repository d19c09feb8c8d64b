import { duplexPair } from 'node:stream';
import type { Bus, BusValue } from '#core/dbus/bus.ts';
import { connectBus } from '#core/dbus/connect-bus.ts';
import { busError, type BusCall, type BusPeer, type BusReply, serveBusPeer } from '#core/dbus/serve-bus-peer.ts';
import { unitPath } from '#core/dbus/unit-path.ts';
import { variant } from '#core/dbus/variant.ts';

const manager = '/org/freedesktop/systemd1';
const managerInterface = 'org.freedesktop.systemd1.Manager';

/** systemd as its clients on the bus see it, moved by a test: states are set here and told as systemd would. */
export class SimulatedSystemd {
  readonly units = new Map<string, { active: string; sub: string; job: string }>();
  readonly calls: string[] = [];
  readonly #peers = new Set<BusPeer>();
  #jobs = 0;
  /** Methods answered as an older systemd would. */
  unknownMethods: string[] = [];
  /** Runs after an answer to ListUnits was made and before it is sent. */
  onList: () => void = () => {};

  /** A client's connection to a bus on which this systemd is. */
  async connect(): Promise<Bus> {
    const [ours, theirs] = duplexPair();
    const peer = serveBusPeer(theirs, { names: ['org.freedesktop.systemd1'], call: (call) => this.#answer(call) });
    this.#peers.add(peer);
    peer.onClose(() => this.#peers.delete(peer));
    return connectBus(ours, { timeoutMs: 2000 });
  }

  add(name: string, active = 'active', sub = 'running'): void {
    this.units.set(name, { active, sub, job: '' });
    this.tell('UnitNew', 'so', [name, unitPath(name)]);
  }

  remove(name: string): void {
    this.units.delete(name);
    this.tell('UnitRemoved', 'so', [name, unitPath(name)]);
  }

  set(name: string, active: string, sub: string): void {
    this.units.set(name, { active, sub, job: '' });
    const changed = { ActiveState: variant('s', active), SubState: variant('s', sub), Job: variant('(uo)', [0, '/']) };
    this.emit(unitPath(name), changed);
  }

  emit(path: string, changed: { [key: string]: BusValue }, invalidated: string[] = []): void {
    const body = ['org.freedesktop.systemd1.Unit', changed, invalidated];
    const about = { path, interface: 'org.freedesktop.DBus.Properties', member: 'PropertiesChanged' };
    for (const peer of this.#peers) peer.emit({ ...about, signature: 'sa{sv}as', body });
  }

  /** Queues a job; `finish` ends it with a result. */
  queue(name: string, type: string): { finish(result: string): void } {
    const id = ++this.#jobs;
    const path = `${manager}/job/${id}`;
    const unit = this.units.get(name);
    if (unit) unit.job = type;
    this.tell('JobNew', 'uos', [id, path, name]);
    return {
      finish: (result) => {
        if (unit) unit.job = '';
        this.tell('JobRemoved', 'uoss', [id, path, name, result]);
      },
    };
  }

  /** A daemon-reload as systemd tells it: every unit goes and comes. */
  reload(): void {
    this.tell('Reloading', 'b', [true]);
    for (const name of this.units.keys()) this.tell('UnitRemoved', 'so', [name, unitPath(name)]);
    for (const name of this.units.keys()) this.tell('UnitNew', 'so', [name, unitPath(name)]);
    this.tell('Reloading', 'b', [false]);
  }

  tell(member: string, signature: string, body: BusValue[]): void {
    for (const peer of this.#peers) peer.emit({ path: manager, interface: managerInterface, member, signature, body });
  }

  /** Ends all connections, as a restart of the bus does. */
  drop(): void {
    for (const peer of this.#peers) peer.close();
  }

  #answer({ member, body }: BusCall): BusReply {
    this.calls.push(member);
    if (this.unknownMethods.includes(member)) throw busError('org.freedesktop.DBus.Error.UnknownMethod', member);
    switch (member) {
      case 'Subscribe':
        return { signature: '', body: [] };
      case 'ListUnits': {
        const rows = this.#rows([...this.units.keys()]);
        this.onList();
        return { signature: 'a(ssssssouso)', body: [rows] };
      }
      case 'ListUnitsByPatterns':
        return { signature: 'a(ssssssouso)', body: [this.#rows(body[1] as string[])] };
      case 'ListJobs':
        return { signature: 'a(usssoo)', body: [this.#jobRows()] };
      default:
        throw busError('org.freedesktop.DBus.Error.UnknownMethod', `no ${member} here`);
    }
  }

  #rows(names: readonly string[]): BusValue[] {
    return names.flatMap((name) => {
      const unit = this.units.get(name);
      if (!unit) return [];
      const { active, sub, job } = unit;
      return [[name, `The ${name}`, 'loaded', active, sub, '', unitPath(name), job === '' ? 0 : 1, job, '/']];
    });
  }

  #jobRows(): BusValue[] {
    return [...this.units].flatMap(([name, { job }]) =>
      job === '' ? [] : [[1, name, job, 'running', `${manager}/job/1`, unitPath(name)]],
    );
  }
}
