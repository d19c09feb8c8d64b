import { readFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import { fail, ProblemError } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';

const timeoutMs = 10_000;
const mostBytes = 8 * 1024 * 1024;
const mostSockets = 4;

/** One request; `path` is relative to the server's address, its parts already encoded. */
export interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly token: string | null;
}

export interface JsonReply {
  readonly status: number;
  readonly text: string;
}

/** A door to one HTTP server that is not trusted: bounded in time and size, never led elsewhere. */
export interface JsonServer {
  /** Resolves with any answer that is no redirect; rejects with `timeout`, `unreachable`, `protocol`, `refused`. */
  ask(request: JsonRequest): Promise<JsonReply>;
  end(): void;
}

/** Connections are kept open from one request to the next; the authority's file is read once, when first needed. */
export function jsonServer(url: string, caFile: string | null, signal: AbortSignal): JsonServer {
  const secure = url.startsWith('https:');
  const agent = new (secure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: mostSockets });
  let authority: Promise<Buffer | null> | null = null;
  return {
    async ask({ method, path, body, token }) {
      authority ??= secure && caFile !== null ? readAuthority(caFile) : Promise.resolve(null);
      const ca = await authority.catch((error: unknown) => {
        authority = null;
        throw error;
      });
      const text = body === undefined ? '' : JSON.stringify(body);
      const options: RequestOptions & { ca?: Buffer } = {
        method,
        agent,
        ...(ca ? { ca } : {}),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: {
          accept: 'application/json',
          ...(text === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
      };
      return await send(`${url}/${path}`, options, text, secure);
    },
    end: () => agent.destroy(),
  };
}

function send(url: string, options: RequestOptions, text: string, secure: boolean): Promise<JsonReply> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown) => reject(silence(error, url));
    const request = (secure ? secureRequest : plainRequest)(url, options);
    request.once('error', refuse);
    request.once('response', (response) => void readReply(response, url).then(resolve, refuse));
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

async function readAuthority(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw fail('not-found', `the CA certificate ${file} of the update server cannot be read: ${why}`);
  }
}

function silence(error: unknown, url: string): ProblemError {
  if (error instanceof ProblemError) return error;
  const { code = '', name, message, cause } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || (cause instanceof Error && cause.name === 'TimeoutError'))
    return fail('timeout', `${url}: no answer within ${timeoutMs / 1000} s`);
  if (code === 'ABORT_ERR') return fail('cancelled', `${url}: given up`);
  if (code === 'ECONNREFUSED') return fail('unreachable', `${url}: connection refused`);
  if (code === 'ECONNRESET') return fail('unreachable', `${url}: connection lost`);
  if (code.startsWith('HPE_')) return fail('protocol', `${url}: what answers there does not speak HTTP`);
  if (/CERT|SIGNATURE|ALTNAME|ISSUER/.test(code))
    return fail('unreachable', `${url}: its certificate is not trusted (${code})`, {
      hint: 'Name the authority that signed it in the cluster file, under updates: server: ca.',
    });
  return fail('unreachable', `${url}: ${cleanLine(message, 300)}`);
}
