import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Core, startCore } from '#core/index.ts';
import { openScopes } from '#core/lib/scope.ts';
import { portPair } from '#kit/port-pair.ts';
import { recordedLog } from '#kit/recorded-log.ts';
import { skipUnless } from '#kit/skip.ts';
import { findSshd, startSshd, type TestSshd } from '#kit/sshd.ts';
import { memoryVault } from '#kit/test-core.ts';
import { openView, type TestView } from '#kit/view.ts';

const endings: (() => Promise<unknown> | void)[] = [];
let dir = '';
let daemon: TestSshd;

beforeEach(async () => {
  skipUnless(await findSshd(), 'sshd is not installed');
  dir = await mkdtemp(join(tmpdir(), 'qd-disabled-'));
  endings.push(() => rm(dir, { recursive: true, force: true }));
  daemon = await startSshd();
  endings.push(() => daemon.end());
  await writeFile(join(dir, 'known_hosts'), daemon.knownHostsLine);
  await mkdir(join(dir, 'clusters'));
  const host = (name: string) =>
    `  - { name: ${name}, address: 127.0.0.1, port: ${daemon.port}, user: ${daemon.user}, keys: [${daemon.keyFile}] }\n`;
  const ssh = `ssh:\n  agent: false\n  knownHosts: [${join(dir, 'known_hosts')}]\n`;
  await writeFile(join(dir, 'clusters/c.yaml'), `name: C\nmode: observe\n${ssh}hosts:\n${host('a')}${host('b')}`);
});
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
  expect(openScopes()).toEqual([]);
});

/** A console over the same folders; `end` is its restart's first half. */
async function start(log = recordedLog()): Promise<{ core: Core; view: TestView; end: () => Promise<void> }> {
  const configDir = join(dir, 'clusters');
  const core = await startCore({ dataDir: join(dir, 'data'), configDir, vault: memoryVault(), log, startDemo: null });
  const view = openView(() => {
    const [ours, theirs] = portPair();
    core.attach(theirs);
    return ours;
  }, 'c');
  const end = async () => {
    view.end();
    await core.end();
  };
  return { core, view, end };
}

const sessions = () => daemon.log().split('Accepted publickey').length - 1;

test('a disabled connection stays so over a restart, until a person connects it; both are on record', async () => {
  const first = await start();
  for (const name of ['a', 'b']) await first.view.until('host', name, 'link', ({ state }) => state === 'up');
  await first.view.link.call('hosts.disable', { hosts: ['a'] });
  await first.view.until('host', 'a', 'link', ({ state }) => state === 'disabled');
  await first.end();
  expect(JSON.parse(await readFile(join(dir, 'data/disabled/c.json'), 'utf8'))).toEqual(['a']);
  const before = sessions();
  const second = await start();
  await second.view.until('host', 'b', 'link', ({ state }) => state === 'up');
  const link = await second.view.until('host', 'a', 'link', () => true);
  expect(link).toMatchObject({ state: 'disabled', reason: expect.stringContaining('by hand') });
  // It was not even tried.
  expect(sessions()).toBe(before + 1);
  await second.view.link.call('hosts.connect', { hosts: ['a'] });
  await second.view.until('host', 'a', 'link', ({ state }) => state === 'up');
  const { entries } = await second.view.link.call('activity.list', { text: '', before: null, limit: 10 });
  expect(entries.map(({ kind, host, what }) => [kind, host, what])).toEqual([
    ['connection', 'a', 'asked to connect'],
    ['connection', 'a', 'disabled the connection'],
  ]);
  await second.end();
  const third = await start();
  await third.view.until('host', 'a', 'link', ({ state }) => state === 'up');
  await third.end();
});

test('a changed way to a disabled host does not bring it back', async () => {
  const { view, end } = await start();
  await view.until('host', 'a', 'link', ({ state }) => state === 'up');
  await view.link.call('hosts.disable', { hosts: ['a'] });
  await view.until('host', 'a', 'link', ({ state }) => state === 'disabled');
  const file = join(dir, 'clusters/c.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll('127.0.0.1', 'localhost'));
  await view.until('host', 'a', 'identity', ({ address }) => address === 'localhost');
  await view.until('host', 'b', 'link', ({ connection }) => connection === null);
  expect(view.record('host', 'a')?.link?.state).toBe('disabled');
  await end();
});

test('a file that no console wrote is told and left alone, and everything is connected', async () => {
  await mkdir(join(dir, 'data/disabled'), { recursive: true });
  await writeFile(join(dir, 'data/disabled/c.json'), '["a", "no such/name"]');
  const log = recordedLog();
  const { view, end } = await start(log);
  await view.until('host', 'a', 'link', ({ state }) => state === 'up');
  expect(log.surprises.join()).toContain('is not what the console wrote');
  await end();
});
