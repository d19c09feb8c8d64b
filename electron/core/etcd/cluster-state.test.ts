import { expect, test } from 'vitest';
import { clusterState, type ClusterSight } from './cluster-state.ts';
import type { EndpointReading, ListedMember } from './member-endpoints.ts';
import type { MemberFigures, MemberReading } from './member-reading.ts';

const figures: MemberFigures = {
  memberId: 'a',
  clusterId: 'c',
  revision: 10,
  version: '3.5.0',
  dbBytes: 100,
  dbUsedBytes: 50,
  leader: 'a',
  raftTerm: 3,
  raftIndex: 200,
  raftAppliedIndex: 200,
  learner: false,
  errors: [],
};
const up = (id: string, more: Partial<MemberFigures> = {}): MemberReading => ({
  state: 'up',
  reason: '',
  readAt: 1000,
  latencyMs: 1,
  figures: { ...figures, memberId: id, ...more },
});
const down = (state: 'unreachable' | 'unauthorized', reason: string, id: string | null = null): MemberReading => ({
  state,
  reason,
  readAt: null,
  latencyMs: null,
  figures: id === null ? null : { ...figures, memberId: id },
});
const at = (url: string, reading: MemberReading, dialledFor: string | null = null): EndpointReading => ({
  url,
  dialledFor,
  reading,
});
const member = (id: string, address: string): ListedMember => ({
  id,
  name: `etcd-${id}`,
  clientUrls: [`http://${address}:2379`],
  peerUrls: [`http://${address}:2380`],
  learner: false,
});
const three = [member('a', '10.0.0.1'), member('b', '10.0.0.2'), member('c', '10.0.0.3')];
const see = (endpoints: EndpointReading[], more: Partial<ClusterSight> = {}) =>
  clusterState({ now: 5000, endpoints, listed: three, login: null, hosts: [], ...more }, null);

const [a, b, c] = ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3'] as const;

test('a member that may not be read is unauthorized, not down, and does not degrade the cluster', () => {
  const cluster = see([at(a, up('a')), at(b, up('b')), at(c, down('unauthorized', 'permission denied', 'c'))]);
  expect([cluster.state, cluster.members[2]?.state]).toEqual(['healthy', 'unauthorized']);
  const all = see([a, b, c].map((url) => at(url, down('unauthorized', 'permission denied'))));
  expect([all.state, all.reason]).toEqual(['unauthorized', 'etcd does not let us read its status: permission denied']);
});

test('the last forward left over is the last member’s; two left over are not guessed, and nothing is dialled', () => {
  const one = see([at(a, up('a')), at(b, up('b')), at(c, down('unreachable', 'connection refused'))]);
  expect(one.members.map(({ state, reason }) => `${state} ${reason}`)).toEqual([
    'up ',
    'up ',
    'unreachable connection refused',
  ]);
  const two = see([at(a, up('a')), ...[b, c].map((url) => at(url, down('unreachable', 'no answer in time')))]);
  expect(two.members[1]?.reason).toBe(
    'no endpoint answers as this member (http://127.0.0.1:2: no answer in time; http://127.0.0.1:3: no answer in time)',
  );
  expect(two.state).toBe('degraded');
});

test('an advertised address that answers as another member is not believed', () => {
  const remote = 'http://10.0.0.1:2379';
  const cluster = see([at(remote, up('a')), at('http://10.0.0.2:2379', up('x'), 'b')]);
  expect(cluster.members[1]).toMatchObject({ state: 'unknown', version: '' });
  expect(cluster.members[1]?.reason).toContain('answers as another member');
});

test('without a leader there is no quorum, whoever answers; the newest term says who leads', () => {
  const cluster = see([
    at(a, up('a', { leader: '' })),
    at(b, up('b', { leader: '' })),
    at(c, down('unreachable', 'x')),
  ]);
  expect([cluster.state, cluster.leaderId]).toEqual(['no-quorum', '']);
  const moved = see([at(a, up('a', { leader: 'a', raftTerm: 3 })), at(b, up('b', { leader: 'b', raftTerm: 4 }))]);
  expect(moved.members.map(({ leader }) => leader)).toEqual([false, true, false]);
});

test('alarms, errors and a member far behind are named; lag counts from the most advanced member', () => {
  const errors = ['memberID:11 alarm:NOSPACE'];
  const cluster = see([
    at(a, up('a', { raftIndex: 50_000, raftAppliedIndex: 50_000, errors })),
    at(b, up('b', { raftIndex: 50_000, raftAppliedIndex: 1000 })),
    at(c, up('c', { errors: ['etcdserver: no leader'] })),
  ]);
  expect(cluster.alarms).toEqual([{ memberId: 'b', alarm: 'NOSPACE' }]);
  expect(cluster.members.map(({ raftLag }) => raftLag)).toEqual([0, 49_000, 49_800]);
  expect(cluster.reason).toBe(
    'etcd-b is 49000 entries behind; etcd-c is 49800 entries behind; etcd-b is out of space (NOSPACE): writes are refused',
  );
});

test('a refused password outweighs a healthy status, and "since" moves only with the state', () => {
  const login = { code: 'authentication', message: 'etcd refuses the password of user root' } as const;
  const sight = { now: 5000, endpoints: [at(a, up('a'))], listed: [three[0] as ListedMember], login, hosts: [] };
  const first = clusterState(sight, null);
  expect([first.state, first.reason, first.members[0]?.state]).toEqual(['unauthorized', login.message, 'up']);
  const later = clusterState({ ...sight, now: 9000 }, first);
  expect([later.since, later.members[0]?.since]).toEqual([5000, 5000]);
  const gone = clusterState({ ...sight, now: 9500, endpoints: [at(a, down('unreachable', 'x'))] }, later);
  expect([gone.state, gone.since, gone.members[0]?.version]).toEqual(['unreachable', 9500, '3.5.0']);
});
