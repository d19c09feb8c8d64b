/** Figures as /proc holds them. Differences belong to the interval since the sample before; the rest is as it is now. */
export interface Sample {
  readonly uptimeCentiseconds: number;
  readonly elapsedCentiseconds: number;
  readonly busyTicks: number;
  readonly idleTicks: number;
  readonly iowaitTicks: number;
  readonly stealTicks: number;
  readonly running: number;
  readonly load: readonly [number, number, number];
  readonly memoryTotalKiB: number;
  readonly memoryAvailableKiB: number;
  readonly swapTotalKiB: number;
  readonly swapFreeKiB: number;
  readonly pressure: { cpu: number; memory: number; memoryFull: number; io: number; ioFull: number } | null;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly sectorsRead: number;
  readonly sectorsWritten: number;
}

const fields = 22;
const counters = new Set([0, 1, 2, 3, 4, 18, 19, 20, 21]);
const figure = /^-?\d{1,18}(\.\d{1,4})?$/;

/** Puts the sampler's lines, which hold only what changed, together again. */
export class SampleLines {
  /** Gauges as last told; for counters their sum, which is what the host shows now. */
  readonly #now: number[] = Array.from({ length: fields }, () => 0);
  #pressure = true;

  /** Reads one answer to `s`. Null when it is not one: the host's sampler is then not to be trusted. */
  read(line: string): Sample | null {
    const parts = line.split(',');
    if (parts[0] !== 's' || parts.length > fields + 1) return null;
    const change: number[] = [];
    for (let at = 0; at < fields; at++) {
      const text = parts[at + 1] ?? '';
      if (text === '-' && at >= 13 && at <= 17) {
        this.#pressure = false;
        change.push(0);
      } else if (text === '') {
        change.push(0);
      } else {
        if (!figure.test(text)) return null;
        const value = Number(text);
        // A counter that ran backwards (an interface went away) says nothing about this interval.
        change.push(counters.has(at) ? Math.max(0, value) : value);
        this.#now[at] = counters.has(at) ? (this.#now[at] ?? 0) + value : value;
      }
    }
    const now = (at: number) => this.#now[at] ?? 0;
    const since = (at: number) => change[at] ?? 0;
    return {
      uptimeCentiseconds: now(0),
      elapsedCentiseconds: since(0),
      busyTicks: since(1),
      idleTicks: since(2),
      iowaitTicks: since(3),
      stealTicks: since(4),
      running: Math.trunc(now(5)),
      load: [now(6), now(7), now(8)],
      memoryTotalKiB: now(9),
      memoryAvailableKiB: now(10),
      swapTotalKiB: now(11),
      swapFreeKiB: now(12),
      pressure: this.#pressure
        ? { cpu: now(13), memory: now(14), memoryFull: now(15), io: now(16), ioFull: now(17) }
        : null,
      receivedBytes: since(18),
      sentBytes: since(19),
      sectorsRead: since(20),
      sectorsWritten: since(21),
    };
  }
}
