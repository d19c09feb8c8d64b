import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ChangePlan, FileState, PlannedStep } from '#shared/contract/change.ts';
import { countLines, foldSteps } from './fold-steps.ts';

const contents: Record<string, string> = {};
function state(text: string, mode = '644'): FileState {
  const hash = createHash('sha256').update(text).digest('hex');
  contents[hash] = text;
  return { kind: 'file', hash, mode, uid: 0, gid: 0 };
}
const step = (host: string, before: FileState, after: FileState): PlannedStep => ({
  hosts: [host],
  files: [{ path: '/etc/app.conf', before, after }],
  actions: [],
  undo: [],
  validators: [],
  gates: [],
});
const plan = (steps: PlannedStep[]): Pick<ChangePlan, 'steps' | 'contents'> => ({ steps, contents });
const own = (host: string, workers: number, extra = '') =>
  `name = ${host}\nlisten = 80\nworkers = ${workers}\n# ${host} again\nlog = on\n${extra}`;

it('folds a thousand files of their own in which the same line changes', () => {
  const steps = Array.from({ length: 1000 }, (_, at) => {
    const other = at % 400 === 7 ? 'debug = yes\n' : '';
    return step(`n${at}`, state(own(`n${at}`, 4)), state(own(`n${at}`, 8, other)));
  });
  const folds = foldSteps(plan(steps));
  expect(folds.map(({ hosts, steps: its }) => [hosts.length, its.length])).toEqual([
    [997, 997],
    [3, 3],
  ]);
  const [first, second] = folds;
  expect(first?.steps[0] && countLines(first.steps[0], contents)).toEqual([
    { path: '/etc/app.conf', added: 1, removed: 1 },
  ]);
  expect(second?.hosts).toEqual(['n7', 'n407', 'n807']);
  expect(second?.steps[0] && countLines(second.steps[0], contents)).toEqual([
    { path: '/etc/app.conf', added: 2, removed: 1 },
  ]);
});

it('keeps apart what differs in its lines, in its mode, or in what is done after', () => {
  const base = step('a', state(own('a', 4)), state(own('a', 8)));
  const folds = foldSteps(
    plan([
      base,
      step('b', state(own('b', 4)), state(own('b', 9))),
      step('c', state(own('c', 4)), state(own('c', 8), '600')),
      { ...step('d', state(own('d', 4)), state(own('d', 8))), actions: [{ verb: 'daemon-reload', unit: null }] },
      step('e', { kind: 'absent' }, state(own('e', 8))),
      step('f', state(own('f', 4)), state(own('f', 8))),
    ]),
  );
  expect(folds.map(({ hosts }) => hosts)).toEqual([['a', 'f'], ['b'], ['c'], ['d'], ['e']]);
});

it('folds what is too long to be told apart only where it is equal', () => {
  const long = (first: string) => `${first}\n${'x\n'.repeat(500)}${first} end\n`;
  const other = (first: string) => `${first}!\n${'y\n'.repeat(500)}${first} end!\n`;
  const folds = foldSteps(
    plan([
      step('a', state(long('1')), state(other('1'))),
      step('b', state(long('2')), state(other('2'))),
      step('c', state(long('1')), state(other('1'))),
    ]),
  );
  expect(folds.map(({ hosts }) => hosts)).toEqual([['a', 'c'], ['b']]);
});
