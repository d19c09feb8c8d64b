import type { HostDisks, HostFacts, HostLoad, HostReadings } from '#shared/contract/host.ts';
import { fail, ProblemError, toProblem } from '#shared/contract/problem.ts';
import { Scope } from '../lib/scope.ts';
import type { Limiter } from '../lib/limiter.ts';
import type { HostScripts } from '../probes/host-scripts.ts';
import { loadFigures } from '../probes/load-figures.ts';
import type { Sample } from '../probes/sample-line.ts';
import { Sampler } from '../probes/sampler.ts';
import { trackUnits, type UnitSource, type UnitTracker, type UnitUpdate } from '../probes/units/track-units.ts';
import { RemoteCommands } from '../ssh/remote-commands.ts';
import type { SshConnection } from '../ssh/ssh-connection.ts';
import type { HostAccess } from './host-access.ts';
import { HostProbes } from './host-probes.ts';
import { plainPulse } from './plain-pulse.ts';
import type { Pulse, PulseTrack, Watch } from './pulse.ts';
import type { StallClock } from './stall-clock.ts';
import { SystemBus } from './system-bus.ts';

export interface SessionEvents {
  load(load: HostLoad): void;
  facts(facts: HostFacts): void;
  disks(disks: HostDisks): void;
  readings(readings: HostReadings): void;
  units(update: UnitUpdate): void;
  unitSource(source: UnitSource): void;
  /** The sampler runs, in this boot of the host. */
  sampling(kind: 'awk' | 'sh' | 'none', bootId: string | null): void;
  /** The host said something just now. */
  heard(latencyMs: number, wasSilent: boolean): void;
  /** The sampler has not answered for so long; `sshd` tells whether sshd does. */
  silent(ms: number, sshd: boolean): void;
  /** Silent for so long that the connection was given up. */
  givenUp(ms: number): void;
}

export interface SessionTools {
  readonly scripts: HostScripts;
  readonly pulse: Pulse;
  readonly clock: StallClock;
  readonly random: () => number;
  /** Of hosts to be read for the first time. */
  readonly turns: Limiter;
  readonly watch: () => Watch;
}

/** A sampler that is silent for so long while sshd answers is stuck: another one is started. */
const stuckMs = 15_000;
/** Between two such starts. */
const startAgainMs = 30_000;
/** An answer of sshd this short a time ago says that it answers. */
const pongHoldsMs = 3000;

/** What the connection before left behind. */
export interface Earlier {
  readonly facts: HostFacts | null;
  readonly disks: HostDisks | null;
}

/** What goes on over one open connection: the resident readers, the probes, the bus. */
export class HostSession {
  readonly connection: SshConnection;
  readonly access: HostAccess;
  readonly units: UnitTracker;
  readonly #tools: SessionTools;
  readonly #events: SessionEvents;
  readonly #scope: Scope;
  readonly #commands: RemoteCommands;
  readonly #bus: SystemBus;
  readonly #probes: HostProbes;
  #sampler: Sampler | null = null;
  #track: PulseTrack | null = null;
  /** Where sshd alone is asked, because no sampler answers. */
  #plain: Scope | null = null;
  /** When the sampler fell silent that was given up as stuck; by the stall clock. */
  #stuckSince: number | null = null;
  #silent = false;
  #pinging = false;
  #pongAt: number | null = null;
  #samples = 0;
  #clockOffsetMs: number | null = null;
  #latencyMs = 0;

  constructor(host: string, connection: SshConnection, tools: SessionTools, earlier: Earlier, events: SessionEvents) {
    this.connection = connection;
    this.#tools = tools;
    this.#events = events;
    this.#scope = new Scope(`session of ${host}`);
    this.#commands = new RemoteCommands(connection, tools.scripts);
    this.#bus = new SystemBus(connection);
    this.access = {
      host,
      exec: (command, options) => this.#use(() => this.#commands.run(command, options)),
      follow: (command) => this.#use(() => this.#commands.follow(command)),
      bus: () => this.#use(() => this.#bus.get()),
    };
    void this.#startSampler('auto');
    this.#askSshd();
    this.units = trackUnits(this.access, { scope: this.#scope });
    this.units.onUpdate((update) => events.units(update));
    this.units.onSource((source) => events.unitSource(source));
    this.#probes = new HostProbes(this.#commands, earlier, tools.turns, tools.random(), () => this.#latencyMs, {
      facts: (facts) => events.facts(facts),
      disks: (disks) => events.disks(disks),
      readings: (readings) => events.readings(readings),
      clock: (offsetMs) => {
        this.#clockOffsetMs = offsetMs;
      },
    });
  }

  /** Somebody looks at this host: what is read seldom is read now. */
  refresh(): void {
    this.#probes.refresh();
  }

  /** Ends all readers; the connection is the caller's to close. */
  close(): void {
    this.#probes.close();
    this.#track?.end();
    this.#sampler?.close();
    this.#bus.close();
    this.#commands.close();
    // Its endings only forget things; what they could say concerns a connection that is over.
    this.#scope.end().catch(() => {});
  }

  /** What goes wrong on a host names it. */
  async #use<T>(act: () => Promise<T>): Promise<T> {
    const { host } = this.access;
    if (this.#scope.ended) throw gone(host);
    try {
      return await act();
    } catch (error) {
      throw new ProblemError({ ...toProblem(error), host });
    }
  }

  async #startSampler(kind: 'auto' | 'sh'): Promise<void> {
    const { clock, pulse, scripts, watch } = this.#tools;
    try {
      const channel = await this.connection.exec(scripts.sampler(kind));
      if (this.#scope.ended) {
        channel.close();
        return;
      }
      const greeted = (reader: 'awk' | 'sh', bootId: string) => {
        void this.#plain?.end();
        this.#plain = null;
        this.#track = pulse.track({
          sampler,
          watch,
          heardElsewhereAt: () => this.#pongAt,
          silent: (ms) => this.#samplerSilent(ms),
          lost: (ms) => this.#events.givenUp(ms),
        });
        this.#events.sampling(reader, bootId);
      };
      const sampler = new Sampler(
        channel,
        {
          hello: greeted,
          answer: (roundTripMs, sample) => this.#answered(roundTripMs, sample),
          gone: () => this.#samplerGone(kind),
        },
        () => clock.now(),
      );
      this.#sampler = sampler;
    } catch {
      this.#noSampler();
    }
  }

  #answered(roundTripMs: number, sample: Sample | null): void {
    this.#track?.answered(roundTripMs);
    this.#heard(roundTripMs);
    if (!sample) return;
    this.#samples++;
    // The first holds the counters since boot; a second one soon after gives the first interval.
    if (this.#samples === 1) this.#track?.soon(500);
    else if (sample.elapsedCentiseconds > 0) {
      const told = { readAt: Date.now(), latencyMs: roundTripMs, clockOffsetMs: this.#clockOffsetMs };
      this.#events.load(loadFigures(sample, told));
    }
  }

  #heard(latencyMs: number): void {
    const wasSilent = this.#silent;
    this.#latencyMs = latencyMs;
    this.#silent = false;
    this.#stuckSince = null;
    this.#pongAt = null;
    this.#events.heard(latencyMs, wasSilent);
  }

  /** Asks sshd itself before anything is believed of the host. */
  #samplerSilent(ms: number): void {
    const now = this.#tools.clock.now();
    const sshd = this.#pongAt !== null && now - this.#pongAt < pongHoldsMs;
    this.#tellSilent(ms, sshd);
    if (sshd && ms > stuckMs) this.#replaceSampler(now - ms);
    else if (!this.#pinging) this.#ping();
  }

  #ping(): void {
    this.#pinging = true;
    this.connection.ping().then(
      () => {
        this.#pinging = false;
        // Not when the sampler spoke meanwhile: its next silence is another one.
        if (this.#silent) this.#pongAt = this.#tools.clock.now();
      },
      // The connection is gone, which is told by its close.
      () => {},
    );
  }

  #tellSilent(ms: number, sshd: boolean): void {
    this.#silent = true;
    this.#events.silent(ms, sshd);
  }

  #replaceSampler(silentSince: number): void {
    this.#track?.end();
    this.#track = null;
    this.#sampler?.close();
    this.#sampler = null;
    this.#samples = 0;
    this.#stuckSince = silentSince;
    this.#askSshd();
    void this.#startSampler('auto');
  }

  #samplerGone(kind: 'auto' | 'sh'): void {
    if (this.#scope.ended) return;
    this.#track?.end();
    this.#track = null;
    this.#sampler = null;
    this.#samples = 0;
    if (kind === 'auto') void this.#startSampler('sh');
    else this.#noSampler();
  }

  #noSampler(): void {
    if (this.#scope.ended) return;
    this.#askSshd();
    if (this.#stuckSince === null) this.#events.sampling('none', null);
    else this.#scope.after(startAgainMs, () => void this.#startSampler('auto'));
  }

  /** Asks sshd alone from now on until a sampler greets; the figures of one that is stuck stay out of date. */
  #askSshd(): void {
    if (this.#plain) return;
    const { clock } = this.#tools;
    this.#plain = this.#scope.child('sshd');
    plainPulse(
      this.#plain,
      () => this.connection.ping(),
      () => clock.now(),
      {
        heard: (latencyMs) => {
          if (this.#stuckSince === null) this.#heard(latencyMs);
          else this.#tellSilent(clock.now() - this.#stuckSince, true);
        },
        silent: (ms) => this.#tellSilent(ms, false),
        lost: (ms) => this.#events.givenUp(ms),
      },
    );
  }
}

/** The refusal of anything asked of a host that has no connection now. */
export function gone(host: string, reason = 'the connection is over'): ProblemError {
  return fail('unreachable', `not connected: ${reason}`, { host });
}
