import type { Scope } from '#core/lib/scope.ts';
import { fail, type Problem, ProblemError, toProblem } from '#shared/contract/problem.ts';
import type { EtcdCalls } from './calls.ts';
import type { EtcdEndpoint } from './endpoint.ts';
import { etcdProblem } from './etcd-problem.ts';
import type { EtcdKeys } from './key-store.ts';
import { type EtcdBytes, type EtcdKeyValue, rangeFields, toBuffer } from './key-values.ts';
import type { EtcdRevision } from './revision-assembler.ts';
import type { EtcdSession } from './session.ts';
import { type WatchEnd, watchStream } from './watch-stream.ts';

/** What a watch tells, in order: snapshot, then each revision after it once; a new snapshot replaces all told before. */
export interface EtcdWatchEvents {
  snapshot(keys: readonly EtcdKeyValue[], revision: number): void;
  change(revision: EtcdRevision): void;
  /** `live` once a member follows for us; `lost` while none does (nothing is missed); `refused` while etcd denies it. */
  state(state: 'live' | 'lost' | 'refused', problem: Problem | null): void;
}

interface WatchParts {
  readonly calls: EtcdCalls;
  readonly keys: EtcdKeys;
  readonly session: EtcdSession;
  readonly scope: Scope;
}

const connectMs = 1500;
const refusedPauseMs = 5000;

/**
 * Lists a prefix, then follows it for ever: over lost streams and members it resumes after the last revision told,
 * and after a compaction it lists anew. `from` resumes at that revision without a list. Returns a function that stops.
 */
export function watchPrefix(
  parts: WatchParts,
  prefix: EtcdBytes,
  from: number | null,
  events: EtcdWatchEvents,
): () => void {
  const scope = parts.scope.child(`etcd watch ${toBuffer(prefix).toString().slice(0, 60)}`);
  const watch = new PrefixWatch(parts, prefix, from, events, scope);
  void watch.run();
  return () => void scope.end();
}

class PrefixWatch {
  readonly #parts: WatchParts;
  readonly #prefix: EtcdBytes;
  readonly #events: EtcdWatchEvents;
  readonly #scope: Scope;
  /** First revision not told yet; null when a list is needed. */
  #next: number | null;
  #told: string | null = null;
  #failures = 0;

  constructor(parts: WatchParts, prefix: EtcdBytes, from: number | null, events: EtcdWatchEvents, scope: Scope) {
    this.#parts = parts;
    this.#prefix = prefix;
    this.#next = from;
    this.#events = events;
    this.#scope = scope;
  }

  async run(): Promise<void> {
    while (!this.#scope.ended) {
      try {
        if (this.#next === null) await this.#list();
        await this.#follow();
      } catch (error) {
        if (this.#scope.ended) return;
        const problem = toProblem(error);
        const refused = problem.code === 'permission' || problem.code === 'authentication';
        this.#tell(refused ? 'refused' : 'lost', problem);
        await this.#pause(refused ? refusedPauseMs : Math.min(1000, 50 * 2 ** this.#failures++));
      }
    }
  }

  async #list(): Promise<void> {
    const keys: EtcdKeyValue[] = [];
    let revision = 0;
    try {
      for await (const page of this.#parts.keys.pages({ prefix: this.#prefix })) {
        keys.push(...page.keys);
        revision = page.revision;
        if (this.#scope.ended) return;
      }
    } catch (error) {
      // Compacted between two pages: list again from the start, at a newer revision.
      if (error instanceof ProblemError && error.problem.code === 'stale') return;
      throw error;
    }
    this.#next = revision + 1;
    this.#events.snapshot(keys, revision);
  }

  async #follow(): Promise<void> {
    if (this.#next === null) return;
    const endpoint = await this.#connected();
    let end = await this.#stream(endpoint);
    if (end.kind === 'refused' && this.#parts.session.user !== null) {
      // etcd 3.4 says "permission denied" for an expired token too: only a fresh token's refusal counts.
      this.#parts.session.forget(this.#parts.session.token);
      end = await this.#stream(endpoint);
    }
    if (end.kind === 'compacted') this.#next = null;
    else throw refusal(end.reason, endpoint);
  }

  async #connected(): Promise<EtcdEndpoint> {
    let why = fail('unreachable', 'no etcd endpoint is named');
    for (const endpoint of this.#parts.calls.ranked()) {
      if (await endpoint.ready(Date.now() + connectMs)) return endpoint;
      endpoint.trouble = 2;
      why = etcdProblem(await endpoint.whyNot(), endpoint.url);
    }
    throw why;
  }

  async #stream(endpoint: EtcdEndpoint): Promise<WatchEnd> {
    const { key, range_end = Buffer.alloc(0) } = rangeFields({ prefix: this.#prefix });
    const link = await endpoint.link();
    await this.#parts.session.ensure(link.etcd.auth, endpoint.url, Date.now() + 5000);
    try {
      return await watchStream(link, {
        key,
        range_end,
        from: this.#next ?? 0,
        signal: this.#scope.signal,
        created: () => {
          this.#failures = 0;
          endpoint.trouble = 0;
          this.#tell('live', null);
        },
        revision: (revision) => {
          this.#events.change(revision);
          this.#next = revision.revision + 1;
        },
        progress: (revision) => {
          this.#next = Math.max(this.#next ?? 0, revision + 1);
        },
      });
    } catch (error) {
      endpoint.trouble = 2;
      throw etcdProblem(error, endpoint.url);
    }
  }

  #tell(state: 'live' | 'lost' | 'refused', problem: Problem | null): void {
    const words = `${state} ${problem?.message ?? ''}`;
    if (words === this.#told) return;
    this.#told = words;
    this.#events.state(state, problem);
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#scope;
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#scope.after(ms, done);
      signal.addEventListener('abort', done);
    });
  }
}

function refusal(reason: string, endpoint: EtcdEndpoint): ProblemError {
  const denied = reason.includes('permission denied');
  const token = reason.includes('token');
  const code = denied ? 'permission' : token ? 'authentication' : 'refused';
  const words = reason.replace(/^.*etcdserver: /, '').slice(0, 300) || 'the watch was refused';
  return fail(code, `${endpoint.url}: ${words}`);
}
