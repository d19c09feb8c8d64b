import type { EtcdSpec } from '#core/clusters/cluster-store.ts';
import { readPem } from '#core/lib/read-pem.ts';
import { fail } from '#shared/contract/problem.ts';

/** What the certificate files of a cluster file hold; null for what it does not name. */
export interface TlsFiles {
  readonly ca: Buffer | null;
  readonly certificate: Buffer | null;
  readonly key: Buffer | null;
}

/** Reads them anew, as certificates are renewed in place. Rejects with `not-found` or `invalid-input`. */
export async function readTlsFiles(spec: EtcdSpec): Promise<TlsFiles> {
  const tls = spec.tls;
  const ca = await pem(tls?.caFile ?? null, 'CA certificate');
  const certificate = await pem(tls?.certFile ?? null, 'client certificate');
  const key = await pem(tls?.keyFile ?? null, 'client key');
  if ((certificate === null) !== (key === null))
    throw fail('invalid-input', 'an etcd client certificate needs its key, and the key its certificate');
  return { ca, certificate, key };
}

async function pem(file: string | null, what: string): Promise<Buffer | null> {
  return file === null ? null : await readPem(file, `etcd ${what}`);
}
