import { EtcdLeaseInvalidError } from 'etcd3';
import { expect, test } from 'vitest';
import { fail } from '#shared/contract/problem.ts';
import { etcdProblem, statusOf } from './etcd-problem.ts';

test.each([
  ['11 OUT_OF_RANGE: etcdserver: mvcc: required revision has been compacted', 'stale'],
  ['11 OUT_OF_RANGE: etcdserver: mvcc: required revision is a future revision', 'invalid-input'],
  ['7 PERMISSION_DENIED: etcdserver: permission denied', 'permission'],
  ['8 RESOURCE_EXHAUSTED: etcdserver: mvcc: database space exceeded', 'refused'],
  ['8 RESOURCE_EXHAUSTED: etcdserver: too many requests', 'busy'],
  ['3 INVALID_ARGUMENT: etcdserver: authentication failed, invalid user ID or password', 'authentication'],
  ['4 DEADLINE_EXCEEDED: Deadline exceeded after 1.500s', 'timeout'],
  ['12 UNIMPLEMENTED: unknown method AuthStatus for service etcdserverpb.Auth', 'unsupported'],
  ['14 UNAVAILABLE: etcdserver: leader changed', 'unreachable'],
  ['15 DATA_LOSS: etcdserver: corrupt cluster', 'refused'],
  ['2 UNKNOWN: raft proposal dropped', 'protocol'],
  ['99 NONSENSE: x', 'internal'],
  ['not a status', 'internal'],
])('%s', (message, code) => {
  expect(etcdProblem(new Error(message), 'http://a:2379').problem.code).toBe(code);
});

test('words are a person’s, with the endpoint in front', () => {
  const refused =
    '14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';
  expect(etcdProblem(new Error(refused), 'http://a:2379').message).toBe('etcd at http://a:2379: connection refused');
  const tls = '14 UNAVAILABLE: No connection established. Last error: self-signed certificate. Resolution note: ';
  expect(etcdProblem(new Error(tls), 'https://a:2379').message).toBe('etcd at https://a:2379: self-signed certificate');
});

test('etcd3’s rewritten lease error keeps its meaning, and a problem passes through', () => {
  expect(statusOf(new EtcdLeaseInvalidError('7'))).toMatchObject({ code: 5 });
  const problem = fail('busy', 'x');
  expect(etcdProblem(problem, 'http://a:2379')).toBe(problem);
});
