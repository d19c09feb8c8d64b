import { mix, part, seedOf } from '../world/chance.ts';
import { isOneShot, type ProcessEnd, runningSub, type UnitJob } from './unit-state.ts';
import { UnitTable, type UnitTableAbout } from './unit-table.ts';

/** What it tells the journal. */
export type Tell = (unit: string, message: string, priority?: number) => void;

/** A unit that somebody made ill: what becomes of its main process after each start. */
export interface Illness {
  /** Dies this long after its start; 0: does not even start. */
  readonly afterMs: number;
  readonly end: ProcessEnd;
  /** systemd starts it again after this long; null: it stays failed. */
  readonly restartMs: number | null;
}

export interface SystemdAbout extends UnitTableAbout {
  readonly tell: Tell;
  newPid(): number;
}

/** The systemd of one host: units, jobs that take their time, and events for whoever listens. */
export class SimulatedSystemd extends UnitTable {
  readonly #about: SystemdAbout;
  readonly #illnesses = new Map<string, Illness>();
  readonly #timers = new Map<string, () => void>();
  #jobs: number;

  constructor(about: SystemdAbout, bootedMs: number) {
    super(about, bootedMs);
    this.#about = about;
    this.#jobs = 900 + (about.seed % 4000);
  }

  /** Number of the newest job. */
  get lastJob(): number {
    return this.#jobs;
  }

  #later(name: string, ms: number, run: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(
      name,
      this.schedule.after(ms, () => {
        this.#timers.delete(name);
        run();
      }),
    );
  }

  /** How long this unit takes for something; always the same. */
  #takesMs(name: string, what: number, low: number, high: number): number {
    return Math.round(low + (high - low) * part(mix(seedOf(name, this.#about.seed), what)) ** 2);
  }

  /** Begins a job; resolves to its result: done, failed or canceled. Rejects never. */
  run(name: string, type: UnitJob['type']): Promise<string> {
    const unit = this.get(name);
    if (!unit || unit.load !== 'loaded') return Promise.resolve('failed');
    const job: UnitJob = { id: ++this.#jobs, type };
    return new Promise((resolve) => {
      const finish = (result: string) => {
        this.change(name, { job: null });
        this.emit({ kind: 'job-removed', id: job.id, unit: name, result });
        resolve(result);
      };
      this.emit({ kind: 'job-new', id: job.id, unit: name });
      const isUp = unit.active === 'active' || unit.active === 'activating';
      if ((type === 'start' && unit.active === 'active') || (type === 'stop' && !isUp && unit.sub !== 'auto-restart')) {
        if (type === 'stop' && unit.active === 'failed') this.#stop(name, job, () => finish('done'));
        else finish('done');
      } else if (type === 'reload') {
        if (!isUp) finish('failed');
        else this.#reload(name, job, () => finish('done'));
      } else if (type === 'stop') this.#stop(name, job, () => finish('done'));
      else if (type === 'restart' && isUp) this.#stop(name, job, () => this.#start(name, job, finish));
      else this.#start(name, job, finish);
    });
  }

  #start(name: string, job: UnitJob | null, finish: (result: string) => void): void {
    const unit = this.get(name);
    if (!unit) return finish('failed');
    const { kind } = unit;
    const what = kind.description || name;
    const illness = this.#illnesses.get(name);
    this.#about.tell(name, `Starting ${name} - ${what}...`);
    const pid = kind.exec ? this.#about.newPid() : 0;
    this.change(name, { active: 'activating', sub: 'start', pid, job, end: null });
    this.#later(name, this.#takesMs(name, 1, 60, kind.exec ? 900 : 120), () => {
      if (illness?.afterMs === 0) {
        this.#die(name, illness);
        return finish('failed');
      }
      if (isOneShot(kind)) {
        this.change(name, {
          active: 'inactive',
          sub: 'dead',
          pid: 0,
          result: 'success',
          end: { how: 'exited', status: 0 },
        });
        this.#about.tell(name, `${name}: Deactivated successfully.`);
        this.#about.tell(name, `Finished ${name} - ${what}.`);
        return finish('done');
      }
      const sub = runningSub(kind);
      this.change(name, { active: 'active', sub, pid: sub === 'running' ? pid : 0, result: 'success' });
      this.#about.tell(name, `Started ${name} - ${what}.`);
      if (illness) this.#later(name, illness.afterMs, () => this.#die(name, illness));
      finish('done');
    });
  }

  #stop(name: string, job: UnitJob | null, then: () => void): void {
    const what = this.get(name)?.kind.description || name;
    this.#about.tell(name, `Stopping ${name} - ${what}...`);
    this.change(name, { active: 'deactivating', sub: 'stop-sigterm', job });
    this.#later(name, this.#takesMs(name, 2, 40, 700), () => {
      this.change(name, { active: 'inactive', sub: 'dead', pid: 0, result: 'success' });
      this.#about.tell(name, `${name}: Deactivated successfully.`);
      this.#about.tell(name, `Stopped ${name} - ${what}.`);
      then();
    });
  }

  #reload(name: string, job: UnitJob, then: () => void): void {
    const unit = this.get(name);
    this.change(name, { active: 'reloading', sub: 'reload', job });
    this.#later(name, this.#takesMs(name, 3, 30, 400), () => {
      this.change(name, { active: 'active', sub: unit?.sub ?? 'running' });
      this.#about.tell(name, `Reloaded ${name} - ${unit?.kind.description ?? ''}.`);
      then();
    });
  }

  /** The main process ends although nobody asked; without an illness a failed service stays so. */
  crash(name: string, illness: Illness): void {
    const unit = this.get(name);
    if (unit?.active !== 'active' || unit.pid === 0) return;
    this.#die(name, illness);
  }

  #die(name: string, { end, restartMs }: Illness): void {
    const unit = this.get(name);
    if (!unit) return;
    const words =
      end.how === 'exited' ? `${end.status}/${exitName(end.status)}` : `${end.status}/${signalName(end.status)}`;
    const result = end.how === 'exited' ? 'exit-code' : end.how === 'killed' ? 'signal' : 'core-dump';
    this.#about.tell(name, `${name}: Main process exited, code=${end.how}, status=${words}`, 4);
    this.#about.tell(name, `${name}: Failed with result '${result}'.`, 4);
    if (restartMs === null) {
      this.#about.tell(name, `Failed to start ${name} - ${unit.kind.description}.`, 3);
      this.change(name, { active: 'failed', sub: 'failed', pid: 0, result, end });
      return;
    }
    this.change(name, { active: 'activating', sub: 'auto-restart', pid: 0, result, end });
    this.#later(name, restartMs, () => {
      const restarts = (this.get(name)?.restarts ?? 0) + 1;
      this.#about.tell(name, `${name}: Scheduled restart job, restart counter is at ${restarts}.`);
      this.change(name, { restarts });
      void this.run(name, 'start');
    });
  }

  /** What happens to a unit from its next start on; null: it is well. */
  setIllness(name: string, illness: Illness | null): void {
    if (illness) this.#illnesses.set(name, illness);
    else this.#illnesses.delete(name);
  }

  /** Fails at once and stays so, with whatever illness it has. */
  leaveFailed(name: string, end: ProcessEnd, sinceMs: number): void {
    this.change(name, { active: 'failed', sub: 'failed', pid: 0, result: 'exit-code', end, sinceMs });
  }

  resetFailed(name: string): void {
    const unit = this.get(name);
    if (unit?.active === 'failed')
      this.change(name, { active: 'inactive', sub: 'dead', result: 'success', restarts: 0 });
  }

  /** Sets the state of a unit's file, then reloads as systemctl does; false when the unit has none. */
  setFile(name: string, file: 'enabled' | 'disabled' | 'masked'): boolean {
    const unit = this.get(name);
    if (!unit || unit.kind.file === '' || unit.kind.file === 'static' || unit.kind.file === 'generated') return false;
    this.change(name, { file });
    this.reload();
    return true;
  }

  /** daemon-reload. */
  reload(): void {
    this.emit({ kind: 'reloading', active: true });
    this.schedule.after(140, () => this.emit({ kind: 'reloading', active: false }));
  }

  /** A timer's service runs once, for as long as given. */
  elapse(timer: string, forMs: number): void {
    const service = timer.replace(/\.timer$/, '.service');
    const unit = this.get(service);
    if (!unit || unit.active !== 'inactive' || this.get(timer)?.active !== 'active') return;
    this.change(timer, { sub: 'running' });
    this.#about.tell(service, `Starting ${service} - ${unit.kind.description}...`);
    this.change(service, { active: 'activating', sub: 'start', pid: this.#about.newPid() });
    this.#later(service, forMs, () => {
      this.change(service, {
        active: 'inactive',
        sub: 'dead',
        pid: 0,
        result: 'success',
        end: { how: 'exited', status: 0 },
      });
      this.#about.tell(service, `${service}: Deactivated successfully.`);
      this.#about.tell(service, `Finished ${service} - ${unit.kind.description}.`);
      this.change(timer, { sub: 'waiting' });
    });
  }

  override boot(nowMs: number): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    super.boot(nowMs);
  }
}

function exitName(status: number): string {
  return { 0: 'SUCCESS', 1: 'FAILURE', 2: 'INVALIDARGUMENT', 203: 'EXEC', 217: 'USER' }[status] ?? 'n/a';
}

function signalName(signal: number): string {
  return { 6: 'ABRT', 9: 'KILL', 11: 'SEGV', 15: 'TERM' }[signal] ?? 'n/a';
}
