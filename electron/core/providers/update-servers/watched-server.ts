import type { UpdateServerSpec } from '#core/clusters/cluster-store.ts';
import type { Prompts } from '#core/fleet/prompts.ts';
import type { Scope } from '#core/lib/scope.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { UpdateServer } from '#shared/contract/update-server.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { NebraskaClient } from './nebraska/nebraska-client.ts';
import { readApps } from './nebraska/read-apps.ts';
import { ServerToken } from './server-token.ts';

const tickMs = 500;
const everyMs = 30_000;
const movingEveryMs = 5000;
/** A server that does not answer is asked less often the longer it is silent. */
const longestSilenceMs = 120_000;

/** One update server, read now and then while somebody looks: often while a roll-out is under way there. */
export class WatchedServer {
  readonly client: NebraskaClient;
  readonly #spec: UpdateServerSpec;
  readonly #token: ServerToken;
  readonly #now: () => number;
  readonly #publish: (section: UpdateServer) => void;
  #section: UpdateServer;
  #reading: Promise<void> | null = null;
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
  }) {
    const { spec, scope, prompts } = parts;
    this.#spec = spec;
    this.#now = parts.now;
    this.#publish = parts.publish;
    this.#token = new ServerToken(spec.url, prompts, scope, (given) => {
      if (given) void this.#readAgain();
      else this.#needsToken(`no token was given for ${spec.url}`, 'Press Read now to be asked again.');
    });
    const token = () => this.#token.value;
    this.client = new NebraskaClient({ url: spec.url, caFile: spec.caFile, token, signal: scope.signal });
    scope.add(() => this.client.end());
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

  look(looked: boolean): void {
    this.#looked = looked;
  }

  /** Reads now; asks for a token that is wanted and was declined. Never rejects: the section tells what went wrong. */
  async refresh(): Promise<void> {
    await this.#readAgain();
  }

  /** Told of what a call of a person failed with: a token that is refused is asked for again. Rethrows it. */
  readonly heard = (error: unknown): never => {
    if (toProblem(error).code === 'authentication') this.#refused(toProblem(error).message);
    throw error;
  };

  async #readAgain(): Promise<void> {
    // What is being read may be of before what was just written.
    await this.#reading;
    await this.#read();
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readNow(): Promise<void> {
    try {
      const { auth_mode, nebraska_version } = await this.client.config();
      const about = { authMode: cleanLine(auth_mode, 40), version: cleanLine(nebraska_version, 100) };
      this.#tell(about);
      if (auth_mode !== 'noop' && this.#token.value === null) {
        this.#wants(auth_mode);
        return;
      }
      const { apps, leftOut } = await readApps(this.client, this.#spec.app);
      this.#failures = 0;
      this.#tell({ ...about, state: 'live', readAt: this.#now(), problem: null, apps, leftOut });
      this.#in(apps.some(({ groups }) => groups.some((group) => group.rolloutInProgress)) ? movingEveryMs : everyMs);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code === 'cancelled') return;
      if (problem.code === 'authentication') {
        this.#refused(problem.message);
        return;
      }
      this.#failures += 1;
      this.#tell({ state: 'lost', problem });
      this.#in(Math.min(longestSilenceMs, everyMs * this.#failures));
    }
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
