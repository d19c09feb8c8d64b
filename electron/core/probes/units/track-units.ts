import { toProblem } from '#shared/contract/problem.ts';
import type { UnitsItem } from '#shared/contract/streams.ts';
import type { HostUnits, Unit } from '#shared/contract/unit.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import type { Scope } from '../../lib/scope.ts';
import { BusUnits, type FinishedJob } from './bus-units.ts';
import { coalesce } from './coalesce.ts';
import { pollUnits } from './poll-units.ts';
import { UnitTable } from './unit-table.ts';

export interface TrackUnitsOptions {
  /** The tracker ends with it. */
  readonly scope: Scope;
  readonly now?: () => number;
  /** Between two runs of systemctl while the bus cannot be reached. Default 5 s. */
  readonly pollMs?: number;
  /** Between the first two tries of a bus that cannot be reached; doubled with each, up to eightfold. Default 60 s. */
  readonly retryBusMs?: number;
  /** Between two signs of life asked of a quiet bus; each may take as long. Default 30 s. */
  readonly aliveMs?: number;
}

/** The summary for the row, and what changed in the list; the first item carries the whole list (`reset`). */
export interface UnitUpdate {
  readonly summary: HostUnits;
  readonly item: UnitsItem;
}

/** How units are followed, and in words why not over the bus; `none` until the first list came. */
export interface UnitSource {
  readonly units: 'dbus' | 'systemctl' | 'none';
  readonly reason: string;
}

/** Follows all units of one host. Each `on…` answers a function that stops listening. */
export interface UnitTracker {
  readonly source: UnitSource;
  onSource(listener: (source: UnitSource) => void): () => void;
  onUpdate(listener: (update: UnitUpdate) => void): () => void;
  /** Jobs that systemd finished, with their result (done, failed, timeout, canceled, dependency …). Only over the bus. */
  onJob(listener: (job: FinishedJob) => void): () => void;
  /** The units as last told, for who begins to watch later. */
  units(): Unit[];
  /** Reads the whole list anew, the way units are followed now. */
  relist(): Promise<void>;
}

const tellTimes = { firstMs: 5, gapMs: 50 };
/** After a bus that worked was lost, e.g. because its daemon was restarted. */
const reopenMs = 1000;
/** A host whose bus does not answer should not be asked for it every minute, for ever. */
const mostDoublings = 3;
/** One that says that it runs no systemd is believed for so many times the first wait: half an hour. */
const absentTimes = 30;

/** Starts to follow a host's units: pushed over its system bus, else polled with systemctl while the bus is retried. */
export function trackUnits(access: HostAccess, options: TrackUnitsOptions): UnitTracker {
  return new TrackedUnits(access, options);
}

class TrackedUnits implements UnitTracker {
  #source: UnitSource = { units: 'none', reason: 'not read yet' };
  readonly #access: HostAccess;
  readonly #scope: Scope;
  readonly #now: () => number;
  readonly #pollMs: number;
  readonly #retryBusMs: number;
  readonly #aliveMs: number;
  readonly #table: UnitTable;
  readonly #tell: () => void;
  readonly #updateListeners = new Set<(update: UnitUpdate) => void>();
  readonly #sourceListeners = new Set<(source: UnitSource) => void>();
  readonly #jobListeners = new Set<(job: FinishedJob) => void>();
  #overBus: BusUnits | null = null;
  #polling: Scope | null = null;
  #busReason = '';
  #toldFiles = 0;
  #busFailures = 0;
  #absent = false;
  #readAt = 0;
  #readBy: HostUnits['source'] = 'dbus';

  constructor(access: HostAccess, options: TrackUnitsOptions) {
    this.#access = access;
    this.#scope = options.scope.child('units');
    this.#now = options.now ?? Date.now;
    this.#pollMs = options.pollMs ?? 5000;
    this.#retryBusMs = options.retryBusMs ?? 60_000;
    this.#aliveMs = options.aliveMs ?? 30_000;
    this.#table = new UnitTable(this.#now);
    this.#tell = coalesce(
      this.#scope,
      tellTimes,
      () => performance.now(),
      () => this.#tellUpdate(),
    );
    void this.#tryBus();
  }

  get source(): UnitSource {
    return this.#source;
  }

  onSource(listener: (source: UnitSource) => void): () => void {
    return addTo(this.#sourceListeners, listener);
  }

  onUpdate(listener: (update: UnitUpdate) => void): () => void {
    return addTo(this.#updateListeners, listener);
  }

  onJob(listener: (job: FinishedJob) => void): () => void {
    return addTo(this.#jobListeners, listener);
  }

  units(): Unit[] {
    return this.#table.units();
  }

  async relist(): Promise<void> {
    if (this.#overBus) await this.#overBus.list();
    else await this.#poll();
  }

  async #tryBus(): Promise<void> {
    const attempt = this.#scope.child('bus');
    const lost = (error: unknown, worked: boolean) => {
      if (attempt.ended) return;
      this.#overBus = null;
      void attempt.end();
      if (this.#scope.ended) return;
      const { message } = toProblem(error);
      // Said at once: what systemctl can tell comes later, or never when the bus hangs.
      if (this.#source.units !== 'systemctl') this.#setSource('none', message);
      this.#scope.after(worked ? reopenMs : this.#nextTryMs(this.#busFailures++), () => void this.#tryBus());
      if (!worked) this.#startPolling(message);
    };
    try {
      const bus = await this.#access.bus();
      if (this.#scope.ended) return void attempt.end();
      const follower = new BusUnits(bus, this.#table, attempt, this.#aliveMs, {
        changed: () => this.#changed('dbus'),
        jobFinished: (job) => {
          for (const listener of this.#jobListeners) listener(job);
        },
        failed: (error) => lost(error, false),
      });
      bus.onClose((reason) => lost(new Error(reason), this.#overBus === follower));
      await follower.start();
      if (attempt.ended) return;
      this.#overBus = follower;
      this.#busFailures = 0;
      this.#absent = false;
      this.#stopPolling();
      this.#setSource('dbus', '');
    } catch (error) {
      lost(error, false);
    }
  }

  #nextTryMs(failures: number): number {
    return this.#retryBusMs * (this.#absent ? absentTimes : 2 ** Math.min(failures, mostDoublings));
  }

  #startPolling(busReason: string): void {
    this.#busReason = busReason;
    if (this.#polling) return;
    const polling = this.#scope.child('polling');
    this.#polling = polling;
    let failures = 0;
    const poll = async (): Promise<void> => {
      let waitMs = this.#pollMs;
      let source: UnitSource;
      try {
        await this.#poll();
        failures = 0;
        this.#absent = false;
        source = { units: 'systemctl', reason: `${this.#busReason}; units are read with systemctl instead` };
      } catch (error) {
        const problem = toProblem(error);
        this.#absent = problem.code === 'unsupported';
        const longest = this.#nextTryMs(mostDoublings);
        waitMs = this.#absent ? longest : Math.min(this.#pollMs * 4 ** failures++, longest);
        source = { units: 'none', reason: `${this.#busReason}; ${problem.message}` };
      }
      if (polling.ended) return;
      this.#setSource(source.units, source.reason);
      polling.after(waitMs, () => void poll());
    };
    void poll();
  }

  #stopPolling(): void {
    void this.#polling?.end();
    this.#polling = null;
  }

  async #poll(): Promise<void> {
    const listed = await pollUnits(this.#access);
    // The bus may have come back meanwhile; its list is newer.
    if (this.#overBus || this.#scope.ended) return;
    this.#table.replace(listed);
    this.#changed('systemctl');
  }

  #setSource(units: UnitSource['units'], reason: string): void {
    if (this.#scope.ended || (this.#source.units === units && this.#source.reason === reason)) return;
    this.#source = { units, reason };
    for (const listener of this.#sourceListeners) listener(this.#source);
  }

  #changed(by: HostUnits['source']): void {
    this.#readAt = this.#now();
    this.#readBy = by;
    this.#tell();
  }

  #tellUpdate(): void {
    const item = this.#table.take();
    const isNew = item.reset || item.changed.length > 0 || item.removed.length > 0;
    // A poll that found nothing new is still told: its time is all that says how old the list is.
    const filesMoved = this.#table.timesFilesChanged !== this.#toldFiles;
    if (!isNew && !filesMoved && this.#readBy === 'dbus') return;
    this.#toldFiles = this.#table.timesFilesChanged;
    const summary = this.#table.summary(this.#readAt, this.#readBy);
    for (const listener of this.#updateListeners) listener({ summary, item });
  }
}

function addTo<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
