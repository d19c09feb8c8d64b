import { expect, test } from 'vitest';
import { type ChangePlan, type ChangeState, defaultWaves } from '#shared/contract/change.ts';
import { changesToArchive } from './archive.ts';
import type { StoredChange } from './stored-change.ts';

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

test('of those that are over only so many bytes stay whole, the newest first; what is not over does not count', () => {
  const text = 'x'.repeat(20 * 1024 * 1024);
  const large = (id: string, state: ChangeState, ago: number) => {
    const one = change(id, state, now - ago);
    return { ...one, plan: { ...one.plan, contents: { ['1'.repeat(64)]: text } } };
  };
  const changes = [large('running', 'running', 0), ...[1, 2, 3, 4, 5].map((ago) => large(`c${ago}`, 'committed', ago))];
  expect(changesToArchive(changes, now).map(({ plan }) => plan.id)).toEqual(['c4', 'c5']);
});

test('of those that are over the hundred newest stay whole', () => {
  const changes = Array.from({ length: 130 }, (_, at) => change(`c${at}`, 'stopped', now - at * 1000));
  const folded = changesToArchive(changes, now).map(({ plan }) => plan.id);
  expect(folded).toEqual(Array.from({ length: 30 }, (_, at) => `c${at + 100}`));
});

test('of those whose texts are large only as many stay whole as together are not too large, the newest always', () => {
  const changes = [0, 1, 2].map((at) => {
    const one = change(`c${at}`, 'committed', now - at * 1000);
    return { ...one, plan: { ...one.plan, contents: { ['a'.repeat(64)]: 'x'.repeat(40_000_000) } } };
  });
  expect(changesToArchive(changes, now).map(({ plan }) => plan.id)).toEqual(['c1', 'c2']);
});
