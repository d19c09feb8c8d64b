import type { HostLoad } from '#shared/contract/host.ts';
import type { HostScripts } from '../probes/host-scripts.ts';
import { loadFigures } from '../probes/load-figures.ts';
import type { Sample } from '../probes/sample-line.ts';
import { Sampler } from '../probes/sampler.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import type { Pulse, PulseTrack, Watch } from './pulse.ts';
import type { StallClock } from './stall-clock.ts';

export interface SessionEvents {
  load(load: HostLoad): void;
  /** The sampler runs, in this boot of the host. */
  sampling(kind: 'awk' | 'sh' | 'none', bootId: string | null): void;
  /** The host said something just now. */
  heard(latencyMs: number, wasSilent: boolean): void;
  silent(ms: number): void;
  /** Silent for so long that the connection was given up. */
  givenUp(ms: number): void;
}

export interface SessionTools {
  readonly scripts: HostScripts;
  readonly pulse: Pulse;
  readonly clock: StallClock;
  readonly watch: () => Watch;
}

/** What goes on over one open connection: the resident readers and their answers. */
export class HostSession {
  readonly connection: SshConnection;
  readonly #tools: SessionTools;
  readonly #events: SessionEvents;
  #sampler: Sampler | null = null;
  #track: PulseTrack | null = null;
  #samples = 0;
  #closed = false;
  clockOffsetMs: number | null = null;

  constructor(connection: SshConnection, tools: SessionTools, events: SessionEvents) {
    this.connection = connection;
    this.#tools = tools;
    this.#events = events;
    void this.#startSampler('auto');
  }

  close(): void {
    this.#closed = true;
    this.#track?.end();
    this.#sampler?.close();
  }

  async #startSampler(kind: 'auto' | 'sh'): Promise<void> {
    try {
      const channel = await this.connection.exec(this.#tools.scripts.sampler(kind));
      if (this.#closed) return;
      const sampler = new Sampler(
        channel,
        {
          hello: (reader, bootId) => this.#events.sampling(reader, bootId),
          answer: (roundTripMs, sample) => this.#answered(roundTripMs, sample),
          gone: () => this.#samplerGone(kind),
        },
        () => this.#tools.clock.now(),
      );
      this.#sampler = sampler;
      this.#track = this.#tools.pulse.track({
        sampler,
        watch: this.#tools.watch,
        silent: (ms) => this.#events.silent(ms),
        lost: (ms) => this.#events.givenUp(ms),
      });
    } catch {
      if (!this.#closed) this.#events.sampling('none', null);
    }
  }

  #answered(roundTripMs: number, sample: Sample | null): void {
    this.#events.heard(roundTripMs, this.#track?.answered(roundTripMs) ?? false);
    if (!sample) return;
    this.#samples++;
    // The first holds the counters since boot; a second one soon after gives the first interval.
    if (this.#samples === 1) this.#track?.soon(500);
    else if (sample.elapsedCentiseconds > 0) {
      const { clockOffsetMs } = this;
      this.#events.load(loadFigures(sample, { readAt: Date.now(), latencyMs: roundTripMs, clockOffsetMs }));
    }
  }

  #samplerGone(kind: 'auto' | 'sh'): void {
    if (this.#closed) return;
    this.#track?.end();
    this.#sampler = null;
    this.#samples = 0;
    if (kind === 'auto') void this.#startSampler('sh');
    else this.#events.sampling('none', null);
  }
}
