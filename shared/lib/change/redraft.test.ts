import { expect, it } from 'vitest';
import { type ChangePlan, defaultWaves, type FileState } from '../../contract/change.ts';
import { redraft, undoDraft } from './redraft.ts';

const [old, next] = ['a'.repeat(64), 'b'.repeat(64)];
const state = (hash: string, mode = '644', uid = 0): FileState => ({ kind: 'file', hash, mode, uid, gid: 0 });
const reload = { verb: 'reload' as const, unit: 'a.service' };
const restart = { verb: 'restart' as const, unit: 'a.service' };
const plan: ChangePlan = {
  id: '20260101-abcdef',
  title: 'Set it',
  by: 'ada',
  at: 1,
  steps: [
    {
      hosts: ['n1', 'n2'],
      files: [
        { path: '/etc/a', before: state(old), after: state(next) },
        { path: '/etc/new', before: { kind: 'absent' }, after: state(next, '600', 7) },
      ],
      actions: [reload],
      undo: [restart],
      validators: [],
      gates: [{ kind: 'health' }],
    },
  ],
  unchanged: [],
  leftOut: [],
  waves: [['n1', 'n2']],
  policy: defaultWaves,
  contents: { [old]: 'old\n', [next]: 'next\n' },
  hash: 'c'.repeat(64),
};

it('makes a draft of what a plan does on some of its hosts, resting on what it rested on', () => {
  expect(redraft(plan, ['n2'])).toEqual({
    title: 'Set it',
    policy: defaultWaves,
    parts: [
      {
        hosts: ['n2'],
        files: [
          { path: '/etc/a', content: 'next\n', mode: null, owner: null, seen: { n2: old } },
          { path: '/etc/new', content: 'next\n', mode: '600', owner: { uid: 7, gid: 0 }, seen: { n2: null } },
        ],
        actions: [reload],
        validators: [],
        gates: [{ kind: 'health' }],
      },
    ],
  });
});

it('makes a draft of what leads back, resting on what the change left', () => {
  const { title, parts } = undoDraft(plan, ['n1']);
  expect(title).toBe('Undo: Set it');
  expect(parts[0]).toMatchObject({
    hosts: ['n1'],
    files: [
      { path: '/etc/a', content: 'old\n', seen: { n1: next } },
      { path: '/etc/new', content: null, seen: { n1: next } },
    ],
    actions: [restart],
  });
});
