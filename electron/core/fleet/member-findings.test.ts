import { describe, expect, test } from 'vitest';
import type { EtcdCluster, EtcdMember } from '#shared/contract/etcd.ts';
import { membersByHost, memberFindings, type MemberSight } from './member-findings.ts';

const member: EtcdMember = {
  id: 'b',
  name: 'etcd-2',
  clientUrls: [],
  peerUrls: [],
  learner: false,
  host: 'node2',
  state: 'up',
  reason: '',
  since: 7000,
  readAt: null,
  version: '3.5.0',
  dbBytes: 0,
  dbUsedBytes: 0,
  raftTerm: 0,
  raftIndex: 0,
  raftAppliedIndex: 0,
  raftLag: 0,
  leader: false,
  latencyMs: null,
  errors: [],
};
const find = (more: Partial<EtcdMember>, sight: Partial<MemberSight> = {}) =>
  memberFindings({ member: { ...member, ...more }, alarms: [], quorumLost: false, ...sight }).map(
    ({ state, subject, text }) => [state, subject, text.replace('etcd member etcd-2 ', '')],
  );

describe('an etcd member as a reason', () => {
  test('one that is well, that may not be asked, or that cannot be reached from here, is none', () => {
    expect([find({}), find({ state: 'unauthorized' }), find({ state: 'unknown', reason: 'not asked yet' })]).toEqual([
      [],
      [],
      [],
    ]);
  });

  test('one that does not answer or never started is failing since then', () => {
    expect(find({ state: 'unreachable', reason: 'no answer in 1.5 s' })).toEqual([
      ['failing', 'etcd-2', 'does not answer: no answer in 1.5 s'],
    ]);
    const never = { member: { ...member, state: 'not-started', reason: 'never started' } as const };
    expect(memberFindings({ ...never, alarms: [], quorumLost: false })[0]).toMatchObject({ since: 7000 });
  });

  test('its alarms are named, also while it is silent', () => {
    const alarms = ['NOSPACE', 'CORRUPT', 'LATER'];
    expect(find({}, { alarms })).toEqual([
      ['failing', 'etcd-2 NOSPACE', 'is out of space (NOSPACE): the cluster refuses writes'],
      ['failing', 'etcd-2 CORRUPT', 'found its data corrupt (CORRUPT): it may not be believed'],
      ['failing', 'etcd-2 LATER', 'raised the alarm LATER'],
    ]);
    expect(find({ state: 'unreachable' }, { alarms: ['NOSPACE'] })).toHaveLength(2);
  });

  test('without quorum or a leader it is failing; what else it says asks for attention', () => {
    const errors = ['etcdserver: no leader', 'memberID:11 alarm:NOSPACE', 'disk is slow'];
    expect(find({ errors })).toEqual([
      ['failing', 'etcd-2', 'has no leader: it is cut off from the others'],
      ['attention', 'etcd-2 errors', 'says: disk is slow'],
    ]);
    expect(find({ errors: ['etcdserver: no leader'] }, { quorumLost: true })).toEqual([
      ['failing', 'etcd-2', 'has no leader, as the cluster has lost its quorum: nothing can be written'],
    ]);
  });

  test('far behind counts only after it lasted', () => {
    expect(find({ raftLag: 10_000 })).toEqual([]);
    const lagging = { member: { ...member, raftLag: 10_001 }, alarms: [], quorumLost: false };
    expect(memberFindings(lagging)).toMatchObject([{ state: 'attention', subject: 'etcd-2 lag', hold: true }]);
  });
});

test('a host has all members that run on it, each with its own alarms', () => {
  const etcd: EtcdCluster = {
    state: 'no-quorum',
    reason: '',
    since: 0,
    readAt: null,
    clusterId: '',
    revision: 0,
    leaderId: '',
    members: [member, { ...member, id: 'c', name: 'etcd-3' }, { ...member, id: 'd', host: null }],
    alarms: [{ memberId: 'c', alarm: 'NOSPACE' }],
  };
  const found = membersByHost(etcd);
  expect([...found.keys()]).toEqual(['node2']);
  expect(found.get('node2')?.map(({ member: { id }, alarms, quorumLost }) => [id, alarms, quorumLost])).toEqual([
    ['b', [], true],
    ['c', ['NOSPACE'], true],
  ]);
  expect(membersByHost(undefined).size).toBe(0);
});
