import { expect, it } from 'vitest';
import { type ChangePlan, defaultWaves } from '#shared/contract/change.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import { planMarkdown } from './plan-file.ts';

const [old, next] = ['a'.repeat(64), 'b'.repeat(64)];

it('tells a plan whole: hosts, differences, what is done, who is left out', () => {
  const plan: ChangePlan = {
    id: '20260101-abcdef',
    title: 'Set\nworkers',
    by: 'ada@desk',
    at: 0,
    steps: [
      {
        hosts: ['n1', 'n2'],
        files: [
          {
            path: '/etc/app.conf',
            before: { kind: 'file', hash: old, mode: '644', uid: 0, gid: 0 },
            after: { kind: 'file', hash: next, mode: '600', uid: 0, gid: 0 },
          },
        ],
        actions: [{ verb: 'restart', unit: 'app.service' }],
        undo: [{ verb: 'restart', unit: 'app.service' }],
        validators: [{ name: 'app -t', when: 'staged', path: '/etc/app.conf', command: 'true' }],
        gates: [{ kind: 'health' }],
      },
    ],
    unchanged: [],
    leftOut: [{ host: 'n3', reason: { code: 'unreachable', message: 'not connected' } }],
    waves: [['n1'], ['n2']],
    policy: defaultWaves,
    contents: { [old]: 'workers = 4\n```\n', [next]: 'workers = 8\n```\n' },
    hash: 'c'.repeat(64),
  };
  const text = planMarkdown(plan);
  expect(text).toContain('# Set workers\n');
  expect(text).toContain(`Plan hash: ${plan.hash}`);
  expect(text).toContain('1. n1\n2. n2\n');
  expect(text).toContain('````diff\n--- /etc/app.conf\tmode 644');
  expect(text).toContain('-workers = 4\n+workers = 8\n');
  expect(text).toContain('- then `systemctl restart app.service`');
  expect(text).toContain('- n3: not connected');
});

it('tells what hosts are taken through, and how they go down', () => {
  const gates = [{ kind: 'health' as const }];
  const work = { kind: 'update' as const, agent: 'update-engine' as const, from: '1.0.0', to: '1.1.0' };
  const none = { files: [], actions: [], undo: [], validators: [] };
  const text = planMarkdown({
    id: '20260101-abcdef',
    title: 'Update web',
    by: 'ada@desk',
    at: 0,
    steps: [{ hosts: ['n1'], ...none, gates, work }],
    unchanged: [],
    leftOut: [],
    waves: [['n1']],
    policy: { ...defaultWaves, reboot: defaultReboots },
    contents: {},
    hash: 'c'.repeat(64),
  });
  expect(text).toContain('- From 1.0.0 to 1.1.0 by update_engine, then a reboot\n');
  expect(text).toContain('- Go down: one at a time, at any time\n');
  expect(text).toContain('- Undone: a host that fails its checks boots its old system again');
  expect(text).not.toContain('unless it is confirmed');
});
