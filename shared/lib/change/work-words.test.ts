import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { defaultReboots } from '../../contract/reboot.ts';
import { updateAgents } from '../../contract/update.ts';
import type { HostWork } from '../../contract/work.ts';
import { workCommands } from './work-commands.ts';
import { rebootsInWords, wayBackInWords, workInWords } from './work-words.ts';

const update: HostWork = { kind: 'update', agent: 'update-engine', from: '1.0.0', to: '1.1.0' };
const packages: HostWork = { kind: 'update', agent: 'apt', from: null, to: null };
const back: HostWork = { kind: 'roll-back', agent: 'rpm-ostree', from: '43.2', to: '43.1' };

test('work is told in one sentence, also where its version is not known yet', () => {
  expect(
    [update, { ...update, from: null, to: null }, packages, back, { kind: 'reboot' } as const].map(workInWords),
  ).toEqual([
    'From 1.0.0 to 1.1.0 by update_engine, then a reboot',
    'To what is offered then by update_engine, then a reboot',
    'The packages that wait are installed by apt, then a reboot where one of them asks for it',
    'Back from 43.2 to 43.1 by rpm-ostree and a reboot; 43.2 is held back from then on',
    'A reboot',
  ]);
});

test('how hosts go down is told: how many, when, under which lock, for whom it waits', () => {
  const policy = {
    ...defaultReboots,
    atOnce: 2,
    rate: { hosts: 10, perS: 3600 },
    lockGroup: 'workers',
    windows: {
      timeZone: 'Europe/Rome',
      windows: [{ days: [5], from: 120, lengthMs: 14_400_000, measure: 'elapsed' as const }],
    },
  };
  const told = Object.fromEntries(rebootsInWords(policy, [update]).map(({ name, text }) => [name, text]));
  expect(told['Go down']).toBe('at most 2 at once, no more than 10 per h, only Sat 02:00–06:00 Europe/Rome');
  expect(told['Reboot lock']).toContain('a slot of the group workers');
  expect(told['People']).toBe('who are logged in are warned, and waited for up to 5 min');
  expect(told['Given up']).toBe('when it is not staged after 1 h, or not back 15 min after going down');
  expect(rebootsInWords({ ...policy, lock: 'none' }, [update])[1]?.text).toMatch(/^none is taken/);
});

test('only a system that is kept beside the new one is a way back', () => {
  expect(wayBackInWords(defaultReboots, [update])).toMatch(/boots its old system again, once/);
  expect(wayBackInWords({ ...defaultReboots, rollBackOnFailure: false }, [update])).toMatch(/until a person/);
  expect(wayBackInWords(defaultReboots, [packages, { kind: 'reboot' }])).toBe(
    'packages that were installed have no way back; a reboot has no way back',
  );
});

test('every work is commands that a shell understands, a reboot last and nothing of the host in them', () => {
  const all: HostWork[] = updateAgents.flatMap((agent) => [
    { kind: 'update', agent, from: '$(id)', to: null },
    { kind: 'roll-back', agent, from: null, to: '`id`' },
  ]);
  for (const work of [...all, { kind: 'reboot' } as const]) {
    const script = workCommands(work).join('\n');
    expect(spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(script).not.toContain('id`');
    expect(script.endsWith('systemctl reboot')).toBe(true);
  }
});
