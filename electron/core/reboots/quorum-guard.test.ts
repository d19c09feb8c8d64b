import { expect, test } from 'vitest';
import type { EtcdCluster, EtcdMember } from '#shared/contract/etcd.ts';
import { quorumObstacle } from './quorum-guard.ts';

const now = 1_000_000;
const member = (at: number, more: Partial<EtcdMember> = {}): EtcdMember => ({
  id: `m${at}`,
  name: `node${at}`,
  clientUrls: [],
  peerUrls: [],
  learner: false,
  host: `node${at}`,
  state: 'up',
  reason: '',
  since: 0,
  readAt: now - 1000,
  version: '3.5.0',
  dbBytes: 1,
  dbUsedBytes: 1,
  raftTerm: 1,
  raftIndex: 1,
  raftAppliedIndex: 1,
  raftLag: 0,
  leader: at === 1,
  latencyMs: 1,
  errors: [],
  ...more,
});
const etcd = (members: EtcdMember[], more: Partial<EtcdCluster> = {}): EtcdCluster => ({
  state: 'healthy',
  reason: '',
  since: 0,
  readAt: now,
  clusterId: 'c',
  revision: 1,
  leaderId: 'm1',
  members,
  alarms: [],
  ...more,
});
const ask = (cluster: EtcdCluster | undefined, host: string, goingDown: string | null = null) =>
  quorumObstacle({ etcd: cluster, now, goingDown }, host);
const three = [member(1), member(2), member(3)];

test('one member of three that are all well may go, and so may any host without one', () => {
  expect(ask(etcd(three), 'node1')).toBe(null);
  expect(ask(etcd(three), 'web1')).toBe(null);
  expect(ask(undefined, 'node1')).toBe(null);
  expect(ask(etcd([], { state: 'none' }), 'node1')).toBe(null);
});

test('with a member that does not answer none of the others may go, with the sum; it may itself', () => {
  const down = etcd([member(1), member(2), member(3, { state: 'unreachable', reason: 'refused' })]);
  expect(ask(down, 'node1')).toBe(
    "etcd's node1 must not go: node3 is not healthy; without it 1 of 3 would be left, and quorum is 2. (3 members, 2 healthy, quorum 2: with node3 down none may go)",
  );
  expect(ask(down, 'node3')).toBe(null);
  expect(ask(down, 'web1')).toBe(null);
});

test('a member with an alarm, without a leader, or that may not be asked is not known to be well', () => {
  const alarmed = etcd(three, { alarms: [{ memberId: 'm2', alarm: 'NOSPACE' }] });
  expect(ask(alarmed, 'node1')).toContain('node2 is not healthy');
  const cutOff = etcd([member(1), member(2, { errors: ['etcdserver: no leader'] }), member(3)]);
  expect(ask(cutOff, 'node1')).toContain('node2 is not healthy');
  expect(ask(etcd([member(1), member(2, { state: 'unauthorized' }), member(3)]), 'node1')).toContain('node2');
});

test('what was not read lately, or not at all, is refused as such', () => {
  expect(ask(etcd([member(1), member(2, { readAt: now - 11_000 }), member(3)]), 'node1')).toBe(
    "node1 must not go: how etcd's node2 is was not read in the last 10 s.",
  );
  expect(ask(etcd([], { state: 'connecting' }), 'web1')).toContain('were not read yet');
});

test('a member whose host was just told to go counts as away, and learners have no vote', () => {
  expect(ask(etcd(three), 'node1', 'node2')).toContain('node2, which is being rebooted, is not healthy');
  expect(ask(etcd(three), 'web1', 'node2')).toBe(null);
  const learning = etcd([...three, member(4, { learner: true, state: 'unreachable' })]);
  expect(ask(learning, 'node1')).toBe(null);
  expect(ask(learning, 'node4')).toBe(null);
});

test('two members on one host go together', () => {
  const crowded = etcd([member(1), member(2, { host: 'node1' }), member(3)]);
  expect(ask(crowded, 'node1')).toContain('must not go');
  expect(ask(etcd([...three, member(4), member(5, { host: 'node1' })]), 'node1')).toContain('must not go');
});
