import { expect, test } from 'vitest';
import type { HostChange, PlannedStep } from '#shared/contract/change.ts';
import { auditOf } from './audit.ts';

const [before, after] = ['a'.repeat(64), 'b'.repeat(64)];
const step: PlannedStep = {
  hosts: ['web1'],
  files: [
    {
      path: '/etc/a',
      before: { kind: 'file', hash: before, mode: '640', uid: 0, gid: 4 },
      after: { kind: 'file', hash: after, mode: '640', uid: 0, gid: 4 },
    },
    { path: '/etc/b', before: { kind: 'absent' }, after: { kind: 'absent' } },
  ],
  actions: [
    { verb: 'daemon-reload', unit: null },
    { verb: 'restart', unit: 'a.service' },
  ],
  undo: [],
  validators: [],
  gates: [],
};
const host: HostChange = {
  host: 'web1',
  wave: 0,
  state: 'not-restored',
  text: 'the disk is full',
  attempt: 2,
  evidence: [
    { at: 1, step: 'armed', text: '90 s' },
    { at: 2, step: 'applied', text: '' },
  ],
  startedAt: 1000,
  endedAt: 3500,
  accepted: null,
};

test('tells hashes, commands and evidence of one host', () => {
  expect(auditOf('Set a', '20260101-abcdef', step, host)).toEqual({
    what: 'not restored: Set a',
    command: 'systemctl daemon-reload; systemctl restart a.service',
    outcome: 'failed',
    durationMs: 2500,
    detail: [
      'change 20260101-abcdef, attempt 2: the disk is full',
      `/etc/a: ${before} mode 640 owner 0:4 to ${after} mode 640 owner 0:4`,
      '/etc/b: no file to no file',
      'armed: 90 s',
      'applied',
    ].join('\n'),
  });
});
