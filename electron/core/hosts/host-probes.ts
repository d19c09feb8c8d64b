import type { HostDisks, HostFacts, HostReadings } from '#shared/contract/host.ts';
import { toProblem } from '#shared/contract/problem.ts';
import type { Limiter } from '../lib/limiter.ts';
import { hostDisks } from '../probes/host-disks.ts';
import { clockOffset, hostFacts } from '../probes/host-facts.ts';
import type { Probe } from '../probes/host-scripts.ts';
import { type ScriptSections, scriptSections } from '../probes/script-sections.ts';
import type { RemoteCommands } from '../ssh/remote-commands.ts';
import { ProbePlan } from './probe-plan.ts';

export interface ProbeEvents {
  facts(facts: HostFacts): void;
  disks(disks: HostDisks): void;
  /** Told once when all is read, and after every attempt that brought not all. */
  readings(readings: HostReadings): void;
  clock(offsetMs: number): void;
}

const limits = { timeoutMs: 20_000, maxBytes: 400_000 };
/** A host clock read over so long a command is no measurement. */
const slowestClockMs = 2000;

/** What was read at one attempt; null for what it did not bring. */
interface Brought {
  readonly sections: ScriptSections | null;
  readonly reason: string;
}

/** Reads the slow-changing things of one connected host: at once, then every two minutes, and when somebody looks at it. */
export class HostProbes {
  readonly #commands: RemoteCommands;
  readonly #events: ProbeEvents;
  readonly #latencyMs: () => number;
  readonly #plan = new ProbePlan();
  #facts: HostFacts | null;
  #readings: HostReadings = { facts: null, disks: null };
  #toldWell = false;
  #disks: HostDisks | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
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
      await this.#readAll(['first', 'disks']);
      this.#later(this.#plan.everyMs * (0.5 + spread / 2));
    });
  }

  /** Somebody looks at this host: what is not fresh is read now. */
  refresh(): void {
    // Without a timer a reading is under way.
    if (this.#timer && this.#plan.lookedAt(Date.now())) this.#later(0);
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
      void this.#readAll(this.#plan.next(Date.now())).then(() => this.#later(this.#plan.everyMs));
    }, ms);
    this.#timer.unref();
  }

  async #readAll(probes: readonly Probe[]): Promise<void> {
    for (const probe of probes) await this.#read(probe);
    const well = this.#readings.facts === null && this.#readings.disks === null;
    if (!this.#closed && !(well && this.#toldWell)) this.#events.readings(this.#readings);
    this.#toldWell = well;
  }

  async #read(probe: Probe): Promise<void> {
    if (this.#closed) return;
    const askedAt = Date.now();
    const { sections, reason, durationMs, lost } = await this.#ask(probe);
    // What a lost connection could not read is the link's to tell.
    if (lost || this.#closed) return;
    const both = probe === 'all' || probe === 'changing';
    if (sections === null && both) {
      // One that hangs must not hide the other.
      await this.#read('facts');
      await this.#read('disks');
      return;
    }
    if (probe !== 'disks') this.#toldFacts({ sections, reason }, probe, askedAt, durationMs);
    if (probe === 'disks' || both) this.#toldDisks({ sections, reason }, askedAt);
  }

  async #ask(probe: Probe): Promise<Brought & { durationMs: number; lost: boolean }> {
    const none = { sections: null, durationMs: 0 };
    try {
      const { stdout, durationMs, lost } = await this.#commands.probe(probe, limits);
      return { ...none, sections: lost ? null : scriptSections(stdout), reason: '', durationMs, lost };
    } catch (error) {
      const { code, message } = toProblem(error);
      const reason = code === 'timeout' ? `the reading timed out after ${limits.timeoutMs / 1000} s` : message;
      return { ...none, reason, lost: code === 'lost' || code === 'unreachable' };
    }
  }

  #toldFacts({ sections, reason }: Brought, probe: Probe, askedAt: number, durationMs: number): void {
    const facts = sections && hostFacts(sections, this.#facts, Date.now());
    const why = reason || 'the host did not answer what was asked';
    this.#readings = { ...this.#readings, facts: facts ? null : { at: askedAt, reason: why } };
    if (!sections || !facts) {
      this.#plan.factsFailed();
      return;
    }
    const offset = durationMs < slowestClockMs ? clockOffset(sections, askedAt, this.#latencyMs()) : null;
    if (offset !== null) this.#events.clock(offset);
    this.#plan.read(probe, askedAt, this.#facts !== null && updated(this.#facts, facts));
    // What was writable before a boot says little of what is mounted while it lasts.
    if (facts.bootId !== this.#facts?.bootId) this.#disks = null;
    this.#facts = facts;
    this.#events.facts(facts);
  }

  #toldDisks({ sections, reason }: Brought, askedAt: number): void {
    if (sections?.complete && sections.has('mounts')) {
      this.#plan.disksWorked();
      this.#readings = { ...this.#readings, disks: null };
      this.#disks = hostDisks(sections, this.#disks, Date.now());
      this.#events.disks(this.#disks);
      return;
    }
    this.#plan.disksFailed(askedAt);
    this.#readings = {
      ...this.#readings,
      disks: { at: askedAt, reason: reason || 'the answer of the host was cut off' },
    };
  }
}

/** Whether what changes with an update did, so that other facts will have, too. */
function updated(before: HostFacts, now: HostFacts): boolean {
  const markers = ({ rebootNeeded }: HostFacts) => rebootNeeded.map(({ marker }) => marker).join(' ');
  return before.hostname !== now.hostname || markers(before) !== markers(now);
}
