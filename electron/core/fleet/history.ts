import type { HostLoad, MetricName } from '#shared/contract/host.ts';
import { metricNames } from '#shared/contract/host.ts';
import type { HistoryItem } from '#shared/contract/streams.ts';

const fine = { stepMs: 2_000, points: 150 };
const coarse = { stepMs: 10_000, points: 360 };

const columns: Record<MetricName, (load: HostLoad) => number | null> = {
  cpu: (load) => load.cpu * 100,
  iowait: (load) => load.iowait * 100,
  load1: (load) => load.load1,
  memory: (load) => (load.memoryTotalBytes > 0 ? (load.memoryUsedBytes / load.memoryTotalBytes) * 100 : null),
  swap: (load) => (load.swapTotalBytes > 0 ? (load.swapUsedBytes / load.swapTotalBytes) * 100 : null),
  pressureCpu: (load) => load.pressure?.cpu ?? null,
  pressureMemory: (load) => load.pressure?.memory ?? null,
  pressureIo: (load) => load.pressure?.io ?? null,
  netReceiveBps: (load) => load.netReceiveBps,
  netSendBps: (load) => load.netSendBps,
  diskReadBps: (load) => load.diskReadBps,
  diskWriteBps: (load) => load.diskWriteBps,
  latencyMs: (load) => load.latencyMs,
};

/** A fixed number of slots of equal time; a slot holds the last value written in it, NaN where nothing was read. */
class Ring {
  readonly stepMs: number;
  readonly points: number;
  readonly #values: Float32Array;
  /** Slot number (time / step) that each place holds. */
  readonly #slots: Int32Array;

  constructor(stepMs: number, points: number) {
    this.stepMs = stepMs;
    this.points = points;
    this.#values = new Float32Array(points * metricNames.length).fill(Number.NaN);
    this.#slots = new Int32Array(points).fill(-1);
  }

  put(at: number, values: readonly (number | null)[]): void {
    const slot = Math.floor(at / this.stepMs);
    const place = slot % this.points;
    this.#slots[place] = slot;
    for (let i = 0; i < values.length; i++) this.#values[place * metricNames.length + i] = values[i] ?? Number.NaN;
  }

  /** The values of one slot, or null when it was never written or has been overwritten. */
  at(slot: number): Float32Array | null {
    const place = slot % this.points;
    if (this.#slots[place] !== slot) return null;
    return this.#values.subarray(place * metricNames.length, (place + 1) * metricNames.length);
  }
}

/** 60 minutes of one host's samples: the last five at 2 s, the rest at 10 s; about 26 KB a host. */
export class History {
  readonly #fine = new Ring(fine.stepMs, fine.points);
  readonly #coarse = new Ring(coarse.stepMs, coarse.points);

  put(load: HostLoad): void {
    const values = metricNames.map((name) => columns[name](load));
    this.#fine.put(load.readAt, values);
    this.#coarse.put(load.readAt, values);
  }

  /** What was read up to `now`, oldest first; slots without a reading are left out, gaps over three steps are marked by nulls. */
  read(now: number): HistoryItem {
    const fineFrom = now - fine.stepMs * fine.points;
    const item: HistoryItem = { times: [], values: Object.fromEntries(metricNames.map((name) => [name, []])) as never };
    this.#copy(this.#coarse, now - coarse.stepMs * coarse.points, fineFrom, item);
    this.#copy(this.#fine, fineFrom, now, item);
    return item;
  }

  /** `points` values of one metric, each the last of its step, rounded; null for a gap. Steps are whole multiples of 10 s. */
  points(metric: MetricName, now: number, stepMs: number, points: number): (number | null)[] {
    const column = metricNames.indexOf(metric);
    const perStep = Math.max(1, Math.round(stepMs / coarse.stepMs));
    const last = Math.floor(now / coarse.stepMs);
    return Array.from({ length: points }, (_, index) => {
      const end = last - (points - 1 - index) * perStep;
      for (let slot = end; slot > end - perStep; slot--) {
        const value = this.#coarse.at(slot)?.[column];
        if (value !== undefined && !Number.isNaN(value)) return Math.round(value);
      }
      return null;
    });
  }

  #copy(ring: Ring, fromMs: number, toMs: number, into: HistoryItem): void {
    for (let slot = Math.ceil(fromMs / ring.stepMs); slot * ring.stepMs <= toMs; slot++) {
      const values = ring.at(slot);
      if (!values) continue;
      const at = slot * ring.stepMs;
      const before = into.times.at(-1);
      if (before !== undefined && at - before > 3.5 * coarse.stepMs) append(into, before + 1, null);
      append(into, at, values);
    }
  }
}

function append(item: HistoryItem, at: number, values: Float32Array | null): void {
  item.times.push(at);
  metricNames.forEach((name, index) => {
    const value = values?.[index];
    item.values[name].push(value === undefined || Number.isNaN(value) ? null : Math.round(value * 100) / 100);
  });
}

/** One sample as a history item, for the live end of the stream. */
export function historyPoint(load: HostLoad): HistoryItem {
  const item: HistoryItem = { times: [load.readAt], values: {} as HistoryItem['values'] };
  for (const name of metricNames) {
    const value = columns[name](load);
    item.values[name] = [value === null ? null : Math.round(value * 100) / 100];
  }
  return item;
}
