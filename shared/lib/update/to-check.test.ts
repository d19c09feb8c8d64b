import { expect, test } from 'vitest';
import type { PlannedStep } from '../../contract/change.ts';
import type { RecordOf } from '../../contract/records.ts';
import { toCheck } from './to-check.ts';

const writing = (path: string, ...hosts: string[]): PlannedStep => ({
  hosts,
  files: [{ path, before: { kind: 'absent' }, after: { kind: 'absent' } }],
  actions: [],
  undo: [],
  validators: [],
  gates: [],
});
const engine = (lastCheckAt: number | null, agent = 'update-engine') =>
  ({ update: { agent, lastCheckAt } }) as RecordOf<'host'>;

test('who was moved by a change and asked no server since is to be told to check', () => {
  const steps = [
    writing('/etc/flatcar/update.conf', 'never', 'before', 'after', 'failed'),
    writing('/etc/coreos/update.conf', 'old', 'other'),
    writing('/etc/motd', 'motd'),
  ];
  const hosts = new Map([
    ['never', engine(null)],
    ['before', engine(900)],
    ['after', engine(1100)],
    ['failed', engine(null)],
    ['old', engine(null)],
    ['other', engine(null, 'apt')],
    ['motd', engine(null)],
  ]);
  const courses = [...hosts.keys()].map((host) => ({
    host,
    state: host === 'failed' ? ('restored' as const) : ('done' as const),
    endedAt: 1000,
  }));
  expect(toCheck(steps, courses, hosts)).toEqual(['never', 'before', 'old']);
});
