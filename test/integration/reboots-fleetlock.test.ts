import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLocalJournalStore } from '#core/changes/local-journal-store.ts';
import { Records } from '#core/fleet/records.ts';
import { Scope } from '#core/lib/scope.ts';
import { zincatiId } from '#core/providers/reboot-locks/zincati-id.ts';
import { ClusterLock } from '#core/reboots/cluster-lock.ts';
import { RebootNotes } from '#core/reboots/reboot-notes.ts';
import type { HostFacts } from '#shared/contract/host.ts';
import type { HostUpdate } from '#shared/contract/update.ts';

test('a host that asks a FleetLock server has its slot taken and given back there, as itself', async () => {
  const scope = new Scope('fleet lock of a host');
  const dir = await mkdtemp(join(tmpdir(), 'qd-fleetlock-'));
  const holders = new Set<string>();
  const asked: string[] = [];
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { client_params: who } = JSON.parse(Buffer.concat(chunks).toString()) as {
        client_params: { id: string; group: string };
      };
      asked.push(`${request.url} ${who.group} ${who.id}`);
      if (request.url === '/v1/steady-state') holders.delete(who.id);
      else if (holders.size > 0 && !holders.has(who.id)) {
        reply.writeHead(409).end(JSON.stringify({ kind: 'failed_lock', value: 'semaphore currently full' }));
        return;
      } else holders.add(who.id);
      reply.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const records = new Records();
    const facts = [
      { name: 'Group', value: 'workers', source: '' },
      { name: 'Lock server', value: url, source: '/etc/zincati/config.d/50-lock.toml' },
    ];
    const strategy = { name: 'fleet_lock', text: '', source: '' };
    const machines = { node1: '1'.repeat(32), node2: '2'.repeat(32) };
    for (const [host, machineId] of Object.entries(machines)) {
      records.publish('host', host, 'facts', { machineId, bootId: 'one' } as HostFacts);
      records.publish('host', host, 'update', { strategy, facts } as HostUpdate);
    }
    const notes = new RebootNotes();
    notes.use(await openLocalJournalStore(join(dir, 'journal'), scope, Date.now));
    const { signal } = scope;
    const lock = new ClusterLock({ records, notes, by: 'ada@desk', now: Date.now, signal, etcd: () => null });
    const id = zincatiId(machines.node1) ?? '';

    expect(await lock.take('node1', '', 'd1')).toEqual({
      held: true,
      mayGo: true,
      text: `the lock of ${url} is held for node1.`,
    });
    expect(await lock.take('node2', '', 'd2')).toMatchObject({
      held: false,
      mayGo: false,
      text: expect.stringContaining('semaphore currently full') as string,
    });
    expect([...holders]).toEqual([id]);
    await lock.give('node2', '', 'd2');
    expect([...holders]).toEqual([id]);
    await lock.give('node1', '', 'd1');
    expect([...holders]).toEqual([]);
    expect(asked[0]).toBe(`/v1/pre-reboot workers ${id}`);
    expect(asked.at(-1)).toBe(`/v1/steady-state workers ${id}`);
    expect(await notes.allHeld()).toEqual([]);
  } finally {
    server.close();
    await scope.end();
    await rm(dir, { recursive: true, force: true });
  }
});
