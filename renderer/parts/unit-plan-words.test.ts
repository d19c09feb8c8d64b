import { expect, test } from 'vitest';
import type { UnitPlan } from '#shared/contract/unit.ts';
import { confirmWords, sameReasons } from './unit-plan-words.ts';

const step = (host: string): UnitPlan['steps'][number] => ({
  host,
  command: 'systemctl restart web.service',
  before: 'active (running)',
  elevation: 'root',
});
const left = (host: string, message: string): UnitPlan['leftOut'][number] => ({
  host,
  reason: { code: 'not-found', message, host },
});
const plan = (steps: UnitPlan['steps'], leftOut: UnitPlan['leftOut']): UnitPlan => ({
  hosts: [...steps, ...leftOut].map(({ host }) => host),
  unit: 'web.service',
  verb: 'restart',
  steps,
  leftOut,
  undo: '',
  fingerprint: '',
});

test('the button counts what it acts on and what it leaves out', () => {
  expect(confirmWords(plan([step('a')], []))).toBe('Restart web.service on a');
  const eleven = Array.from({ length: 11 }, (_, at) => step(`h${at}`));
  expect(confirmWords(plan(eleven, []))).toBe('Restart web.service on 11 hosts');
  expect(confirmWords(plan(eleven, [left('b', 'gone')]))).toBe('Restart web.service on 11 hosts, 1 left out');
});

test('hosts with the same reason are told once, the most frequent reason first', () => {
  const grouped = sameReasons([left('a', 'no unit'), left('b', 'not connected'), left('c', 'not connected')]);
  expect(grouped.map(({ hosts, reason }) => [hosts, reason.message])).toEqual([
    [['b', 'c'], 'not connected'],
    [['a'], 'no unit'],
  ]);
});
