import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileState, PlannedFile, PlannedStep, UnitStep } from '#shared/contract/change.ts';
import { marksIn, shellScript } from './shell-script.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'quarterdeck-script-'));
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/systemctl'), `#!/bin/sh\necho "$*" >>${root}/said\n`);
  chmodSync(join(root, 'bin/systemctl'), 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const mine = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const file = (text: string, mode = '640'): FileState => ({ kind: 'file', hash: hashOf(text), mode, ...mine });
const absent: FileState = { kind: 'absent' };

function scriptOf(files: PlannedFile[], texts: string[], actions: UnitStep[] = [], title = 'A test'): string | null {
  const step: PlannedStep = { hosts: ['web1'], files, actions, undo: [], validators: [], gates: [] };
  const contents = Object.fromEntries(texts.map((text) => [hashOf(text), text]));
  return shellScript({ id: '20260101-abcdef', title, contents }, step);
}

/** In a real shell; each look of strace's poor man at what it makes is `watch`. */
function run(script: string | null, shell = 'sh') {
  expect(script).not.toBeNull();
  const env = { ...process.env, PATH: `${root}/bin:${process.env['PATH']}` };
  return spawnSync(shell, ['-c', script ?? ''], { encoding: 'utf8', env });
}
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);
const beforeText = 'old\n';

describe('the commands of a plan', () => {
  it('have the host told what it is taken through, and go down last', () => {
    const work = { kind: 'update' as const, agent: 'bootc' as const, from: '1', to: '2' };
    const step: PlannedStep = { hosts: ['web1'], files: [], actions: [], undo: [], validators: [], gates: [], work };
    writeFileSync(join(root, 'bin/bootc'), `#!/bin/sh\necho "bootc $*" >>${root}/said\n`, { mode: 0o755 });
    expect(run(shellScript({ id: '20260101-abcdef', title: 'A test', contents: {} }, step))).toMatchObject({
      status: 0,
    });
    expect(readFileSync(join(root, 'said'), 'utf8')).toBe('bootc upgrade\nreboot\n');
  });

  it('make, change and remove files, and then act on units', () => {
    const [made, changed, gone] = [join(root, "etc/a b/it's"), join(root, 'changed'), join(root, 'gone')];
    writeFileSync(changed, beforeText, { mode: 0o600 });
    writeFileSync(gone, beforeText);
    const text = "back\\slash %s $HOME `id` 'quoted'\n\nno end of line";
    const script = scriptOf(
      [
        { path: made, before: absent, after: file(text, '604') },
        { path: changed, before: file(beforeText, '600'), after: file(text) },
        { path: gone, before: file(beforeText), after: absent },
      ],
      [text, beforeText],
      [
        { verb: 'daemon-reload', unit: null },
        { verb: 'restart', unit: 'a@b\\x2dc.service' },
      ],
      'Two lines\nrm -rf /nothing',
    );
    expect(run(script)).toMatchObject({ status: 0, stderr: '' });
    expect([readFileSync(made, 'utf8'), modeOf(made)]).toEqual([text, '604']);
    expect([readFileSync(changed, 'utf8'), modeOf(changed)]).toEqual([text, '640']);
    expect(existsSync(gone)).toBe(false);
    expect(existsSync(`${made}.new`) || existsSync(`${changed}.new`)).toBe(false);
    expect(readFileSync(join(root, 'said'), 'utf8')).toBe('daemon-reload\nrestart a@b\\x2dc.service\n');
  });

  it.each<[string, string | null, FileState]>([
    ['another text', 'somebody else\n', file(beforeText)],
    ['a file where none was', 'somebody else\n', absent],
    ['no file where one was', null, file(beforeText)],
  ])('stop before anything is written where there is %s', (_what, text, before) => {
    const path = join(root, 'x.conf');
    if (text !== null) writeFileSync(path, text);
    const script = scriptOf(
      [{ path, before, after: file('new\n') }],
      ['new\n'],
      [{ verb: 'restart', unit: 'x.service' }],
    );
    expect(run(script).status).not.toBe(0);
    expect(existsSync(path) ? readFileSync(path, 'utf8') : null).toBe(text);
    expect(existsSync(join(root, 'said'))).toBe(false);
  });

  it.each([
    ['made', absent],
    ['changed', file(beforeText, '644')],
  ])('let nobody else read a text before its mode is set: a file that is %s', (_what, before) => {
    const path = join(root, 'secret');
    if (before !== absent) writeFileSync(path, beforeText, { mode: 0o644 });
    // Each command that may come after the text tells what others could have read until then.
    for (const name of ['chown', 'mv']) {
      const real = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim();
      const look = `for one in "${path}.new" "${path}"; do [ -e "$one" ] && stat -c "${name} %a %s" "$one"; done >>${root}/seen`;
      writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${look}\n${real} "$@"\n`, { mode: 0o755 });
    }
    const text = 'password = hunter2\n';
    expect(run(scriptOf([{ path, before, after: file(text, '600') }], [text], [], 'Secret')).status).toBe(0);
    expect(modeOf(path)).toBe('600');
    const seen = readFileSync(join(root, 'seen'), 'utf8').trim().split('\n');
    expect(seen.length).toBeGreaterThan(1);
    for (const line of seen.filter((one) => one.endsWith(` ${text.length}`))) expect(line.split(' ')[1]).toBe('600');
  });

  it('are none where they would write the mark of a secret; one that only goes is no matter', () => {
    const mark = '⟦secret 0123456789ab⟧';
    const text = `a = ${mark}\nb = ${mark}\n`;
    const becomes: PlannedFile = { path: '/etc/x', before: absent, after: file(text) };
    const goes: PlannedFile = { path: '/etc/x', before: file(text), after: absent };
    expect(scriptOf([becomes], [text])).toBeNull();
    expect(scriptOf([goes], [text])).toContain('rm /etc/x');
    const contents = { [hashOf(text)]: text };
    expect(marksIn({ contents }, { files: [becomes, becomes] })).toEqual([mark]);
    expect(marksIn({ contents }, { files: [goes] })).toEqual([]);
  });
});
