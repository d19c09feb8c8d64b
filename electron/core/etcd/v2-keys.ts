import { z } from 'zod';
import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import { fail, type ProblemError } from '#shared/contract/problem.ts';
import type { DialEtcd, EtcdEndpoint } from './endpoint.ts';
import type { EtcdSession } from './session.ts';
import { askV2, noV2, type V2Reply, V2Silence } from './v2-request.ts';

/** A key of the v2 API with its text; `index` is etcd's number of this value, and the guard of the next. */
export interface V2KeyValue {
  readonly key: string;
  readonly value: string;
  readonly index: number;
}

interface V2Parts {
  readonly spec: EtcdSpec;
  readonly endpoints: readonly EtcdEndpoint[];
  readonly session: EtcdSession;
  readonly signal: AbortSignal;
  readonly dial: DialEtcd | undefined;
}

interface Node {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly modifiedIndex?: number | undefined;
  readonly nodes?: Node[] | undefined;
}
const node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    key: z.string().max(4096).optional(),
    value: z.string().optional(),
    modifiedIndex: z.int().min(0).optional(),
    nodes: z.array(node).max(10_000).optional(),
  }),
);
const answer = z.object({ node });
const refusal = z.object({ errorCode: z.int(), message: z.string(), cause: z.string().optional() });

const keyNotFound = 100;
const compareFailed = 101;
const alreadyThere = 105;
const readMs = 2500;
const writeMs = 5000;

/**
 * The v2 API over plain HTTP, as old clients of etcd use it. Rejects with ProblemError: `unsupported` where etcd has no
 * such API, `conflict` when a guard does not hold, `lost` when a write may or may not have been made.
 */
export class EtcdV2Keys {
  readonly #parts: V2Parts;
  #preferred = 0;
  /** Learnt from a refusal: v2 has its own users, so most clusters that ask for a password in v3 want none here. */
  #wantsLogin = false;

  constructor(parts: V2Parts) {
    this.#parts = parts;
  }

  /** Every key below a folder, none where there is no such folder. */
  async list(folder: string): Promise<V2KeyValue[]> {
    const got = await this.#read(`${pathOf(folder)}?recursive=true&quorum=true`);
    return got ? leaves(got, 0) : [];
  }

  async get(key: string): Promise<V2KeyValue | null> {
    const got = await this.#read(`${pathOf(key)}?quorum=true`);
    return got ? keyValue(got) : null;
  }

  /** Writes a key that is not there yet. */
  create(key: string, value: string): Promise<V2KeyValue> {
    return this.#write(key, new URLSearchParams({ value, prevExist: 'false' }));
  }

  /** Writes a key that still is as of `index`. */
  swap(key: string, value: string, index: number): Promise<V2KeyValue> {
    return this.#write(key, new URLSearchParams({ value, prevIndex: String(index) }));
  }

  async #read(path: string): Promise<Node | null> {
    let last: ProblemError | null = null;
    for (const endpoint of this.#ranked()) {
      try {
        const reply = await this.#ask(endpoint, path, null);
        const refused = refusedBy(reply, endpoint.url);
        if (refused === 'not-found') return null;
        if (!refused) return this.#answered(endpoint, reply);
        if (refused.problem.code !== 'timeout') throw refused;
        last = refused;
      } catch (error) {
        if (!(error instanceof V2Silence)) throw error;
        last = error.problem;
      }
    }
    throw last ?? fail('unreachable', 'no etcd endpoint is named');
  }

  async #write(key: string, form: URLSearchParams): Promise<V2KeyValue> {
    let last: ProblemError | null = null;
    for (const endpoint of this.#ranked()) {
      try {
        const reply = await this.#ask(endpoint, pathOf(key), form);
        const refused = refusedBy(reply, endpoint.url);
        if (refused === 'not-found') throw fail('conflict', `${key} is no longer there`);
        if (!refused) return keyValue(this.#answered(endpoint, reply));
        throw refused.problem.code === 'timeout' ? lost(refused) : refused;
      } catch (error) {
        if (!(error instanceof V2Silence)) throw error;
        if (error.sent && error.problem.problem.code !== 'unsupported') throw lost(error.problem);
        last = error.problem;
      }
    }
    throw last ?? fail('unreachable', 'no etcd endpoint is named');
  }

  #ranked(): EtcdEndpoint[] {
    const { endpoints } = this.#parts;
    return [...endpoints.slice(this.#preferred), ...endpoints.slice(0, this.#preferred)];
  }

  #answered(endpoint: EtcdEndpoint, reply: V2Reply): Node {
    const parsed = answer.safeParse(json(reply.body));
    if (!parsed.success) throw fail('protocol', `${endpoint.url}: etcd's v2 API sent what it never sends`);
    this.#preferred = this.#parts.endpoints.indexOf(endpoint);
    return parsed.data.node;
  }

  async #ask(endpoint: EtcdEndpoint, path: string, form: URLSearchParams | null): Promise<V2Reply> {
    const { session } = this.#parts;
    const request = { address: endpoint.address, path, form, timeoutMs: form ? writeMs : readMs };
    const login =
      session.user !== null && session.password !== null ? { user: session.user, password: session.password } : null;
    const reply = await askV2(this.#parts, { ...request, login: this.#wantsLogin ? login : null });
    if (reply.status !== 401 || this.#wantsLogin || login === null) return reply;
    this.#wantsLogin = true;
    return await askV2(this.#parts, { ...request, login });
  }
}

/** Each part of a key is one part of the path, so that a `%2F` in it stays what it is. */
function pathOf(key: string): string {
  return `/v2/keys${key.split('/').map(encodeURIComponent).join('/')}`;
}

function leaves(node: Node, depth: number): V2KeyValue[] {
  if (depth > 10) throw fail('protocol', 'etcd sent folders within folders without end');
  if (node.nodes) return node.nodes.flatMap((inner) => leaves(inner, depth + 1));
  return node.value === undefined ? [] : [keyValue(node)];
}

function keyValue({ key, value, modifiedIndex }: Node): V2KeyValue {
  if (key === undefined || value === undefined || modifiedIndex === undefined)
    throw fail('protocol', 'etcd sent a key without its value');
  return { key, value, index: modifiedIndex };
}

function refusedBy({ status, body }: V2Reply, url: string): ProblemError | 'not-found' | null {
  if (status === 200 || status === 201) return null;
  const { data } = refusal.safeParse(json(body));
  if (status === 401) {
    return fail('authentication', `${url}: etcd's v2 API asks for a user of its own`, {
      hint: 'v2 has its own users and passwords; the user of the cluster file must be one of them.',
    });
  }
  if (!data) return status === 404 ? noV2(url) : fail('protocol', `${url}: etcd's v2 API answered ${status}`);
  const words = `${data.message}${data.cause ? `: ${data.cause}` : ''}`.replaceAll(/\s+/g, ' ').slice(0, 300);
  if (data.errorCode === keyNotFound) return 'not-found';
  if (data.errorCode === compareFailed || data.errorCode === alreadyThere) return fail('conflict', `${url}: ${words}`);
  if (status === 403) return fail('permission', `${url}: ${words}`);
  return fail(data.errorCode >= 300 ? 'timeout' : 'refused', `${url}: ${words}`);
}

function lost(problem: ProblemError): ProblemError {
  return fail('lost', `${problem.message}; the change may or may not have been made`, {
    hint: 'Read the key before trying again.',
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
