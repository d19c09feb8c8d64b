import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sshdKeywords } from '#shared/formats/settings/sshd-dialect.ts';
import { checkSshdConfig } from '#shared/formats/sshd-config/check.ts';
import { fewWords } from '#shared/formats/sshd-config/rules.ts';
import { skipUnless } from '#kit/skip.ts';

const run = promisify(execFile);
const sshd = '/usr/sbin/sshd';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qd-sshd-rules-'));
  await mkdir('/run/sshd', { recursive: true }).catch(() => {});
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]).catch(() => {});
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => skipUnless(existsSync(sshd) && existsSync(join(folder, 'key')), 'no sshd is installed'));

/** What the real sshd says of a text; empty when it takes it. */
async function refused(text: string): Promise<string> {
  const file = join(folder, 'sshd_config');
  await writeFile(file, `HostKey ${join(folder, 'key')}\n${text}`);
  return run(sshd, ['-t', '-f', file]).then(
    () => '',
    (error: { stderr: string }) => error.stderr,
  );
}

const errors = (text: string) => checkSshdConfig(text).filter(({ level }) => level === 'error').length;
/** Not in every build, or newer than the oldest that is looked after. */
const notEverywhere = /Bad configuration option|Unsupported option/;

test('every word that a keyword is said to take is one that sshd takes', async () => {
  const wrong: string[] = [];
  for (const [name, words] of fewWords)
    for (const word of words) {
      const text = `${name} ${word}\n`;
      if (errors(text) > 0) wrong.push(`we refuse ${text}`);
      const answer = await refused(text);
      if (answer !== '' && !notEverywhere.test(answer)) wrong.push(`sshd refuses ${text}: ${answer}`);
    }
  expect(wrong).toEqual([]);
});

test('what may not stand in a Match block is what sshd refuses there', async () => {
  const wrong: string[] = [];
  // Since OpenSSH 9.5 a subsystem may stand there.
  for (const name of sshdKeywords.filter((keyword) => keyword !== 'Subsystem')) {
    const text = `Match User nobody-here\n  ${name} ${fewWords.get(name.toLowerCase())?.[0] ?? '1'}\n`;
    const answer = await refused(text);
    if (notEverywhere.test(answer)) continue;
    const mine = checkSshdConfig(text).some(({ problem }) =>
      problem.message.includes('may not stand in a Match block'),
    );
    if (mine !== answer.includes('not allowed within a Match block')) wrong.push(`${name}: ${answer}`);
  }
  expect(wrong).toEqual([]);
});
