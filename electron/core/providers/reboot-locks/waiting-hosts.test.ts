import { expect, test } from 'vitest';
import { Records } from '#core/fleet/records.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { blankUpdate } from '../update-agents/blank-update.ts';
import { WaitingHosts } from './waiting-hosts.ts';

const locksmith = { kind: 'locksmith', group: '', holders: [] } as const;
const workers = { kind: 'airlock', group: 'workers', holders: [] } as const;
const idle: HostUpdate = {
  ...blankUpdate('update-engine', 0),
  strategy: { name: 'etcd-lock', text: '', source: '' },
};
const waits: HostUpdate = { ...idle, rebootNeeded: true, heldBy: [{ by: 'lock', text: 'It wants the lock.' }] };

function world() {
  const records = new Records();
  let now = Date.parse('2026-08-05T12:00:00Z');
  const waiting = new WaitingHosts(records, () => now);
  const tell = (host: string, update: HostUpdate) => records.publish('host', host, 'update', update);
  return { waiting, tell, now: () => now, pass: (ms: number) => (now += ms) };
}

test('a host that begins to wait is told since then, one that waited before is not, and nobody waits twice', () => {
  const { waiting, tell, now, pass } = world();
  tell('node1', waits);
  tell('node2', idle);
  expect(waiting.of([locksmith])).toEqual([[{ host: 'node1', since: null }]]);
  pass(2000);
  tell('node2', waits);
  const began = now();
  waiting.of([locksmith]);
  pass(60_000);
  expect(waiting.of([locksmith])).toEqual([
    [
      { host: 'node1', since: null },
      { host: 'node2', since: began },
    ],
  ]);
  tell('node1', idle);
  expect(waiting.of([locksmith])[0]).toHaveLength(1);
});

test('who holds the lock does not wait for it, and zincati waits for that of its group alone', () => {
  const { waiting, tell } = world();
  tell('node1', waits);
  tell('node2', {
    ...waits,
    agent: 'rpm-ostree',
    strategy: { name: 'fleet_lock', text: '', source: '' },
    facts: [{ name: 'Group', value: 'workers', source: '' }],
  });
  const holder = { id: 'a', host: 'node1', since: null, gone: false, evidence: '' };
  const held = { ...locksmith, holders: [holder] };
  expect(waiting.of([held, { ...workers, group: 'others' }, workers])).toEqual([
    [],
    [],
    [{ host: 'node2', since: null }],
  ]);
});

test('outside of its own window a host does not ask for the lock', () => {
  const { waiting, tell, pass } = world();
  const windows = [{ days: [2], from: 13 * 60, lengthMs: 3_600_000, measure: 'elapsed' as const }];
  tell('node1', { ...waits, weekly: { timeZone: 'UTC', windows } });
  expect(waiting.of([locksmith])).toEqual([[]]);
  pass(3_700_000);
  expect(waiting.of([locksmith])[0]).toHaveLength(1);
});
