import { resolve } from 'node:path';
import { fail } from '#shared/contract/problem.ts';
import { wholeNumber } from '../launch/launch-options.ts';
import { isLoopback } from './binding.ts';

/** Options of the update service, for `parseArgs`. */
export const updateOptions = {
  'update-service': { type: 'string' },
  'update-service-cluster': { type: 'string' },
  'update-service-tls-cert': { type: 'string' },
  'update-service-tls-key': { type: 'string' },
  'update-service-plain-http': { type: 'boolean' },
  'update-service-payloads': { type: 'string' },
} as const;

/** How machines are answered. */
export interface UpdateServiceArguments {
  readonly host: string;
  readonly port: number;
  readonly cluster: string | null;
  readonly tlsFiles: { readonly cert: string; readonly key: string } | null;
  readonly payloads: string | null;
}

/** The words of `--help` for them. */
export const updateUsage = `  --update-service HOST:PORT       answer update_engine of Flatcar machines there (off when left out); they have
                                   SERVER=http://HOST:PORT/v1/update/ in update.conf
  --update-service-cluster ID      whose packages, channels and groups, when there are several clusters
  --update-service-tls-cert FILE   certificate in PEM form, with --update-service-tls-key FILE
  --update-service-plain-http      listen beyond loopback without TLS, as behind a proxy or in a network of its own
  --update-service-payloads FOLDER hand out its files under /payloads/; else payloads are fetched from where packages say
`;

/** Reads them; null when no update service is asked for. Throws `invalid-input` or `refused` with what is wrong. */
export function readUpdateOptions(
  values: Partial<Record<keyof typeof updateOptions, string | boolean | undefined>>,
): UpdateServiceArguments | null {
  const text = (name: keyof typeof updateOptions) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const at = text('update-service');
  const given = Object.entries(values).find(([name, value]) => name in updateOptions && value !== undefined);
  if (at === undefined) {
    if (given) throw fail('invalid-input', `--${given[0]} goes with --update-service HOST:PORT`);
    return null;
  }
  const match = /^(?:\[([0-9a-f:]{2,45})\]|([^:[\]]{1,253})):(\d{1,5})$/i.exec(at);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) throw fail('invalid-input', `--update-service is HOST:PORT, not “${at}”`);
  const [cert, key] = [text('update-service-tls-cert'), text('update-service-tls-key')];
  if ((cert === undefined) !== (key === undefined))
    throw fail('invalid-input', '--update-service-tls-cert and --update-service-tls-key go together');
  const tlsFiles = cert !== undefined && key !== undefined ? { cert, key } : null;
  if (!isLoopback(host) && !tlsFiles && values['update-service-plain-http'] !== true)
    throw fail('refused', `the update service does not listen on ${host} without TLS`, {
      hint: 'Give --update-service-tls-cert and --update-service-tls-key, or --update-service-plain-http if a proxy in front has TLS. Payloads are signed; who may ask is not checked.',
    });
  const payloads = text('update-service-payloads');
  return {
    host: host.toLowerCase() === 'localhost' ? '127.0.0.1' : host,
    port: wholeNumber('--update-service', match?.[3] ?? '', 0, 65_535),
    cluster: text('update-service-cluster') ?? null,
    tlsFiles,
    payloads: payloads === undefined ? null : resolve(payloads),
  };
}
