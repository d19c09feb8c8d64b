import type { z } from 'zod';
import { Limiter } from '#core/lib/limiter.ts';
import { fail, ProblemError } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { type JsonReply, type JsonRequest, type JsonServer, jsonServer } from './ask-json.ts';
import * as wire from './wire.ts';

const perPage = 100;
const atOnce = 4;

/** A list as far as it was read; `total` is what the server says there is. */
export interface Listed<T> {
  readonly items: T[];
  readonly total: number;
}

/** Sends to one path; the parts of a path are encoded, so that no id leads elsewhere. */
export interface Written {
  readonly method: 'POST' | 'PUT';
  readonly path: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** Where a Nebraska answers, and with which word. The token is asked of a person by others. */
export interface NebraskaOptions {
  readonly url: string;
  readonly caFile: string | null;
  readonly token: () => string | null;
  /** For how long one request may take. */
  readonly requestMs: number;
  readonly signal: AbortSignal;
}

/** Nebraska's REST interface. Every answer is checked; every failure is a Problem that names the address. */
export class NebraskaClient {
  readonly #options: NebraskaOptions;
  readonly #line: { readonly server: JsonServer; readonly limiter: Limiter };

  constructor(options: NebraskaOptions, line = { server: jsonServer(options), limiter: new Limiter(atOnce) }) {
    this.#options = options;
    this.#line = line;
  }

  /**
   * Runs `read` with a client whose requests end with `signal`, and all together within so many ms (else `timeout`). What
   * `read` leaves open when it settles is given up.
   */
  async inTime<T>(ms: number, signal: AbortSignal, read: (client: NebraskaClient) => Promise<T>): Promise<T> {
    const { url } = this.#options;
    const stop = new AbortController();
    const late = fail('timeout', `${url}: the update server took more than ${ms / 1000} s for all that was asked`);
    const timer = setTimeout(() => stop.abort(late), ms);
    timer.unref();
    const ends = AbortSignal.any([this.#options.signal, signal, stop.signal]);
    try {
      return await read(new NebraskaClient({ ...this.#options, signal: ends }, this.#line));
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  end(): void {
    this.#line.server.end();
  }

  /** The whole address of a path, as it is told to a person. */
  addressOf(path: readonly string[]): string {
    return `${this.#options.url}/${printPath(path)}`;
  }

  /** Public: how it wants to be asked. The token is not sent. */
  async config() {
    const path = ['config'];
    const reply = await this.#send({ method: 'GET', path: printPath(path), token: null });
    if (reply.status !== 200)
      throw fail('protocol', `${this.addressOf(path)}: answered ${reply.status}, so this is no Nebraska`);
    return this.#checked(path, reply, wire.wireConfig);
  }

  apps = (most: number) => this.list(['api', 'apps'], {}, 'applications', wire.wireApp, most);
  app = (app: string) => this.get(['api', 'apps', app], {}, wire.wireApp);
  groups = (app: string, most: number) => this.list(['api', 'apps', app, 'groups'], {}, 'groups', wire.wireGroup, most);
  group = (app: string, group: string) => this.get(['api', 'apps', app, 'groups', group], {}, wire.wireGroup);
  channels = (app: string, most: number) =>
    this.list(['api', 'apps', app, 'channels'], {}, 'channels', wire.wireChannel, most);
  channel = (app: string, channel: string) => this.get(['api', 'apps', app, 'channels', channel], {}, wire.wireChannel);
  packages = (app: string, most: number) =>
    this.list(['api', 'apps', app, 'packages'], {}, 'packages', wire.wirePackage, most);
  package = (app: string, id: string) => this.get(['api', 'apps', app, 'packages', id], {}, wire.wirePackage);
  floors = (channel: string, most: number) =>
    this.list(['api', 'channels', channel, 'floors'], {}, 'packages', wire.wirePackage, most);
  stats = (app: string, group: string) =>
    this.get(['api', 'apps', app, 'groups', group, 'instances_stats'], { duration: '1d' }, wire.wireStats);
  versions = (app: string, group: string) =>
    this.get(['api', 'apps', app, 'groups', group, 'version_breakdown'], {}, wire.wireVersions);
  instances = (app: string, group: string, most: number) =>
    this.list(
      ['api', 'apps', app, 'groups', group, 'instances'],
      { status: '0', duration: '1d', sortFilter: '2', sortOrder: '1' },
      'instances',
      wire.wireInstance,
      most,
    );
  instance = (app: string, group: string, id: string) =>
    this.get(['api', 'apps', app, 'groups', group, 'instances', id], {}, wire.wireInstance);
  activity = (query: Readonly<Record<string, string>>, most: number) =>
    this.list(['api', 'activity'], query, 'activities', wire.wireActivity, most);

  /** Writes, and answers with what the server says it has now. */
  async write<T extends z.ZodType>({ method, path, body }: Written, schema: T): Promise<z.output<T>> {
    const reply = await this.#ask(method, path, {}, body);
    return this.#checked(path, reply, schema);
  }

  async get<T extends z.ZodType>(path: readonly string[], query: Record<string, string>, schema: T) {
    return this.#checked(path, await this.#ask('GET', path, query), schema);
  }

  /** Page after page, at most so many items; a server that says of more than it sends is believed no longer. */
  async list<T extends z.ZodType>(
    path: readonly string[],
    query: Readonly<Record<string, string>>,
    name: string,
    item: T,
    most: number,
  ): Promise<Listed<z.output<T>>> {
    const items: z.output<T>[] = [];
    for (let page = 1; ; page++) {
      const asked = { ...query, page: String(page), perpage: String(perPage) };
      const reply = await this.get(path, asked, wire.pageOf(name, item));
      items.push(...reply.items);
      const total = reply.total ?? 0;
      if (reply.items.length === 0 || items.length >= total || items.length >= most)
        return { items: items.slice(0, most), total: Math.max(total, items.length) };
    }
  }

  async #ask(
    method: 'GET' | 'POST' | 'PUT',
    path: readonly string[],
    query: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<JsonReply> {
    const asked = new URLSearchParams(query).toString();
    const token = this.#options.token();
    const whole = printPath(path) + (asked === '' ? '' : `?${asked}`);
    const reply = await this.#send({ method, path: whole, body, token });
    if (reply.status < 200 || reply.status > 299) throw this.#refused(method, path, reply);
    return reply;
  }

  async #send(request: Omit<JsonRequest, 'signal'>): Promise<JsonReply> {
    const { signal, url } = this.#options;
    try {
      return await this.#line.limiter.run(() => this.#line.server.ask({ ...request, signal }), signal);
    } catch (error) {
      throw error instanceof ProblemError ? error : fail('cancelled', `${url}: given up`);
    }
  }

  #checked<T extends z.ZodType>(path: readonly string[], reply: JsonReply, schema: T): z.output<T> {
    const where = this.addressOf(path);
    let value: unknown;
    try {
      value = JSON.parse(reply.text);
    } catch {
      const what = /^\s*</.test(reply.text) ? 'a web page' : 'something that is not JSON';
      throw fail('protocol', `${where}: answered with ${what}, so this is no Nebraska`, {
        hint: 'The address in the cluster file has to be the one below which /api answers.',
      });
    }
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const issue = read.error.issues[0];
    const at = cleanLine(issue?.path.join('.') || 'the answer', 100);
    throw fail('protocol', `${where}: not as Nebraska answers: ${at}: ${cleanLine(issue?.message ?? '', 200)}`);
  }

  #refused(method: string, path: readonly string[], reply: JsonReply): ProblemError {
    const where = `${method} ${this.addressOf(path)}`;
    const said = wordsOf(reply.text);
    const words = said === '' ? '' : `: ${said}`;
    switch (reply.status) {
      case 401:
        return fail('authentication', `${where}: the update server wants another token (401)${words}`);
      case 403:
        return fail('permission', `${where}: this token may not do that (403)${words}`, {
          hint: 'A viewer may look only; writing needs a token of an administrator.',
        });
      case 400:
        return fail('refused', `${where}: the server refuses it, or knows no such application (400)${words}`);
      case 404:
        return fail('not-found', `${where}: there is no such thing (404)${words}`);
      case 429:
      case 503:
        return fail('busy', `${where}: the server is busy (${reply.status})${words}`);
      default:
        return fail('protocol', `${where}: the server failed (${reply.status})${words}`);
    }
  }
}

function printPath(path: readonly string[]): string {
  // However it is encoded, a part of dots alone is a way up.
  if (path.some((part) => /^\.*$/.test(part)))
    throw fail('protocol', 'the update server names something by dots alone');
  return path.map(encodeURIComponent).join('/');
}

/** Errors are an empty body or `{"message": …}`. */
function wordsOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const said = (value as { message?: unknown } | null)?.message;
    return typeof said === 'string' ? cleanLine(said, 300) : '';
  } catch {
    return '';
  }
}
