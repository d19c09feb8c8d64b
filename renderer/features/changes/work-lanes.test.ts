import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostChangeStates } from '#shared/contract/change.ts';
import { obstacles } from '#shared/contract/reboot.ts';
import { workPhases, type WorkProgress } from '#shared/contract/work.ts';
import { columnOf, layOutWork, signOf, stepFrom, workColumns, type WorkHost } from './work-lanes.ts';

const work: WorkProgress = {
  phase: 'checking',
  since: 0,
  progress: null,
  waitsFor: null,
  from: '1',
  to: '2',
  bootBefore: null,
  bootAfter: null,
  holdsLock: false,
  rolledBack: false,
};
const host = (name: string, more: Partial<WorkHost> = {}): WorkHost => ({
  host: name,
  wave: 0,
  state: 'applying',
  text: '',
  attempt: 1,
  startedAt: null,
  endedAt: null,
  accepted: null,
  ...more,
});

test('a host goes from left to right as its work goes on', () => {
  const phases = ['checking', 'downloading', 'staged', 'waiting', 'rebooting', 'verifying'] as const;
  const columns = phases.map((phase) => workColumns.indexOf(columnOf(host('a', { work: { ...work, phase } }))));
  expect(columns).toEqual(columns.toSorted((a, b) => a - b));
  expect(new Set(columns).size).toBe(phases.length);
  expect(columnOf(host('a', { state: 'waiting' }))).toBe('waiting');
  expect(columnOf(host('a', { state: 'done', work }))).toBe('done');
});

test('one that took itself back is told apart from one that only failed', () => {
  expect(columnOf(host('a', { state: 'restored', work: { ...work, rolledBack: true } }))).toBe('rolled-back');
  expect(columnOf(host('a', { state: 'restored', work }))).toBe('failed');
  expect(signOf(host('a', { work: { ...work, phase: 'rolling-back' } })).word).toBe('rolling back');
  expect(columnOf(host('a', { state: 'unreachable', work: { ...work, phase: 'rebooting' } }))).toBe('failed');
});

test('what hosts wait for is told in their own sentences, the most frequent first', () => {
  const waits = (name: string, waitsFor: WorkProgress['waitsFor'], text: string) =>
    host(name, { text, work: { ...work, phase: 'waiting', waitsFor } });
  const { waits: told, counts } = layOutWork([
    waits('a', 'lock', 'node1 holds the lock.'),
    waits('b', 'window', 'Its window opens Sat 02:30.'),
    waits('c', 'window', 'Its window opens Sat 02:30.'),
  ]);
  expect(counts.held).toBe(3);
  expect(told).toEqual([
    { by: 'window', text: 'Its window opens Sat 02:30.', hosts: 2 },
    { by: 'lock', text: 'node1 holds the lock.', hosts: 1 },
  ]);
  expect(signOf(waits('a', 'lock', '')).word).toBe('waits for the lock');
});

test('arrows go along a cell, to the next one, and to the next lane', () => {
  const layout = layOutWork([host('a'), host('b'), host('c', { state: 'done' }), host('d', { wave: 1 })]);
  const step = (from: string, key: Parameters<typeof stepFrom>[2]) => stepFrom(layout, from, key, 100);
  expect([step('a', 'ArrowRight'), step('b', 'ArrowRight'), step('a', 'ArrowLeft')]).toEqual(['b', 'c', 'a']);
  expect([step('b', 'ArrowDown'), step('d', 'ArrowUp'), step('d', 'Home'), step('a', 'End')]).toEqual([
    'd',
    'a',
    'a',
    'd',
  ]);
  expect(step('c', 'ArrowDown')).toBe('d');
});

const anyHost = fc
  .record({
    wave: fc.nat(4),
    state: fc.constantFrom(...hostChangeStates),
    text: fc.string({ maxLength: 5 }),
    endedAt: fc.option(fc.nat(), { nil: null }),
    work: fc.option(
      fc.record({
        phase: fc.constantFrom(...workPhases),
        progress: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
        waitsFor: fc.option(fc.constantFrom(...obstacles), { nil: null }),
        rolledBack: fc.boolean(),
      }),
      { nil: undefined },
    ),
  })
  .map(({ work: some, ...more }) => ({ ...more, ...(some && { work: { ...work, ...some } }) }));

test('every host is in one cell of the lane of its wave, and every arrow leads to a host', () => {
  fc.assert(
    fc.property(fc.array(anyHost, { maxLength: 30 }), (some) => {
      const hosts = some.map((more, at) => host(`h${at}`, more));
      const layout = layOutWork(hosts);
      const drawn = layout.lanes.flatMap(({ wave, cells }) =>
        layout.columns.flatMap((column) => cells[column].map((one) => ({ one, wave, column }))),
      );
      expect(drawn.map(({ one }) => one.host).toSorted()).toEqual(hosts.map((one) => one.host).toSorted());
      for (const { one, wave, column } of drawn) expect([wave, column]).toEqual([one.wave, columnOf(one)]);
      expect(Object.values(layout.counts).reduce((sum, many) => sum + many, 0)).toBe(hosts.length);
      const names = new Set(hosts.map((one) => one.host));
      for (const { host: name } of hosts)
        for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const)
          expect(names.has(stepFrom(layout, name, key, 2) ?? '')).toBe(true);
    }),
  );
});
