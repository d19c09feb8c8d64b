import { expect, test } from 'vitest';
import type { WorkProgress } from '#shared/contract/work.ts';
import type { WorkHost } from './work-lanes.ts';
import { layoutKeeper } from './work-layout.ts';

const work: WorkProgress = {
  phase: 'downloading',
  since: 0,
  progress: 0.1,
  waitsFor: null,
  from: '1',
  to: '2',
  bootBefore: null,
  bootAfter: null,
  holdsLock: false,
  rolledBack: false,
};
/** Made anew each time, as records are with every patch. */
const fleet = (): WorkHost[] =>
  Array.from({ length: 500 }, (_, at) => ({
    host: `node${at}`,
    wave: Math.floor(at / 100),
    state: 'waiting',
    text: '',
    attempt: 1,
    startedAt: null,
    endedAt: null,
    accepted: null,
  }));

test('where nothing moved, every lane is the very one of before', () => {
  const layOut = layoutKeeper();
  const before = layOut(fleet());
  const after = layOut(fleet());
  expect(after.columns).toBe(before.columns);
  expect(after.lanes.every((lane, at) => lane === before.lanes[at])).toBe(true);
});

test('where one host moved on, its lane and the two cells are new, and nothing else', () => {
  const layOut = layoutKeeper();
  const before = layOut(fleet());
  const moved = layOut(fleet().map((one) => (one.host === 'node150' ? { ...one, state: 'applying', work } : one)));
  expect(moved.lanes.flatMap((lane, at) => (lane === before.lanes[at] ? [] : [lane.wave]))).toEqual([1]);
  const [was, is] = [before.lanes[1]?.cells, moved.lanes[1]?.cells];
  expect(is?.downloading.map(({ host }) => host)).toEqual(['node150']);
  expect(is?.waiting).toHaveLength(99);
  expect(is?.done).toBe(was?.done);
  expect(moved.counts).toMatchObject({ waiting: 499, downloading: 1 });
});

test('a column that hosts passed through stays, so that the others stand still', () => {
  const layOut = layoutKeeper();
  const checking = (one: WorkHost): WorkHost => ({ ...one, state: 'applying', work: { ...work, phase: 'checking' } });
  expect(layOut(fleet()).columns).not.toContain('checking');
  const during = layOut(fleet().map((one, at) => (at === 0 ? checking(one) : one)));
  expect(during.columns.slice(0, 2)).toEqual(['waiting', 'checking']);
  expect(layOut(fleet()).columns).toBe(during.columns);
});

test('whatever is seen of a host makes it another one', () => {
  const host: WorkHost = { ...(fleet()[0] as WorkHost), state: 'applying', work };
  const others: WorkHost[] = [
    { ...host, text: 'Three quarters are there.' },
    { ...host, endedAt: 5 },
    { ...host, work: { ...work, progress: 0.2 } },
    { ...host, work: { ...work, phase: 'waiting', waitsFor: 'lock' } },
    { ...host, work: { ...work, rolledBack: true } },
    { ...host, state: 'unreachable' },
    { ...host, wave: 3 },
  ];
  for (const other of others) {
    const layOut = layoutKeeper();
    const before = layOut([host]);
    expect(layOut([other]).lanes[0]).not.toBe(before.lanes[0]);
  }
});
