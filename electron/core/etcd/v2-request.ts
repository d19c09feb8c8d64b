import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import { fail, type ProblemError } from '#shared/contract/problem.ts';
import type { DialEtcd, EtcdAddress } from './endpoint.ts';
import { readTlsFiles } from './tls-files.ts';

/** One request of the v2 API; `form` makes it a PUT. */
export interface V2Request {
  readonly address: EtcdAddress;
  readonly path: string;
  readonly form: URLSearchParams | null;
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly timeoutMs: number;
}

/** What came back, whatever it says. */
export interface V2Reply {
  readonly status: number;
  readonly body: string;
}

/** A request that brought no reply; `sent` when the member may have acted on it. */
export class V2Silence extends Error {
  readonly problem: ProblemError;
  readonly sent: boolean;
  constructor(problem: ProblemError, sent: boolean) {
    super(problem.message);
    this.problem = problem;
    this.sent = sent;
  }
}

const mostBytes = 4 * 1024 * 1024;

/** Asks one member once, over a connection of its own. Rejects with V2Silence, or with a ProblemError for what no member can mend. */
export async function askV2(
  around: { readonly spec: EtcdSpec; readonly dial: DialEtcd | undefined; readonly signal: AbortSignal },
  { address, path, form, login, timeoutMs }: V2Request,
): Promise<V2Reply> {
  const body = form?.toString() ?? '';
  const options: RequestOptions = {
    ...(await placeOf(around, address)),
    path,
    method: form ? 'PUT' : 'GET',
    agent: false,
    signal: AbortSignal.any([around.signal, AbortSignal.timeout(timeoutMs)]),
    headers: {
      accept: 'application/json',
      ...(form
        ? { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
        : {}),
      ...(login ? { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` } : {}),
    },
  };
  const secure = address.secure ? { ...options, ...(await trustOf(around.spec, address)) } : null;
  return await new Promise((resolve, reject) => {
    let connected = false;
    const silent = (error: unknown) => reject(new V2Silence(silence(error, address.url), connected));
    const request = secure ? secureRequest(secure) : plainRequest(options);
    request.once('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      }),
    );
    request.once('error', silent);
    request.once('response', (response) => void readBody(response).then(resolve, silent));
    request.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<V2Reply> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw fail('protocol', 'etcd sent more than 4 MB');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
}

async function placeOf(around: { readonly dial: DialEtcd | undefined }, address: EtcdAddress): Promise<RequestOptions> {
  const host = { host: address.host, port: address.port };
  if (!around.dial) return host;
  const target = await around.dial(address);
  if (target.startsWith('unix:')) return { ...host, socketPath: target.slice('unix:'.length) };
  const dialled = /^(?:dns:|ipv4:)?([^/]+):(\d+)$/.exec(target);
  if (!dialled) throw fail('internal', `${target} is no way to etcd's v2 API`);
  return { host: dialled[1] ?? '', port: Number(dialled[2]) };
}

async function trustOf(spec: EtcdSpec, address: EtcdAddress) {
  const { ca, certificate, key } = await readTlsFiles(spec);
  const name = spec.tls?.serverName ?? address.host;
  return {
    ...(ca ? { ca } : {}),
    ...(certificate && key ? { cert: certificate, key } : {}),
    servername: isIP(name) ? '' : name,
    checkServerIdentity: (_: string, shown: Parameters<typeof checkServerIdentity>[1]) =>
      checkServerIdentity(name, shown),
  };
}

function silence(error: unknown, url: string): ProblemError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ABORT_ERR' || (error as Error).name === 'TimeoutError')
    return fail('timeout', `${url}: no answer in time`);
  // A server of gRPC alone answers an old request in frames of HTTP/2.
  if (code.startsWith('HPE_')) return noV2(url);
  if (code === 'ECONNREFUSED') return fail('unreachable', `${url}: connection refused`);
  if (code === 'ECONNRESET') return fail('unreachable', `${url}: connection lost`);
  return fail('unreachable', `${url}: ${message.slice(0, 300)}`);
}

/** Said of a member that serves v3 alone. */
export function noV2(url: string): ProblemError {
  return fail('unsupported', `${url}: this etcd has no v2 API`, {
    hint: 'Up to etcd 3.5 it is there with --enable-v2=true; from 3.6 on it is gone.',
  });
}
