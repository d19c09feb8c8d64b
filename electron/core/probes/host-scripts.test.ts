import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { loadHostScripts, type Probe } from './host-scripts.ts';
import { scriptSections } from './script-sections.ts';

const scripts = loadHostScripts();
const both: readonly Probe[] = ['all', 'changing'];
const cases = both.flatMap((probe) => ['dash', 'bash', 'busybox'].map((shell) => [probe, shell] as const));

// What the resident shell holds is asked for in a hundred other tests.
it.each(cases)('reads facts and disks in one answer on a channel of its own: %s, by %s', (probe, shell) => {
  skipUnless(process.platform === 'linux', 'the scripts are for Linux hosts');
  const words = shell === 'busybox' ? ['sh', '-c'] : ['-c'];
  skipUnless(spawnSync(shell, [...words, ':']).status === 0, `${shell} is not installed here`);
  const told = scriptSections(execFileSync(shell, [...words, scripts.alone(probe)]));
  expect([told.has('host'), told.has('mounts'), told.has('space'), told.complete]).toEqual([true, true, true, true]);
});
