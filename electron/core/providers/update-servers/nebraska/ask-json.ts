import { Agent, type IncomingMessage, request as plainRequest } from 'node:http';
import {
  Agent as SecureAgent,
  request as secureRequest,
  type RequestOptions as SecureRequestOptions,
} from 'node:https';
import { fail, ProblemError } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { readAuthority, tlsProblem } from './tls-trust.ts';

const mostBytes = 8 * 1024 * 1024;
const mostSockets = 4;

/** One request; `path` is relative to the server's address, its parts already encoded. */
export interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly token: string | null;
  /** Ends it: with its reason, where that is a ProblemError. */
  readonly signal: AbortSignal;
}

export interface JsonReply {
  readonly status: number;
  readonly text: string;
}

/** A door to one HTTP server that is not trusted: bounded in time and size, never led elsewhere. */
export interface JsonServer {
  /**
   * Resolves with any answer that is no redirect; rejects with `timeout`, `unreachable`, `protocol`,
   * `refused`, and for the file of its authority with `not-found` or `invalid-input`.
   */
  ask(request: JsonRequest): Promise<JsonReply>;
  end(): void;
}

/** Where it answers, who signed its certificate, and for how long one request may take. */
export interface JsonServerAt {
  readonly url: string;
  readonly caFile: string | null;
  readonly requestMs: number;
}

/** Connections are kept open from one request to the next; the authority's file is read anew once it did not fit. */
export function jsonServer(at: JsonServerAt): JsonServer {
  const { url, caFile } = at;
  const secure = url.startsWith('https:');
  const agent = new (secure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: mostSockets });
  let authority: Promise<Buffer | null> | null = null;
  return {
    async ask({ method, path, body, token, signal }) {
      const text = body === undefined ? '' : JSON.stringify(body);
      try {
        authority ??= secure && caFile !== null ? readAuthority(caFile) : Promise.resolve(null);
        const ca = await authority;
        const options: SecureRequestOptions = {
          method,
          agent,
          ...(ca ? { ca } : {}),
          signal: AbortSignal.any([signal, AbortSignal.timeout(at.requestMs)]),
          headers: {
            accept: 'application/json',
            ...(text === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
            ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          },
        };
        return await send(`${url}/${path}`, at, options, text);
      } catch (error) {
        // Whoever repairs the file wants it read.
        authority = null;
        throw error;
      }
    },
    end: () => agent.destroy(),
  };
}

/** What was asked without its details, which nobody reads in a message. */
const asked = (url: string) => url.replace(/\?.*$/s, '');

function send(url: string, at: JsonServerAt, options: SecureRequestOptions, text: string): Promise<JsonReply> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let begun = false;
    const refuse = (error: unknown) => {
      const { signal } = options;
      // Cut off within an answer, Node tells of a lost connection.
      const ended = signal?.aborted ? endOf(signal.reason, asked(url), at.requestMs, begun) : null;
      const problem = ended ?? problemOf(error, asked(url), at.caFile);
      reject(sent && options.method !== 'GET' ? withDoubt(problem) : problem);
    };
    const request = (at.url.startsWith('https:') ? secureRequest : plainRequest)(url, options);
    request.once('error', refuse);
    request.once('finish', () => {
      sent = true;
    });
    request.once('response', (response) => {
      begun = true;
      void readReply(response, asked(url)).then(resolve, refuse);
    });
    request.end(text);
  });
}

async function readReply(response: IncomingMessage, url: string): Promise<JsonReply> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    response.destroy();
    const to = cleanLine(response.headers.location ?? 'nowhere', 200);
    // Followed, a token and what is written would be another server's.
    throw fail('refused', `${url} leads to ${to}, which is not followed`, {
      hint: 'Write the address that answers itself into the cluster file, under updates: server: url.',
    });
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw fail('protocol', `${url}: the answer has more than ${mostBytes >> 20} MB`);
    chunks.push(chunk);
  }
  return { status, text: Buffer.concat(chunks).toString() };
}

function endOf(reason: unknown, url: string, ms: number, begun: boolean): ProblemError {
  if (reason instanceof ProblemError) return reason;
  if ((reason as Error | undefined)?.name !== 'TimeoutError') return fail('cancelled', `${url}: given up`);
  return fail('timeout', `${url}: ${begun ? 'an answer that did not end' : 'no answer'} within ${ms / 1000} s`);
}

/** What was sent and not answered, or not as it should, may have been done. */
function withDoubt(error: ProblemError): ProblemError {
  const { code, message, hint, ...more } = error.problem;
  return fail(code, message, { ...more, hint: hint ?? 'It may have been written: look at what the server has now.' });
}

function problemOf(error: unknown, url: string, caFile: string | null): ProblemError {
  if (error instanceof ProblemError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return fail('unreachable', `${url}: connection refused`);
  if (code === 'ECONNRESET') return fail('unreachable', `${url}: connection lost`);
  if (code.startsWith('HPE_')) return fail('protocol', `${url}: what answers there does not speak HTTP`);
  return tlsProblem(error as Error, url, caFile) ?? fail('unreachable', `${url}: ${cleanLine(message, 300)}`);
}
