import { expect, test } from 'vitest';
import { type ChangePlan, type ChangeState, defaultWaves } from '#shared/contract/change.ts';
import { changesToArchive } from './archive.ts';
import type { StoredChange } from './change-journal.ts';

const day = 24 * 3_600_000;
const now = 1_000 * day;

function change(id: string, state: ChangeState, endedAt: number): StoredChange {
  const plan: ChangePlan = {
    id,
    title: id,
    by: 'ada@desk',
    at: endedAt,
    steps: [],
    unchanged: [],
    leftOut: [],
    waves: [],
    policy: defaultWaves,
    contents: {},
    hash: '0'.repeat(64),
  };
  const progress = { state, text: '', wave: 0, soaksUntil: null, startedAt: endedAt, endedAt, approvals: [] };
  return { plan, altered: false, progress, hosts: new Map(), owner: null, wishes: [] };
}

test('what is over for more than ninety days is folded up, what is not over never', () => {
  const changes = [
    change('old', 'committed', now - 91 * day),
    change('young', 'committed', now - 89 * day),
    change('paused', 'paused', now - 400 * day),
    change('stuck', 'not-rolled-back', now - 91 * day),
  ];
  expect(changesToArchive(changes, now).map(({ plan }) => plan.id)).toEqual(['old', 'stuck']);
});

test('of those that are over the hundred newest stay whole', () => {
  const changes = Array.from({ length: 130 }, (_, at) => change(`c${at}`, 'stopped', now - at * 1000));
  const folded = changesToArchive(changes, now).map(({ plan }) => plan.id);
  expect(folded).toEqual(Array.from({ length: 30 }, (_, at) => `c${at + 100}`));
});
