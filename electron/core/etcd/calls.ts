import { status as codes } from '@grpc/grpc-js';
import { fail, type ProblemError } from '#shared/contract/problem.ts';
import type { EtcdEndpoint, EtcdLink } from './endpoint.ts';
import { etcdProblem, neverDone, statusOf, worthRepeating } from './etcd-problem.ts';
import type { EtcdSession } from './session.ts';

/** One request over one link; must hand `deadline` (epoch milliseconds) to etcd. */
export type EtcdRequest<T> = (link: EtcdLink, deadline: number) => Promise<T>;

/** What is asked of a call beyond its request. */
export interface CallOptions {
  /** For all attempts together. */
  readonly timeoutMs: number;
  /** False for anything that must not happen twice: it is sent once, and only to a member that is connected. */
  readonly repeatable: boolean;
}

const attemptMs = 2500;
const connectMs = 1500;
const pauseMs = 150;

/** Sends to one member; `eager` logs in first, else only when the member asks for it (Status answers without a token). */
export async function callMember<T>(
  endpoint: EtcdEndpoint,
  session: EtcdSession,
  deadline: number,
  eager: boolean,
  request: EtcdRequest<T>,
): Promise<T> {
  const link = await endpoint.link();
  const logIn = () => session.ensure(link.etcd.auth, endpoint.url, deadline);
  if (eager) await logIn();
  const tokenUsed = session.token;
  try {
    return await request(link, deadline);
  } catch (error) {
    const code = statusOf(error)?.code;
    const refused = code === codes.UNAUTHENTICATED || (code === codes.PERMISSION_DENIED && tokenUsed === '');
    if (code === codes.UNAUTHENTICATED && session.user === null)
      throw fail('authentication', `${endpoint.url}: etcd asks for a user and a password`, {
        hint: 'Name a user under etcd in the cluster file.',
      });
    if (session.user === null || !refused) throw error;
    await logIn();
    return await request(link, deadline);
  }
}

/** Sends to the members that are best known to answer, in turn; throws ProblemError only. */
export class EtcdCalls {
  readonly #endpoints: readonly EtcdEndpoint[];
  readonly #session: EtcdSession;
  #preferred = 0;

  constructor(endpoints: readonly EtcdEndpoint[], session: EtcdSession) {
    this.#endpoints = endpoints;
    this.#session = session;
  }

  /** Members in the order to ask: no known trouble first, then the one that answered last. */
  ranked(): EtcdEndpoint[] {
    const from = this.#preferred;
    const turned = [...this.#endpoints.slice(from), ...this.#endpoints.slice(0, from)];
    return turned.toSorted((a, b) => a.trouble - b.trouble);
  }

  async call<T>(options: CallOptions, request: EtcdRequest<T>): Promise<T> {
    const until = Date.now() + options.timeoutMs;
    let last: TryNext | null = null;
    for (let round = 0; Date.now() < until; round++) {
      if (round > 0) await pause(Math.min(pauseMs * round, until - Date.now()));
      for (const endpoint of this.ranked()) {
        if (Date.now() >= until) break;
        try {
          return await this.#attempt(endpoint, options, until, request);
        } catch (error) {
          if (!(error instanceof TryNext)) throw error;
          // What a member said is worth more than that another one cannot be reached.
          if (error.answered || !last?.answered) last = error;
        }
      }
    }
    throw last?.problem ?? fail('unreachable', 'no etcd endpoint is named');
  }

  async #attempt<T>(
    endpoint: EtcdEndpoint,
    { repeatable }: CallOptions,
    until: number,
    request: EtcdRequest<T>,
  ): Promise<T> {
    let sent = false;
    try {
      if (!(await endpoint.ready(Math.min(until, Date.now() + connectMs)))) {
        endpoint.trouble = 2;
        throw new TryNext(etcdProblem(await endpoint.whyNot(), endpoint.url), false);
      }
      const deadline = repeatable ? Math.min(until, Date.now() + attemptMs) : until;
      const answer = await callMember(endpoint, this.#session, deadline, true, (link, at) => {
        sent = true;
        return request(link, at);
      });
      this.#preferred = this.#endpoints.indexOf(endpoint);
      endpoint.trouble = 0;
      return answer;
    } catch (error) {
      if (error instanceof TryNext) throw error;
      const status = statusOf(error);
      const problem = etcdProblem(error, endpoint.url);
      const unreachable = problem.problem.code === 'unreachable' || problem.problem.code === 'timeout';
      if (worthRepeating(status)) endpoint.trouble = status?.code === codes.DEADLINE_EXCEEDED ? 2 : 1;
      if (!worthRepeating(status) && !unreachable) throw problem;
      if (repeatable || !sent || neverDone(status)) throw new TryNext(problem, sent);
      throw fail('lost', `${problem.problem.message}; the change may or may not have been made`, {
        hint: 'Read the key before trying again.',
      });
    }
  }
}

/** Carries why one member could not serve, on the way to the next. */
class TryNext extends Error {
  readonly problem: ProblemError;
  readonly answered: boolean;
  constructor(problem: ProblemError, answered: boolean) {
    super(problem.message);
    this.problem = problem;
    this.answered = answered;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms));
  });
}
