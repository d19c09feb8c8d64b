import { expect } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { rawEtcd } from './etcd-raw.ts';
import type { Lab } from './lab.ts';

/** At which revision a key was last written; 0 when it is not there. */
export async function revisionOf(lab: Lab, key: string): Promise<number> {
  const { stdout } = await lab.etcdctl('node1', 'get', key, '-w', 'json');
  const { kvs } = JSON.parse(stdout) as { kvs?: { mod_revision: number }[] };
  return kvs?.[0]?.mod_revision ?? 0;
}

interface Written {
  readonly kv: { readonly value: Buffer; readonly mod_revision: string };
}

/** All that a key ever was since a revision up to now, by etcd's own watch past our client; each is JSON. */
export async function writtenSince(lab: Lab, key: string, since: number): Promise<unknown[]> {
  const scope = new Scope(`watch of ${key}`);
  try {
    const watch = rawEtcd(scope, lab.etcdSpec().endpoints[0] ?? '').stream('Watch', 'Watch');
    watch.write({ create_request: { key: Buffer.from(key), start_revision: String(since + 1) } });
    const until = await revisionOf(lab, key);
    const events = () => watch.replies.flatMap((reply) => (reply.events ?? []) as Written[]);
    await expect.poll(() => Number(events().at(-1)?.kv.mod_revision), { timeout: 20_000 }).toBe(until);
    return events().map(({ kv }) => JSON.parse(kv.value.toString()) as unknown);
  } finally {
    await scope.end();
  }
}
