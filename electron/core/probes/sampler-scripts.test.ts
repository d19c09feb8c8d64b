import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { hostScriptFolder } from './host-scripts.ts';
import { SampleLines } from './sample-line.ts';

const script = (name: string) => readFileSync(join(hostScriptFolder(), name), 'utf8');
const awk = script('sampler.awk');
const sh = script('sampler.sh');

function has(tool: string): boolean {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Every interpreter a host may have; those that this machine lacks are skipped. */
const readers: [tool: string, kind: 'awk' | 'sh', command: string[]][] = [
  ['mawk', 'awk', ['mawk', '-W', 'interactive', awk]],
  ['gawk', 'awk', ['gawk', awk]],
  ['original-awk', 'awk', ['original-awk', awk]],
  ['busybox', 'awk', ['busybox', 'awk', awk]],
  ['busybox', 'sh', ['busybox', 'sh', '-c', sh]],
  ['dash', 'sh', ['dash', '-c', sh]],
  ['bash', 'sh', ['bash', '--posix', '-c', sh]],
];

describe('the samplers', () => {
  beforeEach(() => skipUnless(process.platform === 'linux', 'the samplers read /proc, which only Linux has'));
  for (const [tool, kind, command] of readers) {
    it(`${tool} as ${kind}: greets, beats, samples, starts no process, ends with its input`, async () => {
      skipUnless(has(tool), `${tool} is not installed here`);
      const child = spawn(command[0] ?? '', command.slice(1), {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, LC_ALL: 'C' },
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const next = async () => String((await lines.next()).value);
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      expect(await next()).toBe(`quarterdeck 1 ${kind} ${boot}`);
      // Any child it waits for leaves its page faults here; one machine in many runs showed some at the very start.
      const waitedFor = () => {
        const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        return [stat[8], stat[10]];
      };
      const none = waitedFor();
      child.stdin.write('.\n');
      expect(await next()).toBe('.');
      const reader = new SampleLines();
      child.stdin.write('s\n');
      const before = reader.read(await next());
      expect(before?.memoryTotalKiB).toBeGreaterThan(100_000);
      await new Promise((resolve) => setTimeout(resolve, 120));
      child.stdin.write('s\n');
      const sample = reader.read(await next());
      expect(sample?.elapsedCentiseconds).toBeGreaterThan(8);
      expect((sample?.busyTicks ?? 0) + (sample?.idleTicks ?? 0)).toBeGreaterThan(0);
      const [memTotal] = /\d+/.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
      expect(sample?.memoryTotalKiB).toBe(Number(memTotal));
      expect(waitedFor()).toEqual(none);
      child.stdin.end();
      expect((await once(child, 'exit'))[0]).toBe(0);
    });
  }
});
