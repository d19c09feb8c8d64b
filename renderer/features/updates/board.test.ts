import { expect, test } from 'vitest';
import { makePolicy, updated } from '#kit/update-hosts.ts';
import { makeHost } from '#kit/filter-hosts.ts';
import type { UpdateGroups } from '#shared/contract/update-policy.ts';
import { boardOf } from './board.ts';

const told: UpdateGroups = {
  kind: 'etcd',
  problem: null,
  groups: [
    { policy: makePolicy(), key: '', revision: 1, by: '', at: 0, hosts: ['a', 'b', 'c', 'gone'], automatic: null },
  ],
  firstSeen: [{ agent: 'update-engine', channel: 'stable', version: '4628.2.0', at: 5 }],
};
const hosts = new Map([
  updated('a'),
  updated('b', { offered: null, running: '4628.2.0', rebootNeeded: true }),
  updated('c', { channel: 'beta', phase: 'downloading' }),
  updated('d', { agent: 'apt', channel: null, offered: null, pending: { total: 2, security: 0, held: 0, names: [] } }),
  ['e', makeHost('e')] as const,
]);

test('says that the groups are not read, where that is why there are none', () => {
  const problem = { code: 'unreachable' as const, message: 'etcd is away' };
  expect(boardOf({ ...told, groups: [], problem }, hosts).isRead).toBe(false);
  expect(boardOf({ ...told, problem }, hosts).isRead).toBe(true);
  expect(boardOf({ ...told, groups: [] }, hosts).isRead).toBe(true);
});

test('groups down, channels across, with what runs, what is offered since when, and what is in the way', () => {
  const { columns, rows } = boardOf(told, hosts);
  expect(columns.map(({ key, hosts: count }) => [key, count])).toEqual([
    ['update-engine/stable', 2],
    ['update-engine/beta', 1],
    ['apt/', 1],
    ['unread/', 1],
  ]);
  expect(rows.map(({ name, behind }) => [name, behind])).toEqual([
    ['web', 1],
    ['-', 1],
  ]);
  expect(rows[0]?.cells.get('update-engine/stable')).toEqual({
    hosts: ['a', 'b'],
    running: [
      { version: '4628.2.0', hosts: 1, since: 5 },
      { version: '4593.2.1', hosts: 1, since: null },
    ],
    offered: [{ version: '4628.2.0', hosts: 1, since: 5 }],
    behind: 1,
    blocked: 0,
    failed: 0,
    updating: 0,
    reboot: 1,
  });
  // It follows another channel than its group says.
  expect(rows[0]?.cells.get('update-engine/beta')).toMatchObject({ blocked: 1, updating: 1, behind: 0 });
});
