import { toProblem } from '#shared/contract/problem.ts';
import type { Bus, BusSignal, BusValue } from '../../dbus/bus.ts';
import { unitFromPath, unitPath } from '../../dbus/unit-path.ts';
import { plainValues } from '../../dbus/variant.ts';
import type { Scope } from '../../lib/scope.ts';
import { coalesce } from './coalesce.ts';
import { type ListedUnit, listedUnits, sharedText } from './listed-unit.ts';
import {
  callManager,
  managerInterface,
  managerPath,
  propertiesInterface,
  systemdName,
  unitInterface,
  unitRoot,
} from './systemd-bus.ts';
import type { UnitTable } from './unit-table.ts';

/** A finished job: done, canceled, timeout, failed, dependency, skipped … */
export interface FinishedJob {
  readonly unit: string;
  readonly result: string;
}

export interface BusUnitsEvents {
  /** The table changed, or a whole list confirmed it. */
  changed(): void;
  jobFinished(job: FinishedJob): void;
  /** systemd stopped answering; the follower is of no use any more. */
  failed(error: unknown): void;
}

/** Units appear and vanish in bursts (sessions, devices); those that are gone again after this long are never asked for. */
const settleMs = 50;
/** Above this many new units one whole list is cheaper than asking by name. */
const mostByName = 100;
/** A reload whose end is not told counts as ended. */
const longestReloadMs = 30_000;
const relistGapMs = 250;
/** Failed units that are asked since when; a host with more has other worries. */
const mostDated = 50;
const jobsGapMs = 50;

/**
 * Keeps a table true over the bus until the scope ends: subscribes, lists, then applies signals. One sender's messages
 * keep their order on a bus, so a list is newer than every signal before it and older than every signal after it.
 */
export class BusUnits {
  readonly #bus: Bus;
  readonly #table: UnitTable;
  readonly #scope: Scope;
  readonly #events: BusUnitsEvents;
  readonly #pending = new Map<string, 'new' | 'gone'>();
  readonly #newJobs = new Set<BusValue>();
  readonly #settle: () => void;
  readonly #readJobsSoon: () => void;
  readonly #relistSoon: () => void;
  #listed = false;
  #reloading: (() => void) | null = null;

  /** `aliveMs`: how often a quiet systemd is asked for a sign of life, and how long it may take. */
  constructor(bus: Bus, table: UnitTable, scope: Scope, aliveMs: number, events: BusUnitsEvents) {
    this.#bus = bus;
    this.#table = table;
    this.#scope = scope;
    this.#events = events;
    const later = (firstMs: number, gapMs: number, run: () => Promise<void>) =>
      coalesce(
        scope,
        { firstMs, gapMs },
        () => performance.now(),
        () => this.#background(run()),
      );
    this.#settle = later(settleMs, settleMs, () => this.#takePending());
    this.#readJobsSoon = later(jobsGapMs / 5, jobsGapMs, () => this.#readJobs());
    this.#relistSoon = later(0, relistGapMs, () => this.list());
    scope.every(aliveMs, () => this.#background(this.#ping(aliveMs)));
  }

  /** Asks for everything in one go, in the order that loses nothing; settled once the first list is in the table. */
  async start(): Promise<void> {
    const sender = systemdName;
    const onUnits = { sender, pathNamespace: unitRoot, interface: propertiesInterface, arg0: unitInterface };
    const onOwner = { sender: 'org.freedesktop.DBus', member: 'NameOwnerChanged', arg0: systemdName };
    const asked = [
      this.#bus.match({ sender, path: managerPath, interface: managerInterface }, (each) => this.#ofManager(each)),
      this.#bus.match({ ...onUnits, member: 'PropertiesChanged' }, (each) => this.#ofUnit(each)),
      this.#bus.match(onOwner, (each) => this.#ofOwner(each)),
    ];
    for (const match of asked)
      this.#scope.add(() =>
        match.then(
          (stop) => stop(),
          () => {},
        ),
      );
    await Promise.all([...asked, this.#subscribe(), this.list()]);
  }

  /** Reads the whole list into the table. */
  async list(): Promise<void> {
    const [answer] = await callManager(this.#bus, 'ListUnits');
    if (this.#scope.ended) return;
    this.#listed = true;
    this.#pending.clear();
    this.#table.replace(listedUnits(answer));
    this.#events.changed();
    this.#background(this.#dateFailures());
  }

  /** Units that failed before we came: asks systemd since when. One that cannot say stays without a time. */
  async #dateFailures(): Promise<void> {
    const names = this.#table.takeUndated(mostDated);
    if (names.length === 0) return;
    const read = async (name: string) => {
      const answer = await this.#bus.call(systemdName, unitPath(name), propertiesInterface, 'Get', 'ss', [
        unitInterface,
        'StateChangeTimestamp',
      ]);
      const { since } = plainValues({ since: answer[0] ?? 0 });
      const us = typeof since === 'bigint' || typeof since === 'number' ? Number(since) : 0;
      if (us > 0) this.#table.date(name, 'failed', Math.round(us / 1000));
    };
    await Promise.all(names.map((name) => read(name).catch(() => {})));
    if (!this.#scope.ended) this.#events.changed();
  }

  /** A bus that hangs looks just like one on which nothing happens; only an answer tells them apart. */
  async #ping(timeoutMs: number): Promise<void> {
    await this.#bus.call(systemdName, managerPath, 'org.freedesktop.DBus.Peer', 'Ping', '', [], timeoutMs);
  }

  /** systemd sends signals only while somebody on the bus has asked for them. */
  async #subscribe(): Promise<void> {
    await callManager(this.#bus, 'Subscribe').catch((error: unknown) => {
      if (!toProblem(error).message.includes('AlreadySubscribed')) throw error;
    });
  }

  #ofUnit({ path, body }: BusSignal): void {
    const name = unitFromPath(path);
    if (!this.#listed || !name) return;
    const [, changed, invalidated] = body;
    const { ActiveState: active, SubState: sub, Job: job } = plainValues(changed);
    const jobId = Array.isArray(job) ? job[0] : undefined;
    this.#table.change(name, {
      ...(typeof active === 'string' && { active: sharedText(active) }),
      ...(typeof sub === 'string' && { sub: sharedText(sub) }),
      ...(jobId === 0 && { job: '' }),
    });
    if (Array.isArray(invalidated) && invalidated.some((each) => reread.has(each))) this.#wait(name, 'new');
    this.#events.changed();
  }

  #ofManager({ member, body }: BusSignal): void {
    if (!this.#listed) return;
    const [first, , third, fourth] = body;
    switch (member) {
      case 'UnitNew':
        return this.#wait(first, 'new');
      case 'UnitRemoved':
        return this.#wait(first, 'gone');
      case 'JobNew':
        if (first !== undefined) this.#newJobs.add(first);
        return this.#readJobsSoon();
      case 'JobRemoved':
        if (first !== undefined) this.#newJobs.delete(first);
        return this.#jobRemoved(third, fourth);
      case 'UnitFilesChanged':
        this.#table.filesChanged();
        return this.#events.changed();
      case 'Reloading':
        this.#table.filesChanged();
        return first === true ? this.#reloadBegan() : this.#reloadEnded();
      default:
    }
  }

  /** systemd re-executed itself: its new connection knows nothing of our subscription. */
  #ofOwner({ body }: BusSignal): void {
    if (body[2] === '') return this.#reloadBegan();
    this.#background(this.#subscribe());
    this.#reloadEnded();
  }

  #wait(name: BusValue | undefined, what: 'new' | 'gone'): void {
    // A reload removes and adds every unit; its end is followed by a whole list.
    if (this.#reloading || typeof name !== 'string' || name.length > 255) return;
    if (what === 'gone' && !this.#table.has(name)) this.#pending.delete(name);
    else this.#pending.set(name, what);
    if (this.#pending.size > 0) this.#settle();
  }

  async #takePending(): Promise<void> {
    const wanted: string[] = [];
    for (const [name, what] of this.#pending) {
      if (what === 'new') wanted.push(name);
      else this.#table.remove(name);
    }
    if (wanted.length > mostByName) return this.list();
    this.#pending.clear();
    this.#events.changed();
    if (wanted.length === 0) return;
    const found = await this.#listNamed(wanted);
    if (!found) return this.list();
    for (const unit of found) this.#table.put(unit);
    const names = new Set(found.map((unit) => unit.name));
    for (const name of wanted) if (!names.has(name)) this.#table.remove(name);
    this.#events.changed();
  }

  /** Asked as patterns, since asking by name would load units that are gone again. Null where systemd is too old (before 230). */
  async #listNamed(names: string[]): Promise<ListedUnit[] | null> {
    try {
      const [answer] = await callManager(this.#bus, 'ListUnitsByPatterns', 'asas', [[], names]);
      return listedUnits(answer);
    } catch (error) {
      if (toProblem(error).code === 'unsupported') return null;
      throw error;
    }
  }

  #jobRemoved(unit: BusValue | undefined, result: BusValue | undefined): void {
    if (typeof unit !== 'string' || typeof result !== 'string') return;
    this.#table.change(unit, { job: '' });
    this.#events.changed();
    this.#events.jobFinished({ unit: sharedText(unit), result: sharedText(result) });
  }

  /** JobNew does not say what kind of job it is; jobs that are over by now are not worth asking for. */
  async #readJobs(): Promise<void> {
    if (this.#newJobs.size === 0) return;
    this.#newJobs.clear();
    const [answer] = await callManager(this.#bus, 'ListJobs');
    for (const row of Array.isArray(answer) ? answer : []) {
      if (!Array.isArray(row)) continue;
      const [, unit, type] = row;
      if (typeof unit === 'string' && typeof type === 'string') this.#table.change(unit, { job: sharedText(type) });
    }
    this.#events.changed();
  }

  #reloadBegan(): void {
    this.#reloading ??= this.#scope.after(longestReloadMs, () => this.#reloadEnded());
  }

  #reloadEnded(): void {
    this.#reloading?.();
    this.#reloading = null;
    this.#relistSoon();
  }

  #background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#scope.ended) this.#events.failed(error);
    });
  }
}

/** Properties that a row shows; when systemd only says that one is no longer true it must be read again. */
const reread = new Set<BusValue>(['ActiveState', 'SubState', 'LoadState', 'Description', 'Job']);
