import { InterceptingCall, type Interceptor, type StatusObject, status as codes } from '@grpc/grpc-js';
import type { AuthClient } from 'etcd3';
import { fail, type Problem, type ProblemError } from '#shared/contract/problem.ts';
import { etcdProblem, statusOf, tokenRefused } from './etcd-problem.ts';

/** Asks for the password of the cluster file's user; given the last refusal so that a prompt can say it. Null: none given. */
export type AskPassword = (refusal: Problem | null) => Promise<string | null>;

const askAgainMs = 10_000;
const wantsToken = [
  'etcdserver: invalid auth token',
  'etcdserver: revision of auth store is old',
  'etcdserver: user name is empty',
];

/**
 * The token shared by all members of one connection: fetched when first needed, dropped when a member refuses it.
 * After a refused password the same problem is given for 10 s before the password is asked for again.
 */
export class EtcdSession {
  readonly user: string | null;
  readonly #ask: AskPassword;
  #token: string | null = null;
  #password: string | null = null;
  #pending: Promise<void> | null = null;
  #refusal: { problem: ProblemError; at: number } | null = null;

  constructor(user: string | null, ask: AskPassword) {
    this.user = user;
    this.#ask = ask;
  }

  /** Empty when there is none, or when etcd said that it needs none. */
  get token(): string {
    return this.#token ?? '';
  }

  /** The password that was given last and not refused, for the v2 API, which knows no tokens. */
  get password(): string | null {
    return this.#password;
  }

  /** Drops the token unless a newer one is already there. */
  forget(token: string): void {
    if (this.token === token) this.#token = null;
  }

  /** Resolves when calls may be sent; rejects with `authentication`, or with why the member could not be asked. */
  async ensure(auth: AuthClient, endpoint: string, deadline: number): Promise<void> {
    if (this.user === null || this.#token !== null) return;
    if (this.#refusal && Date.now() - this.#refusal.at < askAgainMs) throw this.#refusal.problem;
    this.#pending ??= this.#logIn(this.user, auth, endpoint).finally(() => {
      this.#pending = null;
    });
    await before(deadline, this.#pending, `waiting for the password of etcd user ${this.user}`);
  }

  async #logIn(user: string, auth: AuthClient, endpoint: string): Promise<void> {
    const password = await this.#ask(this.#refusal?.problem.problem ?? null);
    try {
      if (password === null) throw fail('authentication', `no password was given for etcd user ${user}`);
      this.#password = password;
      const reply = await auth.authenticate({ name: user, password }, { deadline: Date.now() + 5000 });
      this.#token = reply.token;
      this.#refusal = null;
    } catch (error) {
      const status = statusOf(error);
      if (status?.code === codes.FAILED_PRECONDITION && status.details.includes('authentication is not enabled')) {
        this.#token = '';
        return;
      }
      const wrong = status?.details.includes('authentication failed');
      const problem = wrong
        ? fail('authentication', `etcd refuses the password of user ${user}`)
        : etcdProblem(error, endpoint);
      if (problem.problem.code === 'authentication') {
        this.#refusal = { problem, at: Date.now() };
        this.#password = null;
      }
      throw problem;
    }
  }
}

/** Rejects with `authentication` when `work` (a person typing) has not settled by `deadline`. */
async function before(deadline: number, work: Promise<void>, otherwise: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fail('authentication', otherwise)), Math.max(0, deadline - Date.now()));
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls that a member without a leader should refuse at once instead of holding them until their deadline. */
const needsLeader = /\/(Put|DeleteRange|Txn|Watch|LeaseGrant|LeaseKeepAlive)$/;

/** Puts the session's token on each call, and turns a refusal of it into one plain UNAUTHENTICATED. */
export function callInterceptor(session: EtcdSession): Interceptor {
  return (options, nextCall) => {
    const { path } = options.method_definition;
    const token = path.endsWith('/Authenticate') ? '' : session.token;
    return new InterceptingCall(nextCall(options), {
      start(metadata, _listener, next) {
        if (token !== '') metadata.set('token', token);
        if (needsLeader.test(path)) metadata.set('hasleader', 'true');
        next(metadata, {
          onReceiveStatus(status: StatusObject, pass: (status: StatusObject) => void) {
            if (!wantsToken.includes(status.details)) return pass(status);
            session.forget(token);
            pass({ ...status, code: codes.UNAUTHENTICATED, details: tokenRefused });
          },
        });
      },
    });
  };
}
