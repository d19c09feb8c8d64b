import { expect, test } from 'vitest';
import type { ClusterPresence } from '#shared/contract/presence.ts';
import { presenceRemarks, presenceWords } from './presence.ts';

const one = (person: string, id = person) => ({ id, person, console: 'desk', since: 0 });
const presence = (more: Partial<ClusterPresence>): ClusterPresence => ({
  kind: 'etcd',
  self: one('me'),
  others: [],
  behind: null,
  unseen: null,
  ...more,
});
const lost = { code: 'lost', message: 'no etcd answers' } as const;

test('people are named once each, and own windows are counted', () => {
  expect(presenceWords(presence({}), 1)).toBe('Nobody else is here');
  const others = [one('ada'), one('ada', 'second'), one('bob'), one('eve')];
  expect(presenceWords(presence({ others }), 2)).toBe('With ada, bob and 1 more · 2 windows here');
});

test('what is not known is said so', () => {
  expect(presenceWords(presence({ others: [one('ada')], behind: lost }), 1)).toBe('Who else is here is not known');
  expect(presenceWords(presence({ kind: 'local' }), 3)).toBe('Only this console is known · 3 windows here');
  expect(presenceRemarks(presence({ behind: lost, unseen: lost }))).toEqual([
    'Who else is here is as it was last known: no etcd answers.',
    'Others do not see this console: no etcd answers.',
  ]);
  expect(presenceRemarks(presence({ kind: 'local' }))).toHaveLength(1);
});
