import type { StallClock } from './stall-clock.ts';

/** How closely a host is watched. */
export type Watch = 'seen' | 'unseen' | 'hidden';

interface Pace {
  readonly sampleMs: number;
  readonly beatMs: number;
  /** Silence after which the host counts as not answering, beyond its usual round trip. */
  readonly graceMs: number;
  /** Silence after which the connection is given up. */
  readonly lostMs: number;
}

/** How often to ask, by who looks and how many hosts are on screen. */
export function paceOf(watch: Watch, seen: number): Pace {
  if (watch === 'hidden') return { sampleMs: 30_000, beatMs: 10_000, graceMs: 2500, lostMs: 6000 };
  if (watch === 'unseen') return { sampleMs: 10_000, beatMs: 5000, graceMs: 2000, lostMs: 5500 };
  const beatMs = seen <= 150 ? 400 : seen <= 400 ? 1000 : 2000;
  return { sampleMs: 2000, beatMs, graceMs: 450, lostMs: 5000 };
}

/** What is asked; see probes/sampler.ts. */
export interface Asked {
  readonly unanswered: number;
  readonly oldestAskedAt: number | null;
  ask(sample: boolean): void;
}

/** What the pulse needs of a host, and tells it. */
export interface PulseSubject {
  readonly sampler: Asked;
  watch(): Watch;
  silent(ms: number): void;
  lost(ms: number): void;
}

interface Tracked {
  readonly subject: PulseSubject;
  readonly phase: number;
  sampleAt: number;
  beatAt: number;
  /** When silence was last told, null while the host answers. */
  silentToldAt: number | null;
  roundTripMs: number;
  variationMs: number;
}

/** Samples of all hosts are asked in groups half a second apart. */
const groupMs = 500;

/** A tracked host's handle: told of each answer, and ended with the sampler. */
export interface PulseTrack {
  /** Returns true when the host had been called silent. */
  answered(roundTripMs: number): boolean;
  /** The next sample is due after `ms` instead of at its usual time. */
  soon(ms: number): void;
  end(): void;
}

/** Asks every host for samples and signs of life, spread over time, and notices which ones do not answer. */
export class Pulse {
  readonly #clock: StallClock;
  readonly #tracked = new Set<Tracked>();
  #groups = 0;

  constructor(clock: StallClock) {
    this.#clock = clock;
  }

  track(subject: PulseSubject): PulseTrack {
    const now = this.#clock.now();
    const tracked: Tracked = {
      subject,
      phase: groupMs * this.#groups++,
      sampleAt: now,
      beatAt: now + 1000,
      silentToldAt: null,
      roundTripMs: 0,
      variationMs: 0,
    };
    this.#tracked.add(tracked);
    return {
      answered: (roundTripMs) => {
        const off = Math.abs(roundTripMs - tracked.roundTripMs);
        tracked.variationMs += (off - tracked.variationMs) / 4;
        tracked.roundTripMs += (roundTripMs - tracked.roundTripMs) / 8;
        const was = tracked.silentToldAt !== null;
        tracked.silentToldAt = null;
        return was;
      },
      soon: (ms) => {
        tracked.sampleAt = this.#clock.now() + ms;
      },
      end: () => this.#tracked.delete(tracked),
    };
  }

  /** Someone looks at other hosts: those now seen are asked at once. */
  retune(): void {
    const now = this.#clock.now();
    const seen = this.#seen();
    for (const tracked of this.#tracked) {
      const pace = paceOf(tracked.subject.watch(), seen);
      if (tracked.sampleAt - now > pace.sampleMs) tracked.sampleAt = now + (tracked.phase % groupMs);
      tracked.beatAt = Math.min(tracked.beatAt, now + pace.beatMs);
    }
  }

  /** Asks every host for a sign of life now, after a sleep or a change of network. */
  probeAll(): void {
    for (const tracked of this.#tracked) tracked.beatAt = 0;
  }

  step(): void {
    const now = this.#clock.now();
    const seen = this.#seen();
    for (const tracked of this.#tracked) {
      const { subject } = tracked;
      const pace = paceOf(subject.watch(), seen);
      const waitingSince = subject.sampler.oldestAskedAt;
      const silence = waitingSince === null ? 0 : now - waitingSince;
      // A host that is slow but answers is not given up as fast as one that is quiet.
      const usual = tracked.roundTripMs + 4 * tracked.variationMs;
      if (silence > pace.lostMs + Math.min(15_000, 2 * usual)) {
        this.#tracked.delete(tracked);
        subject.lost(silence);
        continue;
      }
      const patience = pace.graceMs + Math.min(4000, usual);
      if (silence > patience) {
        if (tracked.silentToldAt === null || now - tracked.silentToldAt >= 1000) {
          tracked.silentToldAt = now;
          subject.silent(silence);
        }
        continue;
      }
      if (subject.sampler.unanswered >= 2) continue;
      if (now >= tracked.sampleAt) {
        subject.sampler.ask(true);
        tracked.sampleAt = nextInGroup(now, pace.sampleMs, tracked.phase);
        tracked.beatAt = now + pace.beatMs;
      } else if (now >= tracked.beatAt) {
        subject.sampler.ask(false);
        tracked.beatAt = now + pace.beatMs;
      }
    }
  }

  #seen(): number {
    let seen = 0;
    for (const tracked of this.#tracked) if (tracked.subject.watch() === 'seen') seen++;
    return seen;
  }
}

/** The next time after `now`, at least half an interval away, that belongs to this host's group. */
export function nextInGroup(now: number, intervalMs: number, phase: number): number {
  const offset = phase % intervalMs;
  return Math.ceil((now + intervalMs / 2 - offset) / intervalMs) * intervalMs + offset;
}
