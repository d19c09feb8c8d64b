import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDaemonSet, readNode } from './objects.ts';

const daemonSet = (lock?: string) =>
  JSON.stringify({
    kind: 'DaemonSet',
    metadata: { annotations: lock === undefined ? {} : { 'weave.works/kured-node-lock': lock } },
  });
const node = (annotations: object, more: object = {}) =>
  JSON.stringify({ kind: 'Node', metadata: { name: 'node1', annotations, ...more }, spec: {} });

test('kured’s lock is read with one owner and with several, and expires after nanoseconds', () => {
  const created = '2026-08-01T02:31:07.123Z';
  const one = readDaemonSet(
    daemonSet(JSON.stringify({ nodeID: 'node-3', metadata: { unschedulable: false }, created, TTL: 0 })),
  );
  expect(one).toEqual({ max: 1, owners: [{ node: 'node-3', since: Date.parse(created), expiresAt: null }] });
  const two = readDaemonSet(
    daemonSet(JSON.stringify({ maxOwners: 2, locks: [{ nodeID: 'a', created, TTL: 3.6e12 }, { nodeID: 'b' }] })),
  );
  expect(two).toEqual({
    max: 2,
    owners: [
      { node: 'a', since: Date.parse(created), expiresAt: Date.parse(created) + 3_600_000 },
      { node: 'b', since: null, expiresAt: null },
    ],
  });
  expect(readDaemonSet(daemonSet())).toEqual({ max: 1, owners: [] });
  expect([readDaemonSet('{}'), readDaemonSet(daemonSet('not JSON'))]).toEqual([null, null]);
});

test('the Flatcar operator is known by its own prefix and by that of Container Linux', () => {
  const prefix = 'flatcar-linux-update.v1.flatcar-linux.net/';
  const marks = {
    [`${prefix}reboot-needed`]: 'true',
    [`${prefix}reboot-paused`]: 'true',
    [`${prefix}status`]: 'UPDATE_STATUS_UPDATED_NEED_REBOOT',
    [`${prefix}last-checked-time`]: '1785900000',
  };
  expect(readNode(node(marks), 'node1')?.fluo).toMatchObject({
    rebootNeeded: true,
    rebootOk: false,
    paused: true,
    lastCheckedAt: 1_785_900_000_000,
  });
  expect(
    readNode(node({}, { labels: { 'container-linux-update.v1.coreos.com/id': 'coreos' } }), 'node1')?.fluo,
  ).toMatchObject({ paused: false });
  expect(readNode(node({}), 'node1')).toEqual({ unschedulable: false, kured: null, fluo: null });
  expect(readNode(node({}), 'node2')).toBe(null);
});

test('whatever a cluster answers is read or refused, and never thrown at', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), fc.json(), (text, lock) => {
      expect(() => [readNode(text, 'node1'), readDaemonSet(text), readDaemonSet(daemonSet(lock))]).not.toThrow();
    }),
  );
});
