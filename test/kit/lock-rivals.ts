import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect } from 'vitest';
import { z } from 'zod';
import { connectEtcd, type EtcdConnection } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { airlockLocks } from '#core/providers/reboot-locks/airlock/airlock-locks.ts';
import type { LockStore } from '#core/providers/reboot-locks/lock-store.ts';
import { locksmithLocks } from '#core/providers/reboot-locks/locksmith/locksmith-locks.ts';
import type { LockKind } from '#shared/contract/reboot-lock.ts';
import { rawEtcd } from './etcd-raw.ts';
import { needsEtcd, quietLog, startEtcd, type TestEtcd } from './etcd.ts';

/** The program that the locks are made for, acting on the same etcd without any of our code. */
export interface LockRival {
  /** Puts any text where a group's lock is kept. */
  readonly seed: (group: string, text: string) => Promise<void>;
  readonly text: (group: string) => Promise<string | null>;
  /** As the program does it: read, compare and write, again when another one was quicker. False: no slot is free. */
  readonly take: (group: string, id: string) => Promise<boolean>;
  readonly give: (group: string, id: string) => Promise<boolean>;
  /** Every value of a group's lock from now on, seen from outside; `stop` resolves to them. */
  record(group: string): Promise<{ stop(): Promise<string[]> }>;
}

/** How a value of each program reads, in one shape for the tests. */
export interface LockBench {
  readonly kind: LockKind;
  readonly scope: Scope;
  readonly etcd: TestEtcd;
  readonly rival: LockRival;
  /** A console's own connection and store. */
  open(): { connection: EtcdConnection; store: LockStore };
  readonly print: (max: number, holders: readonly string[]) => string;
  readonly holders: (text: string | null) => string[];
}

const v2Answer = z.object({ node: z.object({ value: z.string(), modifiedIndex: z.number() }) });

/** Go's url.QueryEscape for what these tests call groups: as a form is written. */
function queryEscape(group: string): string {
  return new URLSearchParams({ '': group }).toString().slice(1);
}

/** locksmith's `lock/etcd.go` over plain HTTP. */
function locksmithRival(url: string): LockRival {
  const address = (group: string) => {
    const part = group === '' ? '' : `groups/${encodeURIComponent(queryEscape(group))}/`;
    return `${url}/v2/keys/coreos.com/updateengine/rebootlock/${part}semaphore`;
  };
  const put = async (group: string, fields: Record<string, string>) =>
    await fetch(address(group), { method: 'PUT', body: new URLSearchParams(fields) });
  const get = async (group: string) => {
    const reply = await fetch(`${address(group)}?quorum=true`);
    return reply.status === 404 ? null : v2Answer.parse(await reply.json()).node;
  };
  const value = z.object({ semaphore: z.number(), max: z.number(), holders: z.array(z.string()).nullable() });
  const change = async (group: string, edit: (held: string[], free: number) => string[] | null) => {
    for (;;) {
      const node = await get(group);
      if (!node) throw new Error('no lock');
      const read = value.parse(JSON.parse(node.value));
      const held = edit(read.holders ?? [], read.semaphore);
      if (held === null) return false;
      const text = JSON.stringify({ semaphore: read.max - held.length, max: read.max, holders: held.toSorted() });
      const reply = await put(group, { value: text, prevIndex: String(node.modifiedIndex) });
      await reply.text();
      if (reply.ok) return true;
    }
  };
  return {
    seed: async (group, text) => void (await (await put(group, { value: text })).text()),
    text: async (group) => (await get(group))?.value ?? null,
    take: (group, id) => change(group, (held, free) => (free <= 0 || held.includes(id) ? null : [...held, id])),
    give: (group, id) => change(group, (held) => (held.includes(id) ? held.filter((one) => one !== id) : null)),
    async record(group) {
      const values: string[] = [];
      let next = ((await get(group))?.modifiedIndex ?? 0) + 1;
      let last = Number.POSITIVE_INFINITY;
      const running = (async () => {
        while (next <= last) {
          const asked = await fetch(`${address(group)}?wait=true&waitIndex=${next}`);
          const { node } = v2Answer.parse(await asked.json());
          values.push(node.value);
          next = node.modifiedIndex + 1;
        }
      })();
      return {
        async stop() {
          last = (await get(group))?.modifiedIndex ?? 0;
          // The one request that waits for a write to come is left to end with etcd.
          await Promise.race([running.catch(() => {}), pause(2000)]);
          return values;
        },
      };
    },
  };
}

/** airlock's `internal/lock` over plain gRPC: transactions on the key's version. */
function airlockRival(scope: Scope, url: string): LockRival {
  const etcd = rawEtcd(scope, url);
  const keyOf = (group: string) => Buffer.from(`com.coreos.airlock/groups/${queryEscape(group)}/v1/semaphore`);
  const put = (group: string, text: string) => ({ key: keyOf(group), value: Buffer.from(text) });
  const get = async (group: string): Promise<{ text: string; version: string } | null> => {
    const { kvs } = await etcd.call('KV', 'range', { key: keyOf(group) });
    return kvs[0] ? { text: kvs[0].value.toString(), version: kvs[0].version } : null;
  };
  const value = z.object({ total_slots: z.number(), holders: z.array(z.string()) });
  const change = async (group: string, edit: (held: string[], free: number) => string[] | null) => {
    for (;;) {
      const found = await get(group);
      if (!found) throw new Error('no lock');
      const read = value.parse(JSON.parse(found.text));
      const held = edit(read.holders, read.total_slots - read.holders.length);
      if (held === null) return false;
      const text = JSON.stringify({ total_slots: read.total_slots, holders: held.toSorted() });
      const { succeeded } = await etcd.call('KV', 'txn', {
        compare: [{ key: keyOf(group), target: 'VERSION', result: 'EQUAL', version: found.version }],
        success: [{ request_put: put(group, text) }],
      });
      if (succeeded) return true;
    }
  };
  return {
    seed: async (group, text) => void (await etcd.call('KV', 'put', put(group, text))),
    text: async (group) => (await get(group))?.text ?? null,
    take: (group, id) => change(group, (held, free) => (free <= 0 || held.includes(id) ? null : [...held, id])),
    give: (group, id) => change(group, (held) => (held.includes(id) ? held.filter((one) => one !== id) : null)),
    async record(group) {
      const stream = etcd.stream('Watch', 'watch');
      stream.write({ create_request: { key: keyOf(group) } });
      await expect.poll(() => stream.replies.some(({ created }) => created)).toBe(true);
      const values = () =>
        stream.replies.flatMap(({ events = [] }) =>
          events.map((event: { kv: { value: Buffer } }) => String(event.kv.value)),
        );
      return {
        async stop() {
          const last = await get(group);
          await expect.poll(() => values().at(-1)).toBe(last?.text);
          stream.cancel();
          return values();
        },
      };
    },
  };
}

const shapes = {
  locksmith: (max: number, holders: readonly string[]) => ({ semaphore: max - holders.length, max, holders }),
  airlock: (max: number, holders: readonly string[]) => ({ total_slots: max, holders }),
};

/** Describes what the locks of both programs must do alike, on a real etcd that keeps both. */
export function onBothLocks(title: string, tests: (bench: () => LockBench) => void): void {
  for (const kind of ['locksmith', 'airlock'] as const) {
    describe(`${title}: ${kind}`, () => {
      const shared = new Scope('lock conformance');
      let etcd: TestEtcd | null = null;
      let bench: LockBench | null = null;
      beforeEach(async () => {
        needsEtcd();
        etcd ??= await startEtcd(shared, { arguments: ['--enable-v2=true'] });
        const scope = new Scope('lock test');
        const [url = ''] = etcd.spec.endpoints;
        const { spec } = etcd;
        bench = {
          kind,
          scope,
          etcd,
          rival: kind === 'locksmith' ? locksmithRival(url) : airlockRival(scope, url),
          open() {
            const connection = connectEtcd(spec, { password: async () => null, log: quietLog, scope });
            return {
              connection,
              store: kind === 'locksmith' ? locksmithLocks(connection.v2) : airlockLocks(connection),
            };
          },
          print: (max, holders) => JSON.stringify(shapes[kind](max, holders)),
          holders: (text) => z.object({ holders: z.array(z.string()) }).parse(JSON.parse(text ?? '')).holders,
        };
      });
      afterEach(async () => {
        await bench?.scope.end();
        expect(openScopes().filter((name) => name.startsWith('lock test'))).toEqual([]);
      });
      afterAll(() => shared.end());
      tests(() => bench as LockBench);
    });
  }
}
