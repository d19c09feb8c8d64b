import type { HostDisks, HostFacts } from '#shared/contract/host.ts';
import type { Limiter } from '../lib/limiter.ts';
import { hostDisks } from '../probes/host-disks.ts';
import { clockOffset, hostFacts } from '../probes/host-facts.ts';
import type { Probe } from '../probes/host-scripts.ts';
import { scriptSections } from '../probes/script-sections.ts';
import type { RemoteCommands } from '../ssh/remote-commands.ts';

export interface ProbeEvents {
  facts(facts: HostFacts): void;
  disks(disks: HostDisks): void;
  clock(offsetMs: number): void;
}

const everyMs = 120_000;
/** Every so many times all facts are read again, and not only what changes while a host runs. */
const allEvery = 5;
/** What was read this short a time ago is fresh enough for somebody who begins to look at the host. */
const freshMs = 5_000;
const limits = { timeoutMs: 20_000, maxBytes: 400_000 };
/** A host clock read over so long a command is no measurement. */
const slowestClockMs = 2000;

/** Reads the slow-changing things of one connected host: at once, then every two minutes, and when somebody looks at it. */
export class HostProbes {
  readonly #commands: RemoteCommands;
  readonly #events: ProbeEvents;
  readonly #latencyMs: () => number;
  #facts: HostFacts | null;
  #disks: HostDisks | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #times = 0;
  #readAt = Date.now();
  #closed = false;

  /**
   * `earlier` is what the connection before told; `turns` lets only so many hosts be read for the first time at once;
   * `spread` 0..1 sets this host apart from others that came up with it.
   */
  constructor(
    commands: RemoteCommands,
    earlier: { readonly facts: HostFacts | null; readonly disks: HostDisks | null },
    turns: Limiter,
    spread: number,
    latencyMs: () => number,
    events: ProbeEvents,
  ) {
    this.#commands = commands;
    this.#facts = earlier.facts;
    this.#disks = earlier.disks;
    this.#latencyMs = latencyMs;
    this.#events = events;
    void turns.run(async () => {
      await this.#read('first');
      await this.#read('disks');
      this.#later(everyMs * (0.5 + spread / 2));
    });
  }

  /** Somebody looks at this host: what is not fresh is read now. */
  refresh(): void {
    // Without a timer a reading is under way.
    if (this.#timer && Date.now() - this.#readAt > freshMs) this.#later(0);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #later(ms: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#times++;
      const whole = this.#facts === null || this.#times % allEvery === 0;
      void this.#read(whole ? 'all' : 'changing').then(() => this.#later(everyMs));
    }, ms);
    this.#timer.unref();
  }

  async #read(probe: Probe): Promise<void> {
    if (this.#closed) return;
    const askedAt = Date.now();
    this.#readAt = askedAt;
    const result = await this.#commands.probe(probe, limits).catch(() => null);
    if (!result || result.lost || this.#closed) return;
    const sections = scriptSections(result.stdout);
    if (probe !== 'disks') this.#told(sections, askedAt, result.durationMs);
    if (probe === 'first' || !sections.complete) return;
    this.#disks = hostDisks(sections, this.#disks, Date.now());
    this.#events.disks(this.#disks);
  }

  #told(sections: ReturnType<typeof scriptSections>, askedAt: number, durationMs: number): void {
    const offset = durationMs < slowestClockMs ? clockOffset(sections, askedAt, this.#latencyMs()) : null;
    if (offset !== null) this.#events.clock(offset);
    const facts = hostFacts(sections, this.#facts, Date.now());
    if (!facts) return;
    // What was writable before a boot says little of what is mounted while it lasts.
    if (facts.bootId !== this.#facts?.bootId) this.#disks = null;
    this.#facts = facts;
    this.#events.facts(facts);
  }
}
