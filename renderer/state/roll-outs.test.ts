import { expect, test } from 'vitest';
import { defaultWaves, type WavePolicy } from '#shared/contract/change.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { rollOutOf } from './roll-outs.ts';

const change = (title: string, at: number, policy: WavePolicy, state: 'planned' | 'committed'): RecordOf<'change'> => ({
  about: { id: '20260101-abcdef', title, by: 'ada@desk', at, hash: 'c'.repeat(64), hosts: 1, waves: [1], policy },
  progress: { state, text: '', wave: 0, soaksUntil: null, startedAt: null, endedAt: null, approvals: [] },
  hosts: [
    { host: 'web1', wave: 0, state: 'waiting', text: '', attempt: 1, startedAt: null, endedAt: null, accepted: null },
  ],
});

test('a planned roll-out is one before any host has begun; changes of files and those that are over are none', () => {
  const reboots = { ...defaultWaves, reboot: defaultReboots };
  const records = new Map([
    ['old', change('Update web', 1, reboots, 'planned')],
    ['files', change('Set workers', 2, defaultWaves, 'planned')],
    ['over', change('Update all', 3, reboots, 'committed')],
  ]);
  expect(rollOutOf(records, 'web1')).toMatchObject({ id: 'old', title: 'Update web', state: 'planned' });
  expect(rollOutOf(records, 'web2')).toBeNull();
  records.delete('old');
  expect(rollOutOf(new Map(records), 'web1')).toBeNull();
});
