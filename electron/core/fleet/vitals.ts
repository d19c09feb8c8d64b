import type { Thresholds } from '#shared/contract/cluster.ts';
import type { HostLoad, HostTrend } from '#shared/contract/host.ts';
import type { HistoryItem } from '#shared/contract/streams.ts';
import { assessHealth, type HealthMemory } from './health.ts';
import { History, historyPoint } from './history.ts';
import type { MemberSight } from './member-findings.ts';
import type { Records } from './records.ts';

const trendStepMs = 20_000;
const trendPoints = 30;

interface Vitals {
  readonly history: History;
  memory: HealthMemory;
  trendSlot: number;
  readonly followers: Set<(item: HistoryItem) => void>;
}

/** What is derived from a host's sections as they come: history, the trend for sparklines, and health. */
export class FleetVitals {
  readonly #records: Records;
  readonly #now: () => number;
  readonly #hosts = new Map<string, Vitals>();
  readonly #dirty = new Set<string>();

  constructor(records: Records, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  forget(host: string): void {
    this.#hosts.delete(host);
    this.#dirty.delete(host);
  }

  /** Something that health rests on changed. */
  touch(host: string): void {
    this.#dirty.add(host);
  }

  sample(host: string, load: HostLoad): void {
    const vitals = this.#of(host);
    vitals.history.put(load);
    const slot = Math.floor(load.readAt / trendStepMs);
    if (slot !== vitals.trendSlot) {
      vitals.trendSlot = slot;
      this.#records.publish('host', host, 'trend', this.#trend(host, vitals.history, load.readAt));
    }
    if (vitals.followers.size > 0) {
      const point = historyPoint(load);
      for (const follower of vitals.followers) follower(point);
    }
    this.touch(host);
  }

  /** 60 minutes back, then every new sample; returns a function that stops. */
  follow(host: string, onItem: (item: HistoryItem) => void): () => void {
    const vitals = this.#of(host);
    onItem(vitals.history.read(this.#now()));
    vitals.followers.add(onItem);
    return () => vitals.followers.delete(onItem);
  }

  /** Re-assesses the health of the hosts touched since, of all (so that holds and expiries take effect), or of those named. */
  assess(
    which: 'touched' | 'all' | readonly string[],
    thresholds: Thresholds,
    members: ReadonlyMap<string, readonly MemberSight[]>,
  ): void {
    const hosts = which === 'all' ? this.#records.ids('host') : which === 'touched' ? [...this.#dirty] : which;
    if (typeof which === 'string') this.#dirty.clear();
    const now = this.#now();
    for (const host of hosts) {
      const record = this.#records.record('host', host);
      if (!record?.identity) continue;
      const vitals = this.#of(host);
      const { health, memory } = assessHealth(record, members.get(host) ?? [], thresholds, vitals.memory, now);
      vitals.memory = memory;
      const since = record.health?.state === health.state ? record.health.since : now;
      this.#records.publish('host', host, 'health', { ...health, since });
    }
  }

  #trend(host: string, history: History, now: number): HostTrend {
    const points = (metric: 'cpu' | 'memory') => history.points(metric, now, trendStepMs, trendPoints);
    // As long as the others from the first on, so that all lines are of the same ten minutes.
    const before = this.#records.get('host', host, 'trend')?.disk ?? Array.from({ length: trendPoints }, () => null);
    const fullest = Math.max(-1, ...(this.#records.get('host', host, 'disks')?.mounts ?? []).map(usedPercent));
    const disk = [...before, fullest < 0 ? null : fullest].slice(-trendPoints);
    return { readAt: now, stepMs: trendStepMs, cpu: points('cpu'), memory: points('memory'), disk };
  }

  #of(host: string): Vitals {
    let vitals = this.#hosts.get(host);
    if (!vitals) {
      vitals = { history: new History(), memory: new Map(), trendSlot: -1, followers: new Set() };
      this.#hosts.set(host, vitals);
    }
    return vitals;
  }
}

function usedPercent(disk: { usedBytes: number; freeBytes: number; readOnly: boolean }): number {
  const usable = disk.usedBytes + disk.freeBytes;
  return usable > 0 && !disk.readOnly ? Math.round((disk.usedBytes / usable) * 100) : -1;
}
