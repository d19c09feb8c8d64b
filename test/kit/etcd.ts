import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import type { Log } from '#core/lib/log.ts';
import type { Scope } from '#core/lib/scope.ts';
import { findEtcd, type RealEtcdMember, startRealEtcd } from '#demo/etcd/real-etcd.ts';
import { skipUnless } from './skip.ts';

const run = promisify(execFile);

const etcdProgram = await findEtcd();

/** Skips the running test, with the reason, where there is no real etcd. */
export function needsEtcd(): void {
  skipUnless(etcdProgram, 'no etcd on the PATH');
}

/** Real etcd members on loopback, with what is needed to reach them and to look at them from outside. */
export interface TestEtcd {
  readonly members: RealEtcdMember[];
  readonly spec: EtcdSpec;
  /** Runs etcdctl against all members as `root` (with auth on) or nobody; resolves with its output. */
  readonly etcdctl: (...words: string[]) => Promise<string>;
  /** The current leader by etcdctl, not by our own client. */
  readonly leader: () => Promise<RealEtcdMember>;
}

export interface TestEtcdOptions {
  readonly members?: 1 | 3;
  /** `mutual` asks for a client certificate too. */
  readonly tls?: 'server' | 'mutual';
  /** Makes user root (password `root-pass`), user `viewer` (`viewer-pass`, may read under /open/), and turns auth on. */
  readonly auth?: boolean;
  readonly arguments?: readonly string[];
}

/** Starts one or three members; everything of it ends with the scope. */
export async function startEtcd(scope: Scope, options: TestEtcdOptions = {}): Promise<TestEtcd> {
  if (!etcdProgram) throw new Error('no etcd on the PATH');
  const names = options.members === 3 ? ['etcd-1', 'etcd-2', 'etcd-3'] : ['etcd-1'];
  const certificates = options.tls ? await makeCertificates(scope) : null;
  const words = [...(options.arguments ?? [])];
  if (certificates) words.push('--cert-file', certificates.server.cert, '--key-file', certificates.server.key);
  if (certificates && options.tls === 'mutual') words.push('--client-cert-auth', '--trusted-ca-file', certificates.ca);
  const scheme = certificates ? 'https' : 'http';
  const members = await startRealEtcd(etcdProgram, { scope, members: names, scheme, arguments: words });
  const endpoints = members.map(({ clientUrl }) => clientUrl);
  let user: string[] = [];
  const client = certificates?.client;
  const tlsWords = certificates
    ? ['--cacert', certificates.ca, ...(client ? ['--cert', client.cert, '--key', client.key] : [])]
    : [];
  const etcdctl = async (...more: string[]) => {
    const env = { PATH: process.env['PATH'], ETCDCTL_API: '3' };
    const all = ['--endpoints', endpoints.join(','), '--command-timeout', '15s', ...tlsWords, ...user, ...more];
    return (await run('etcdctl', all, { env, timeout: 30_000 })).stdout;
  };
  if (options.auth) {
    await etcdctl('user', 'add', 'root:root-pass');
    await etcdctl('user', 'grant-role', 'root', 'root').catch(() => etcdctl('role', 'add', 'root'));
    await etcdctl('user', 'add', 'viewer:viewer-pass');
    await etcdctl('role', 'add', 'viewer');
    await etcdctl('role', 'grant-permission', 'viewer', '--prefix=true', 'readwrite', '/open/');
    await etcdctl('user', 'grant-role', 'viewer', 'viewer');
    await etcdctl('auth', 'enable');
    user = ['--user', 'root:root-pass'];
  }
  return {
    members,
    etcdctl,
    spec: {
      endpoints,
      user: options.auth ? 'root' : null,
      tls: certificates
        ? {
            caFile: certificates.ca,
            certFile: options.tls === 'mutual' ? certificates.client.cert : null,
            keyFile: options.tls === 'mutual' ? certificates.client.key : null,
            serverName: null,
          }
        : null,
    },
    async leader() {
      const rows = JSON.parse(await etcdctl('endpoint', 'status', '-w', 'json')) as {
        Endpoint: string;
        Status: { leader: number; header: { member_id: number } };
      }[];
      const row = rows.find(({ Status }) => Status.leader === Status.header.member_id);
      const member = members.find(({ clientUrl }) => clientUrl === row?.Endpoint);
      if (!member) throw new Error('etcd has no leader');
      return member;
    },
  };
}

interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface TestCertificates {
  readonly ca: string;
  readonly server: Pair;
  readonly client: Pair;
  /** Another one of the same CA, with its extensions in the words of openssl; below 0 days it has expired. */
  readonly sign: (name: string, extensions: string, days?: number) => Promise<Pair>;
}

/** A CA with one server certificate for 127.0.0.1 and one client certificate, made with openssl for a day. */
export async function makeCertificates(scope: Scope): Promise<TestCertificates> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-certs-'));
  scope.add(() => rm(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => run('openssl', words, { timeout: 20_000 });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
    '-days',
    '1',
    '-subj',
    '/CN=test CA',
  );
  const sign = async (name: string, extensions: string, days = 1): Promise<Pair> => {
    await writeFile(at(`${name}.ext`), extensions);
    await openssl('req', ...key, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${name}`);
    const by = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at(`${name}.ext`)];
    await openssl('x509', '-req', '-in', at(`${name}.csr`), ...by, '-out', at(`${name}.crt`), '-days', String(days));
    return { cert: at(`${name}.crt`), key: at(`${name}.key`) };
  };
  return {
    ca: at('ca.crt'),
    server: await sign('server', 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n'),
    client: await sign('client', 'extendedKeyUsage=clientAuth\n'),
    sign,
  };
}

/** A log that keeps nothing: what these tests prove is seen in answers. */
export const quietLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Waits until `check` gives something other than null or false; rejects after `timeoutMs` with `what`. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  check: () => T | null | false | undefined | Promise<T | null | false | undefined>,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const got = await check();
    if (got !== null && got !== false && got !== undefined) return got;
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
