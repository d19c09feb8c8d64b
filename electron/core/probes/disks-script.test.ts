import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { hostDisks } from './host-disks.ts';
import { hostScriptFolder } from './host-scripts.ts';
import { scriptSections } from './script-sections.ts';

let folder = '';
beforeEach(() => {
  skipUnless(process.platform === 'linux', 'the script is for Linux hosts');
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-disks-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script of the host over these mounts, with a `stat` that hangs for file servers when `hangs`. */
function disks(mounts: string, hangs: boolean) {
  writeFileSync(join(folder, 'mounts'), mounts);
  const stat = `#!/bin/sh\ncase "$*" in */srv/*) ${hangs ? 'exec sleep 60' : ':'} ;; esac\nexec /usr/bin/stat "$@"\n`;
  writeFileSync(join(folder, 'stat'), stat, { mode: 0o755 });
  const script = readFileSync(join(hostScriptFolder(), 'disks.sh'), 'utf8')
    .replaceAll('/proc/mounts', join(folder, 'mounts'))
    .replace('timeout 5', 'timeout 0.3');
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  const output = execFileSync('/bin/sh', ['-c', script], { env });
  const sections = scriptSections(output);
  return { complete: sections.complete, ...hostDisks(sections, null, 1) };
}

it('names the file servers that do not answer, and reads the local file systems all the same', () => {
  const mounts = `/dev/vda1 / ext4 rw 0 0\nserver:/a /srv/a nfs4 rw 0 0\nserver:/b /srv/b nfs rw 0 0\n`;
  const told = disks(mounts, true);
  expect(told.mounts.map(({ mount }) => mount)).toEqual(['/']);
  expect([told.complete, told.late]).toEqual([true, ['/srv/a', '/srv/b']]);
});

it('calls nobody late who answers that there is nothing', () => {
  const told = disks(`/dev/vda1 / ext4 rw 0 0\nserver:/a /srv/${folder.slice(-6)} nfs4 rw 0 0\n`, false);
  expect([told.complete, told.late]).toEqual([true, []]);
});
