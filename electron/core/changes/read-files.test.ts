import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { skipUnless } from '#kit/skip.ts';
import { type FoundFile, largestFile, loadReadFilesScript, parseFound } from './read-files.ts';

const seed = Number(process.env['QD_SEED'] ?? 3);
const script = loadReadFilesScript();
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
let folder = '';
let applets = '';

/** Names in the temporary folder, and what is in them; null for what is no file with text. */
const texts: [name: string, bytes: Uint8Array | string, text: string | null][] = [
  ['plain', 'one\ntwo\n', 'one\ntwo\n'],
  ['empty', '', ''],
  ['no final newline', 'a\n b', 'a\n b'],
  ['newlines only', '\n\n\n', '\n\n\n'],
  ['says the end', '== end\n== quarterdeck files\nabsent\n', '== end\n== quarterdeck files\nabsent\n'],
  ['umlauts ö', '\ufeffzwölf 🛥\r\n', '\ufeffzwölf 🛥\r\n'],
  ['latin1', Buffer.from([0x66, 0xfc, 0x72, 0x0a]), null],
  ['nul', 'a\0b\n', null],
  ['the largest', 'x'.repeat(largestFile), 'x'.repeat(largestFile)],
  ['too large', 'x'.repeat(largestFile + 1), null],
  [`it's "quoted" \\ $HOME \`x\` *`, 'q', 'q'],
  ['-n', 'dash\n', 'dash\n'],
  [' -e two  spaces ', 's', 's'],
  ['a\\nb\\c', 'backslashes', 'backslashes'],
];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-read-files-'));
  applets = join(folder, 'applets');
  mkdirSync(applets);
  mkdirSync(join(folder, '-folder'));
  for (const [name, bytes] of texts) writeFileSync(join(folder, name), bytes, { mode: 0o640 });
  writeFileSync(join(folder, '-folder', '-c'), 'inside\n', { mode: 0o4755 });
  symlinkSync('plain', join(folder, 'link'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  symlinkSync('plain', join(folder, 'a  link'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const paths = () => [
  ...texts.map(([name]) => join(folder, name)),
  ...['-folder/-c', 'link', 'dangling', 'a  link', '-folder', 'missing', 'no/such/folder', 'plain/below'].map((name) =>
    join(folder, name),
  ),
];

function expectedFile(name: string, bytes: Uint8Array | string, text: string | null): Partial<FoundFile> {
  const { mode, uid, gid, size, mtimeMs } = statSync(join(folder, name));
  const state = { kind: 'file' as const, hash: sha256(bytes), mode: (mode & 0o7777).toString(8), uid, gid };
  return { kind: 'file', state, bytes: size, modifiedS: Math.floor(mtimeMs / 1000), text };
}

function run(shell: readonly string[], named: readonly string[], env: NodeJS.ProcessEnv = process.env): Buffer {
  const [command = '', ...words] = shell;
  const most = String(largestFile);
  return execFileSync(command, [...words, '-c', script, 'quarterdeck-files', most, ...named], {
    env,
    maxBuffer: 8_000_000,
  });
}

function hasBusybox(): boolean {
  return spawnSync('busybox', ['--install', '-s', applets]).status === 0;
}

describe('what the script prints is read back', () => {
  beforeEach(() => skipUnless(process.platform === 'linux', 'the script uses stat as Linux has it'));

  it.each(['/bin/sh', 'busybox sh', 'busybox with nothing else'])('from %s', (shell) => {
    skipUnless(shell === '/bin/sh' || hasBusybox(), 'busybox is not installed here');
    const env = shell.endsWith('else') ? { PATH: applets } : process.env;
    const words = shell === '/bin/sh' ? [shell] : shell === 'busybox sh' ? ['busybox', 'sh'] : [join(applets, 'sh')];
    const found = parseFound(run(words, paths(), env), paths().length);
    const files = texts.map(([name, bytes, text]) => expectedFile(name, bytes, text));
    const others = ['link', 'link', 'link', 'other', 'absent', 'absent', 'absent'].map((kind) => ({ kind }));
    expect(found).toMatchObject([...files, expectedFile('-folder/-c', 'inside\n', 'inside\n'), ...others]);
    expect(found?.length).toBe(paths().length);
  });

  it('nothing was asked for', () => {
    expect(parseFound(run(['/bin/sh'], []), 0)).toEqual([]);
  });

  it('a login banner before it is passed over', () => {
    const output = Buffer.concat([
      Buffer.from('Welcome!\n\xff\n', 'latin1'),
      run(['/bin/sh'], [join(folder, 'plain')]),
    ]);
    expect(parseFound(output, 1)).toMatchObject([{ kind: 'file', text: 'one\ntwo\n' }]);
  });

  it('bytes that are not those that were hashed: it is changing, also when only one of many is', () => {
    const output = run(['/bin/sh'], [join(folder, 'plain'), join(folder, 'empty')]);
    const changed = Buffer.from(output.toString('latin1').replace('one\ntwo\n', 'one\ntwO\n'), 'latin1');
    expect(parseFound(changed, 2)).toBe('changing');
  });

  it('a label is told where there is one, and null for a question mark', () => {
    const head = `== quarterdeck files\nfile ${sha256('')} 644 0 4 1700000000 0 `;
    const label = 'system_u:object_r:etc_t:s0';
    expect(parseFound(Buffer.from(`${head}${label}\n\n== end\n`), 1)).toMatchObject([{ label, text: '' }]);
    expect(parseFound(Buffer.from(`${head}?\n\n== end\n`), 1)).toMatchObject([{ label: null }]);
  });
});

describe('anything else is refused without an exception', () => {
  const small = () =>
    run(
      ['/bin/sh'],
      ['plain', 'empty', 'missing', 'nul', 'says the end'].map((n) => join(folder, n)),
    );

  it('output that was cut anywhere, or with fewer or more files than were asked for', () => {
    const output = small();
    expect(parseFound(output, 5)?.length).toBe(5);
    for (let end = 0; end < output.length; end++) expect(parseFound(output.subarray(0, end), 5)).toBeNull();
    for (const count of [0, 1, 4, 6]) expect(parseFound(output, count)).toBeNull();
    expect(parseFound(Buffer.concat([output, Buffer.from('x')]), 5)).toBeNull();
  });

  it(`random bytes, and real output with bytes changed, lost or doubled (QD_SEED=${seed})`, () => {
    const random = seededRandom(seed);
    const real = small();
    const pieces = ['== quarterdeck files\n', '== end\n', 'absent\n', 'link\n', `file ${sha256('')} 644 0 0 1 0 ?\n\n`];
    const seen = { null: 0, changing: 0, files: 0 };
    for (let round = 0; round < 6000; round++) {
      const way = randomBelow(random, 3);
      let bytes = Buffer.from(Array.from({ length: randomBelow(random, 60) }, () => randomBelow(random, 256)));
      if (way === 0) {
        const at = randomBelow(random, real.length);
        const gap = randomBelow(random, 3);
        bytes = Buffer.concat([
          real.subarray(0, at),
          bytes.subarray(0, randomBelow(random, 3)),
          real.subarray(at + gap),
        ]);
      } else if (way === 1) {
        const words = Array.from({ length: randomBelow(random, 4) }, () => pieces[randomBelow(random, pieces.length)]);
        bytes = Buffer.from(`${pieces[0]}${words.join('')}== end\n`);
      }
      const count = way === 0 ? 5 : randomBelow(random, 4);
      const found = parseFound(bytes, count);
      expect([null, 'changing', count]).toContain(Array.isArray(found) ? found.length : found);
      seen[Array.isArray(found) ? 'files' : (found ?? 'null')]++;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });
});
