import type { UpdateServerSpec } from '#core/clusters/cluster-store.ts';
import type { Prompts } from '#core/fleet/prompts.ts';
import type { Scope } from '#core/lib/scope.ts';
import { SharedReadings } from '#core/lib/shared-readings.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { UpdateServer } from '#shared/contract/update-server.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { NebraskaClient } from './nebraska/nebraska-client.ts';
import { readApps } from './nebraska/read-apps.ts';
import { ServerToken } from './server-token.ts';

const tickMs = 500;

/** How long an update server is waited for and how often it is read, in ms. */
export interface ServerPaces {
  readonly requestMs: number;
  /** For all requests of one reading together. */
  readonly readingMs: number;
  readonly everyMs: number;
  /** While a roll-out is under way there. */
  readonly movingEveryMs: number;
  /** A server that does not answer is asked less often the longer it is silent, and at the least so often. */
  readonly silentEveryMs: number;
}

const usualPaces: ServerPaces = {
  requestMs: 10_000,
  readingMs: 90_000,
  everyMs: 30_000,
  movingEveryMs: 5000,
  silentEveryMs: 240_000,
};

interface Reading {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** One update server, read now and then while somebody looks: often while a roll-out is under way there. */
export class WatchedServer {
  readonly #client: NebraskaClient;
  readonly #signal: AbortSignal;
  readonly #spec: UpdateServerSpec;
  readonly #token: ServerToken;
  readonly #now: () => number;
  readonly #publish: (section: UpdateServer) => void;
  #section: UpdateServer;
  readonly #paces: ServerPaces;
  readonly #readings = new SharedReadings();
  #reading: Reading | null = null;
  /** By performance.now(). */
  #due = 0;
  #failures = 0;
  #looked = false;

  constructor(parts: {
    readonly spec: UpdateServerSpec;
    readonly scope: Scope;
    readonly prompts: Prompts;
    readonly now: () => number;
    readonly publish: (section: UpdateServer) => void;
    readonly paces?: ServerPaces;
  }) {
    const { spec, scope, prompts, paces = usualPaces } = parts;
    this.#spec = spec;
    this.#paces = paces;
    this.#now = parts.now;
    this.#publish = parts.publish;
    this.#token = new ServerToken(spec.url, prompts, scope, (given) => {
      if (given) void this.refresh();
      else this.#needsToken(`no token was given for ${spec.url}`, 'Press Read now to be asked again.');
    });
    const token = () => this.#token.value;
    const { url, caFile } = spec;
    this.#signal = scope.signal;
    this.#client = new NebraskaClient({ url, caFile, token, requestMs: paces.requestMs, signal: scope.signal });
    scope.add(() => this.#client.end());
    this.#section = {
      kind: spec.kind,
      url: spec.url,
      app: spec.app,
      state: 'reading',
      readAt: null,
      version: '',
      authMode: '',
      problem: null,
      apps: [],
      leftOut: [],
    };
    this.#tell({});
    // Whoever opened the cluster wants to know, wherever they look.
    void this.#read();
    scope.every(tickMs, () => {
      if (this.#looked && performance.now() >= this.#due) void this.#read();
    });
  }

  get section(): UpdateServer {
    return this.#section;
  }

  /** Whoever comes back to a server that was silent wants to know now. */
  look(looked: boolean): void {
    if (looked && !this.#looked && this.#section.state === 'lost') this.#due = 0;
    this.#looked = looked;
  }

  /**
   * Reads now, also where a reading is under way that may be of before what was just written, or wait for a server that
   * hangs; asks for a token that is wanted and was declined. Never rejects: the section tells what went wrong.
   */
  async refresh(): Promise<void> {
    this.#reading?.stop.abort();
    this.#reading = null;
    this.#readings.forget();
    let reading: Reading | null = this.#read();
    while (reading) {
      await reading.done;
      reading = this.#reading;
    }
  }

  /** Reads something for a person: once for all who want the same, and only as long as one of them waits. */
  async ask<T>(what: unknown, signal: AbortSignal, read: (client: NebraskaClient) => Promise<T>): Promise<T> {
    try {
      return await this.#readings.read(JSON.stringify(what), signal, (stop) => this.inTime(read, stop));
    } catch (error) {
      return this.heard(error);
    }
  }

  /** Runs what asks the server more than once, for not longer than a reading may take. */
  inTime<T>(run: (client: NebraskaClient) => Promise<T>, signal = this.#signal): Promise<T> {
    return this.#client.inTime(this.#paces.readingMs, signal, run);
  }

  /** Told of what a call of a person failed with: a token that is refused is asked for again. Rethrows it. */
  readonly heard = (error: unknown): never => {
    if (toProblem(error).code === 'authentication') this.#refused(toProblem(error).message);
    throw error;
  };

  #read(): Reading {
    if (this.#reading) return this.#reading;
    const stop = new AbortController();
    const reading: Reading = {
      stop,
      done: this.#readNow(stop.signal).finally(() => {
        if (this.#reading === reading) this.#reading = null;
      }),
    };
    return (this.#reading = reading);
  }

  async #readNow(stop: AbortSignal): Promise<void> {
    try {
      await this.inTime((client) => this.#readWith(client, stop), stop);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code === 'cancelled' || stop.aborted) return;
      if (problem.code === 'authentication') {
        this.#refused(problem.message);
        return;
      }
      this.#failures += 1;
      this.#tell({ state: 'lost', problem });
      const { everyMs, silentEveryMs } = this.#paces;
      this.#in(Math.min(silentEveryMs, everyMs * 2 ** (this.#failures - 1)));
    }
  }

  async #readWith(client: NebraskaClient, stop: AbortSignal): Promise<void> {
    const { auth_mode, nebraska_version } = await client.config();
    const about = { authMode: cleanLine(auth_mode, 40), version: cleanLine(nebraska_version, 100) };
    stop.throwIfAborted();
    this.#tell(about);
    if (auth_mode !== 'noop' && this.#token.value === null) {
      this.#wants(auth_mode);
      return;
    }
    const { apps, leftOut } = await readApps(client, this.#spec.app);
    stop.throwIfAborted();
    this.#failures = 0;
    this.#tell({ ...about, state: 'live', readAt: this.#now(), problem: null, apps, leftOut });
    const moving = apps.some(({ groups }) => groups.some((group) => group.rolloutInProgress));
    this.#in(moving ? this.#paces.movingEveryMs : this.#paces.everyMs);
  }

  /** A token is wanted; where one was declined, only a person's wish asks again. */
  #wants(authMode: string): void {
    this.#token.ask(authMode, '');
    this.#needsToken(`${this.#spec.url} wants a token (its auth mode is ${cleanLine(authMode, 40)})`);
  }

  #refused(message: string): void {
    this.#token.ask(this.#section.authMode, message);
    this.#needsToken(message);
  }

  #needsToken(message: string, hint = 'Answer the question at the top of the window.'): void {
    const { problem } = fail('authentication', message, { hint });
    this.#tell({ state: 'needs-token', problem });
    // Asked again once there is an answer, not by the clock.
    this.#due = Number.POSITIVE_INFINITY;
  }

  #in(ms: number): void {
    this.#due = performance.now() + ms;
  }

  #tell(change: Partial<UpdateServer>): void {
    this.#section = { ...this.#section, ...change };
    this.#publish(this.#section);
  }
}
