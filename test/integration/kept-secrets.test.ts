import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCore } from '#core/index.ts';
import { openScopes } from '#core/lib/scope.ts';
import { portPair } from '#kit/port-pair.ts';
import { recordedLog } from '#kit/recorded-log.ts';
import { skipUnless } from '#kit/skip.ts';
import { findSshd, makeKey, startSshd } from '#kit/sshd.ts';
import { openView, type TestView } from '#kit/view.ts';
import { openFileVault } from '../../electron/serve/file-vault.ts';

const run = promisify(execFile);
const endings: (() => Promise<unknown> | void)[] = [];
const passphrase = 'four words, no more';
let dir = '';
let keyFile = '';

beforeEach(async () => {
  skipUnless(await findSshd(), 'sshd is not installed');
  dir = await mkdtemp(join(tmpdir(), 'qd-kept-'));
  endings.push(() => rm(dir, { recursive: true, force: true }));
  keyFile = await makeKey(join(dir, 'id_locked'), 'ed25519', passphrase);
  const daemon = await startSshd({ keyFile });
  endings.push(() => daemon.end());
  await writeFile(join(dir, 'known_hosts'), daemon.knownHostsLine);
  await mkdir(join(dir, 'clusters'));
  const ssh = `ssh:\n  agent: false\n  knownHosts: [${join(dir, 'known_hosts')}]\n  keys: [${keyFile}]\n`;
  const host = `  - { name: a, address: 127.0.0.1, port: ${daemon.port}, user: ${daemon.user} }\n`;
  await writeFile(join(dir, 'clusters/c.yaml'), `name: C\nmode: observe\n${ssh}hosts:\n${host}`);
});
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
  expect(openScopes()).toEqual([]);
});

/** Runs a console from its start to its end, with the vault that `serve` has. */
async function inConsole(work: (view: TestView) => Promise<void>): Promise<void> {
  const vault = await openFileVault(join(dir, 'data/vault.json'), 'of the vault');
  const log = recordedLog();
  const configDir = join(dir, 'clusters');
  const core = await startCore({ dataDir: join(dir, 'data'), configDir, vault, log, startDemo: null });
  const view = openView(() => {
    const [ours, theirs] = portPair();
    core.attach(theirs);
    return ours;
  }, 'c');
  try {
    await work(view);
    expect(log.surprises).toEqual([]);
  } finally {
    view.end();
    await core.end();
  }
}

const isUp = (view: TestView) => view.until('host', 'a', 'link', ({ state }) => state === 'up');
const asked = async (view: TestView) => {
  const [prompt] = await view.until('cluster', '', 'prompts', (prompts) => prompts.length > 0);
  return prompt;
};
const kept = (view: TestView, count: number) => view.until('app', '', 'vault', ({ names }) => names.length === count);

test('a passphrase that is remembered opens the key after a restart, is listed by name only, and can be forgotten', async () => {
  const name = `passphrase:${keyFile}`;
  await inConsole(async (view) => {
    expect(await kept(view, 0)).toEqual({ available: true, names: [] });
    const prompt = await asked(view);
    expect(prompt).toMatchObject({ kind: 'passphrase', canRemember: true });
    await view.link.call('prompt.answer', { id: prompt?.id ?? '', answers: [passphrase], remember: true });
    await isUp(view);
    expect((await kept(view, 1)).names).toEqual([name]);
    expect(JSON.stringify(view.replica.store.getState().records.app.get(''))).not.toContain(passphrase);
  });
  expect(await readFile(join(dir, 'data/vault.json'), 'utf8')).not.toContain(passphrase);
  await inConsole(async (view) => {
    await isUp(view);
    expect(view.record('cluster', '')?.prompts).toEqual([]);
    await view.link.call('vault.forget', { name });
    await kept(view, 0);
    // What is open stays open.
    expect(view.record('host', 'a')?.link?.state).toBe('up');
    await expect(view.link.call('vault.forget', { name })).rejects.toMatchObject({ problem: { code: 'not-found' } });
    const { entries } = await view.link.call('activity.list', { text: '', before: null, limit: 5 });
    expect(entries[0]).toMatchObject({ kind: 'secrets', what: `forgot the kept ${name}` });
  });
  await inConsole(async (view) => {
    const prompt = await asked(view);
    await view.link.call('prompt.answer', { id: prompt?.id ?? '', answers: [passphrase], remember: false });
    await isUp(view);
    expect((await kept(view, 0)).names).toEqual([]);
  });
});

test('a kept passphrase that no longer opens the key is forgotten, and asked for', async () => {
  await inConsole(async (view) => {
    const prompt = await asked(view);
    await view.link.call('prompt.answer', { id: prompt?.id ?? '', answers: [passphrase], remember: true });
    await kept(view, 1);
  });
  await run('ssh-keygen', ['-q', '-p', '-P', passphrase, '-N', 'another one', '-f', keyFile]);
  await inConsole(async (view) => {
    const prompt = await asked(view);
    expect(prompt?.error).toBe('That passphrase does not open the key.');
    await kept(view, 0);
    await view.link.call('prompt.answer', { id: prompt?.id ?? '', answers: ['another one'], remember: true });
    await isUp(view);
    await kept(view, 1);
  });
});
