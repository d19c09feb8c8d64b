import type { StallClock } from './stall-clock.ts';

/** How closely a host is watched. */
export type Watch = 'seen' | 'unseen' | 'hidden';

/** How often a host is asked, and how long its silence is borne. */
export interface Pace {
  readonly sampleMs: number;
  readonly beatMs: number;
  /** Silence after which the host counts as not answering, beyond its usual round trip. */
  readonly graceMs: number;
  /** Silence after which the connection is given up. */
  readonly lostMs: number;
}

/** The pace of a host by who looks at it and how many hosts are on screen. */
export function paceOf(watch: Watch, seen: number): Pace {
  if (watch === 'hidden') return { sampleMs: 30_000, beatMs: 10_000, graceMs: 2500, lostMs: 6000 };
  // A little under the age at which the window calls a value stale, so that no host is when it comes into view.
  if (watch === 'unseen') return { sampleMs: 10_000, beatMs: 4500, graceMs: 2000, lostMs: 5500 };
  // A screenful is watched to the second; where there are more, samples are sign of life enough.
  const beatMs = seen <= 150 ? 400 : 2000;
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
  /** When something else on the connection last answered since the sampler fell silent; null when nothing did. */
  heardElsewhereAt(): number | null;
  /** Told each second while it lasts. */
  silent(ms: number): void;
  lost(ms: number): void;
}

interface Tracked {
  readonly subject: PulseSubject;
  readonly phase: number;
  pace: Pace;
  sampleAt: number;
  beatAt: number;
  /** When silence was last told, null while the host answers. */
  silentToldAt: number | null;
  roundTripMs: number;
  variationMs: number;
}

/**
 * Hosts are asked in groups, many at one moment and then none for a while: answers that come together cost this thread a
 * fifth of answers that come one by one. Short for a screenful of hosts, which are asked more often.
 */
const groupMs = { few: 200, many: 500 };
const silenceToldEveryMs = 1000;
const mostUnanswered = 2;

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
  #phases = 0;
  #group: number = groupMs.many;
  #groupAt = 0;
  /** False when the paces have to be found anew: once for all that changed since the last step. */
  #paced = false;

  constructor(clock: StallClock) {
    this.#clock = clock;
  }

  track(subject: PulseSubject): PulseTrack {
    const now = this.#clock.now();
    const tracked: Tracked = {
      subject,
      phase: groupMs.many * this.#phases++,
      pace: paceOf('unseen', 0),
      sampleAt: now,
      beatAt: now + 1000,
      silentToldAt: null,
      roundTripMs: 0,
      variationMs: 0,
    };
    this.#tracked.add(tracked);
    this.#paced = false;
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
    this.#paced = false;
  }

  #pace(): void {
    this.#paced = true;
    const now = this.#clock.now();
    let seen = 0;
    for (const { subject } of this.#tracked) if (subject.watch() === 'seen') seen++;
    for (const tracked of this.#tracked) {
      const pace = paceOf(tracked.subject.watch(), seen);
      // Who comes into view is asked at once, whenever its next sample was due.
      if (pace.sampleMs < tracked.pace.sampleMs) tracked.sampleAt = now;
      tracked.pace = pace;
      tracked.beatAt = Math.min(tracked.beatAt, now + pace.beatMs);
    }
    this.#group = seen > 0 && seen <= 150 ? groupMs.few : groupMs.many;
  }

  /** Asks every host for a sign of life now, after a sleep or a change of network. */
  probeAll(): void {
    this.#groupAt = 0;
    for (const tracked of this.#tracked) tracked.beatAt = 0;
  }

  /** How often `step` has to be called: often while silence is noticed within a second, else rarely. */
  get stepMs(): number {
    return this.#group === groupMs.few ? 50 : 250;
  }

  step(): void {
    if (!this.#paced) this.#pace();
    const now = this.#clock.now();
    const group = Math.floor(now / this.#group);
    const asking = group !== this.#groupAt;
    this.#groupAt = group;
    for (const tracked of this.#tracked) {
      const waitingSince = tracked.subject.sampler.oldestAskedAt;
      if (waitingSince !== null && this.#silent(tracked, now - waitingSince, now)) continue;
      if (asking) ask(tracked, now, this.#group);
    }
  }

  /** True while the host is called silent; a host that is slow but answers is not given up as fast as one that is quiet. */
  #silent(tracked: Tracked, silence: number, now: number): boolean {
    const { subject, pace, roundTripMs, variationMs } = tracked;
    const usual = roundTripMs + 4 * variationMs;
    // A host whose sshd answers is slow or its sampler is stuck: no reason to give up the connection.
    const elsewhere = now - (subject.heardElsewhereAt() ?? Number.NEGATIVE_INFINITY);
    if (Math.min(silence, elsewhere) > pace.lostMs + Math.min(15_000, 2 * usual)) {
      this.#tracked.delete(tracked);
      subject.lost(silence);
      return true;
    }
    if (silence <= pace.graceMs + Math.min(4000, usual)) return false;
    if (tracked.silentToldAt === null || now - tracked.silentToldAt >= silenceToldEveryMs) {
      tracked.silentToldAt = now;
      subject.silent(silence);
    }
    return true;
  }
}

function ask(tracked: Tracked, now: number, group: number): void {
  const { sampler } = tracked.subject;
  if (sampler.unanswered >= mostUnanswered) return;
  // What falls due before the next group may as well be asked in this one.
  const due = now + group / 2;
  const { sampleMs, beatMs } = tracked.pace;
  const sample = due >= tracked.sampleAt;
  if (!sample && due < tracked.beatAt) return;
  sampler.ask(sample);
  tracked.beatAt = now + beatMs;
  if (sample) tracked.sampleAt = nextInGroup(now, sampleMs, tracked.phase);
}

/** The next time after `now`, at least half an interval away, that belongs to this host's group. */
export function nextInGroup(now: number, intervalMs: number, phase: number): number {
  const offset = phase % intervalMs;
  return Math.ceil((now + intervalMs / 2 - offset) / intervalMs) * intervalMs + offset;
}
