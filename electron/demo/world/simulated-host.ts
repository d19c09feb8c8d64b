import { type Mount, mountsOf } from '../files/mounts.ts';
import { SimulatedFiles } from '../files/simulated-files.ts';
import { type Boot, SimulatedJournal } from '../journal/simulated-journal.ts';
import { ProcessTable } from '../shell/process.ts';
import { unitsOf } from '../systemd/catalogue/units-of.ts';
import { SimulatedSystemd } from '../systemd/simulated-systemd.ts';
import { SimulatedEngine, updatedMarker } from '../updates/simulated-engine.ts';
import { SimulatedPackages } from '../updates/simulated-packages.ts';
import { deployed, SimulatedSystems, stagedMarker } from '../updates/simulated-systems.ts';
import { mix, part, uuidOf } from './chance.ts';
import { Figures, type KernelFigures } from './figures.ts';
import type { Family } from './release.ts';
import type { HostSpec, Role } from './roster.ts';
import type { Schedule } from './schedule.ts';

/** How a host stands to the network: reachable, cut off while it goes on, or not running at all. */
export type Network = 'up' | 'cut' | 'off';

/** Somebody who is logged in. */
export interface LoginSession {
  readonly id: string;
  readonly name: string;
  readonly tty: string;
  readonly from: string;
  readonly sinceMs: number;
}

const dayMs = 86_400_000;
const people = ['mara', 'jonas', 'ada'];

const onlyOn: Readonly<Record<string, { families?: readonly Family[]; roles?: readonly Role[] }>> = {
  docker: { families: ['flatcar'] },
  podman: { families: ['fedora-coreos'] },
  apt: { families: ['debian'] },
  'apt-get': { families: ['debian'] },
  dpkg: { families: ['debian'] },
  'apt-config': { families: ['debian'] },
  'apt-mark': { families: ['debian'] },
  cgpt: { families: ['flatcar'] },
  rootdev: { families: ['flatcar'] },
  update_engine_client: { families: ['flatcar'] },
  locksmithctl: { families: ['flatcar'] },
  'unattended-upgrade': { families: ['debian'] },
  ostree: { families: ['fedora-coreos'] },
  'rpm-ostree': { families: ['fedora-coreos'] },
  chronyc: { families: ['fedora-coreos', 'debian'] },
  etcdctl: { roles: ['etcd'] },
};

/** One host of the simulated world. Its state is worked out when somebody asks. */
export class SimulatedHost {
  readonly schedule: Schedule;
  readonly systemd: SimulatedSystemd;
  readonly journal: SimulatedJournal;
  readonly files = new SimulatedFiles(this);
  readonly processes: ProcessTable;
  readonly engine = new SimulatedEngine(this);
  readonly systems: SimulatedSystems;
  readonly packages = new SimulatedPackages(this);
  /** Host clock minus world clock. */
  clockOffsetMs = 0;
  /** Files that mean something by being there, such as /run/reboot-required, with their text. */
  readonly markers = new Map<string, string>();
  /** Who is logged in; nobody is after a boot. */
  sessions: readonly LoginSession[];
  /** Parts in use that something made of file systems, by mount. */
  readonly filled = new Map<string, number>();
  readonly #figures: Figures;
  readonly #boots: Boot[];
  readonly #networkListeners = new Set<(network: Network) => void>();
  #spec: HostSpec;
  #network: Network = 'up';
  #bootCount = 0;

  constructor(spec: HostSpec, schedule: Schedule) {
    this.#spec = spec;
    this.schedule = schedule;
    this.systems = new SimulatedSystems(this);
    const now = schedule.now();
    const aliveMs = dayMs * (0.2 + 40 * part(spec.seed, 21) ** 2);
    this.#figures = new Figures(spec, now - aliveMs, now);
    this.processes = new ProcessTable(30_000 + (mix(spec.seed, 22) % 900_000));
    this.#boots = earlierBoots(spec, now - aliveMs);
    this.sessions = sessionsOf(spec, now);
    this.systemd = new SimulatedSystemd(
      {
        seed: spec.seed,
        kinds: unitsOf(spec),
        schedule,
        newPid: () => this.processes.newPid(),
        tell: (unit, message, priority) => this.journal.note(unit, 'systemd', message, priority),
      },
      now - aliveMs,
    );
    this.journal = new SimulatedJournal(
      spec,
      () => this.#boots,
      () => this.now(),
      (name) => {
        const unit = this.systemd.get(name);
        const isUp = unit !== null && (unit.active === 'active' || unit.active === 'reloading');
        return {
          pid: unit?.pid ?? 0,
          untilMs: isUp || !unit ? Number.POSITIVE_INFINITY : unit.sinceMs + this.clockOffsetMs,
        };
      },
    );
  }

  /** What it is; an update that was booted makes its release another. */
  get spec(): HostSpec {
    return this.#spec;
  }

  /** Epoch ms by the host's own clock, which may be wrong. */
  now(): number {
    return this.schedule.now() + this.clockOffsetMs;
  }

  figures(): KernelFigures {
    return this.#figures.at(this.schedule.now());
  }

  mounts(): Mount[] {
    return mountsOf(this.spec, this.now(), this.filled);
  }

  get boots(): readonly Boot[] {
    return this.#boots;
  }

  get boot(): Boot {
    return this.#boots.at(-1) as Boot;
  }

  hasCommand(name: string): boolean {
    const only = Object.hasOwn(onlyOn, name) ? onlyOn[name] : undefined;
    if (!only) return true;
    return (
      (only.families?.includes(this.spec.release.family) ?? true) && (only.roles?.includes(this.spec.role) ?? true)
    );
  }

  get network(): Network {
    return this.#network;
  }

  onNetwork(listener: (network: Network) => void): () => void {
    this.#networkListeners.add(listener);
    return () => void this.#networkListeners.delete(listener);
  }

  /** Takes the host off the network or gives it back. */
  setNetwork(network: Network): void {
    if (network === this.#network) return;
    this.#network = network;
    for (const listener of this.#networkListeners) listener(network);
  }

  /** Goes down and comes up again after `downMs` in a new boot. */
  reboot(downMs: number): void {
    if (this.#network === 'off') return;
    this.journal.note('init.scope', 'systemd', 'Shutting down.');
    this.processes.killAll('TERM');
    const last = this.boot;
    this.#boots[this.#boots.length - 1] = { ...last, untilMs: this.now() };
    this.setNetwork('off');
    this.schedule.after(downMs, () => this.#comeUp());
  }

  #comeUp(): void {
    const staged = this.markers.get(stagedMarker)?.trim();
    const { release: running } = this.#spec;
    const inOther = this.markers.has(updatedMarker) && this.systems.takesOther ? this.engine.offered : null;
    const release = this.systems.boot(running, staged ? deployed(staged, running) : inOther);
    if (release !== running) this.#spec = { ...this.#spec, release };
    this.engine.boot();
    const { spec } = this;
    this.#boots.push({ id: uuidOf(mix(spec.seed, 1000 + ++this.#bootCount)), fromMs: this.now(), untilMs: null });
    if (this.#boots.length > 12) this.#boots.shift();
    this.#figures.boot(this.schedule.now());
    this.sessions = [];
    // Everything below /run is gone with the old boot.
    if (this.files.list('/run/quarterdeck')) this.files.removeTree('/run/quarterdeck', 'root');
    for (const path of this.markers.keys()) if (path.startsWith('/run/')) this.markers.delete(path);
    this.systemd.boot(this.schedule.now());
    this.journal.note(
      'init.scope',
      'kernel',
      `Linux version ${spec.release.kernel} (builder@fleet) #1 SMP PREEMPT_DYNAMIC`,
      5,
      0,
    );
    this.journal.note('init.scope', 'systemd', 'Reached target multi-user.target - Multi-User System.');
    this.setNetwork('up');
  }
}

/** Somebody on one host in nine, since some hours. */
function sessionsOf({ seed }: HostSpec, now: number): LoginSession[] {
  if (mix(seed, 60) % 9 !== 0) return [];
  const name = people[mix(seed, 61) % people.length] ?? '';
  const from = `10.20.0.${10 + (mix(seed, 62) % 200)}`;
  return [{ id: String(2 + (mix(seed, 63) % 90)), name, tty: 'pts/0', from, sinceMs: now - 3_600_000 * 2.4 }];
}

function earlierBoots(spec: HostSpec, bootedMs: number): Boot[] {
  const boots: Boot[] = [{ id: uuidOf(mix(spec.seed, 1000)), fromMs: bootedMs, untilMs: null }];
  let untilMs = bootedMs - 38_000;
  for (let at = 1; at <= 1 + Math.floor(part(spec.seed, 23) * 5); at++) {
    const fromMs = untilMs - dayMs * (1 + 30 * part(spec.seed, 30 + at));
    boots.unshift({ id: uuidOf(mix(spec.seed, 1000 - at)), fromMs, untilMs });
    untilMs = fromMs - 41_000;
  }
  return boots;
}
