import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { findSshd, makeKey, startSshd, type TestSshd } from '#kit/sshd.ts';
import { watchHosts, type WatchedHosts } from '#kit/watched-hosts.ts';

const run = promisify(execFile);
const endings: (() => Promise<unknown>)[] = [];

async function sshd(...options: Parameters<typeof startSshd>): Promise<TestSshd> {
  const daemon = await startSshd(...options);
  endings.push(() => daemon.end());
  return daemon;
}

async function watch(...options: Parameters<typeof watchHosts>): Promise<WatchedHosts> {
  const watched = await watchHosts(...options);
  endings.push(() => watched.end());
  return watched;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'quarterdeck-login-'));
  endings.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

beforeEach(async () => skipUnless(await findSshd(), 'sshd is not installed'));
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it('logs in with a key file and says how', async () => {
  const daemon = await sshd();
  const watched = await watch([daemon.spec('one')], daemon.knownHostsLine);
  const link = await watched.state('one', 'up');
  expect(link.connection).toMatchObject({
    remote: `127.0.0.1:${daemon.port}`,
    method: `key ${daemon.keyFile}`,
    user: daemon.user,
    via: [],
  });
  expect(link.connection?.serverVersion).toMatch(/^OpenSSH_\d/);
  await watched.until('facts', () => watched.now('one', 'facts'));
  await watched.until('load', () => watched.now('one', 'load'));
  await watched.until('disks', () => watched.now('one', 'disks'));
  expect(watched.now('one', 'facts')?.bootId).toBe((await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim());
  const load = watched.now('one', 'load');
  expect(load?.memoryTotalBytes).toBeGreaterThan(1e8);
  expect(Math.abs(load?.clockOffsetMs ?? Number.NaN)).toBeLessThan(1000);
  expect(watched.states('one')).toEqual(['idle', 'connecting', 'up']);
});

it.each(['ecdsa', 'rsa'])('logs in with an %s key against a host key of that type', async (type) => {
  const keyFile = await makeKey(join(await folder(), 'key'), type);
  const daemon = await sshd({ keyFile, hostKeyType: type as 'ecdsa' | 'rsa' });
  const watched = await watch([daemon.spec('one')], daemon.knownHostsLine);
  const link = await watched.state('one', 'up');
  expect(link.connection?.hostKey.type).toContain(type);
});

/** A running ssh-agent that holds these keys, by its socket. */
async function sshAgent(...keyFiles: string[]): Promise<string> {
  const path = join(await folder(), 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  endings.push(async () => {
    agent.kill();
    await once(agent, 'exit');
  });
  await once(agent.stdout, 'data');
  for (const file of keyFiles) await run('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: path } });
  return path;
}

it('logs in through the agent, which holds the key alone', async () => {
  const daemon = await sshd();
  const agent = await sshAgent(daemon.keyFile);
  const watched = await watch([daemon.spec('one', { agent, identityFiles: [] })], daemon.knownHostsLine);
  const link = await watched.state('one', 'up');
  expect(link.connection?.method).toBe('agent key quarterdeck test');
});

it('offers of a full agent only the named keys with IdentitiesOnly, as their public halves name them', async () => {
  const daemon = await sshd({ config: ['MaxAuthTries 2'] });
  const keys = await folder();
  const wrong = await Promise.all([1, 2, 3, 4].map((at) => makeKey(join(keys, `wrong${at}`))));
  const agent = await sshAgent(...wrong, daemon.keyFile);
  // The key itself is in the agent alone; beside the configuration lies its public half.
  const named = join(keys, 'named');
  await copyFile(`${daemon.keyFile}.pub`, `${named}.pub`);
  const spec = (name: string, more: object) => daemon.spec(name, { agent, ...more });
  const watched = await watch(
    [
      spec('beside', { identityFiles: [named], identitiesOnly: true }),
      spec('itself', { identityFiles: [`${named}.pub`], identitiesOnly: true }),
      spec('nothing', { identityFiles: [join(keys, 'absent')], identitiesOnly: true }),
      spec('all', { identityFiles: [] }),
    ],
    daemon.knownHostsLine,
  );
  expect((await watched.state('beside', 'up')).connection?.method).toBe('agent key quarterdeck test');
  await watched.state('itself', 'up');
  await watched.state('nothing', 'needs-authentication');
  // Four wrong keys first are more than this sshd bears.
  await watched.until('refused', () =>
    ['needs-authentication', 'backing-off'].includes(watched.now('all', 'link')?.state ?? ''),
  );
  const offered = daemon.log().match(/Failed publickey|Accepted publickey/g) ?? [];
  expect(offered.filter((line) => line.startsWith('Accepted'))).toHaveLength(2);
});

it('asks for the passphrase of a key once for all hosts, again when it is wrong', async () => {
  const keyFile = await makeKey(join(await folder(), 'locked'), 'ed25519', 'open sesame');
  const daemon = await sshd({ keyFile });
  const watched = await watch([daemon.spec('one'), daemon.spec('two')], daemon.knownHostsLine);
  await watched.until('one prompt for both', () => [...watched.prompts.values()][0]?.prompt.hosts.length === 2);
  expect(watched.prompts.size).toBe(1);
  const [asked] = watched.prompts.values();
  expect(asked).toMatchObject({ secretName: `passphrase:${keyFile}`, prompt: { kind: 'passphrase', error: '' } });
  expect(watched.now('one', 'link')).toMatchObject({
    state: 'needs-authentication',
    problem: { code: 'authentication' },
  });

  watched.hosts.answerPrompt(asked?.prompt.id ?? '', ['open barley']);
  await watched.until('it is told wrong', () => [...watched.prompts.values()][0]?.prompt.error !== '');
  expect(watched.prompts.size).toBe(1);

  watched.hosts.answerPrompt(asked?.prompt.id ?? '', ['open sesame']);
  await watched.state('one', 'up');
  await watched.state('two', 'up');
  expect(watched.prompts.size).toBe(0);
});

it('waits in words when the passphrase is declined, and asks again on connect', async () => {
  const keyFile = await makeKey(join(await folder(), 'locked'), 'ed25519', 'open sesame');
  const daemon = await sshd({ keyFile });
  const watched = await watch([daemon.spec('one')], daemon.knownHostsLine);
  await watched.until('a prompt', () => watched.prompts.size === 1);
  watched.hosts.answerPrompt([...watched.prompts.keys()][0] ?? '', null);
  await watched.until('words', () => /was not given/.test(watched.now('one', 'link')?.reason ?? ''));
  expect(watched.prompts.size).toBe(0);
  watched.hosts.connect(['one']);
  await watched.until('a new prompt', () => watched.prompts.size === 1);
});

it('says what was refused when no key fits', async () => {
  const daemon = await sshd();
  const other = await makeKey(join(await folder(), 'other'));
  const watched = await watch([daemon.spec('one', { identityFiles: [other, '/nonexistent'] })], daemon.knownHostsLine);
  const link = await watched.state('one', 'needs-authentication');
  expect(link.reason).toContain('none of 1 offered key');
  expect(link.reason).toContain('publickey');
  expect(link.problem?.hint).toBeTruthy();
});

it('shows an unknown key, appends exactly its line when accepted, and goes on', async () => {
  const daemon = await sshd();
  const before = '# mine\nexample.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIZuJpM3QxHZTlVn7PWuLiOVPCmuWPAhPFVUOdDqTo5v';
  const watched = await watch([daemon.spec('one')], before);
  await watched.until('a question', () => watched.questions.has('one'));
  const question = watched.questions.get('one');
  expect(question).toMatchObject({ host: 'one', type: 'ssh-ed25519', known: [], address: `127.0.0.1:${daemon.port}` });
  expect(watched.now('one', 'link')?.state).toBe('needs-authentication');
  const { stdout } = await run('ssh-keygen', ['-lf', join(daemon.folder, 'host_key.pub')]);
  expect(stdout).toContain(question?.fingerprint);

  expect(await watched.hosts.acceptKeys([{ host: 'one', fingerprint: 'SHA256:other' }])).toBe(0);
  expect(await watched.known()).toBe(before);
  expect(await watched.hosts.acceptKeys([{ host: 'one', fingerprint: question?.fingerprint ?? '' }])).toBe(1);
  await watched.state('one', 'up');
  expect(watched.questions.size).toBe(0);
  expect(await watched.known()).toBe(`${before}\n${daemon.knownHostsLine}`);
});

it('writes a hashed line where names are kept hashed, one that ssh-keygen finds', async () => {
  const daemon = await sshd();
  const path = join(await folder(), 'known');
  await writeFile(
    path,
    `example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIZuJpM3QxHZTlVn7PWuLiOVPCmuWPAhPFVUOdDqTo5v\n`,
  );
  await run('ssh-keygen', ['-H', '-f', path]);
  const watched = await watch([daemon.spec('one')], await readFile(path, 'utf8'));
  await watched.until('a question', () => watched.questions.has('one'));
  const fingerprint = watched.questions.get('one')?.fingerprint ?? '';
  expect(await watched.hosts.acceptKeys([{ host: 'one', fingerprint }])).toBe(1);
  await watched.state('one', 'up');
  expect(await watched.known()).not.toContain('127.0.0.1');
  const { stdout } = await run('ssh-keygen', ['-F', `[127.0.0.1]:${daemon.port}`, '-f', watched.knownHosts]);
  expect(stdout).toContain(daemon.hostKey);
});

it('blocks a host whose key changed, alone and with both fingerprints, and never accepts the new one', async () => {
  const daemon = await sshd();
  const honest = await sshd();
  const old = await makeKey(join(await folder(), 'old_host_key'));
  const oldLine = `[127.0.0.1]:${daemon.port} ${(await readFile(`${old}.pub`, 'utf8')).trim()}\n`;
  const watched = await watch([daemon.spec('bad'), honest.spec('good')], oldLine + honest.knownHostsLine);
  const link = await watched.state('bad', 'blocked');
  await watched.state('good', 'up');
  const question = watched.questions.get('bad');
  expect(question?.known).toHaveLength(1);
  expect(link.reason).toContain(question?.fingerprint);
  expect(link.reason).toContain(question?.known[0]?.fingerprint);
  expect(link.problem?.code).toBe('host-key');
  expect(await watched.hosts.acceptKeys([{ host: 'bad', fingerprint: question?.fingerprint ?? '' }])).toBe(0);
  expect(await watched.known()).toBe(oldLine + honest.knownHostsLine);
  // Put right by hand, it connects again when asked to.
  await writeFile(watched.knownHosts, daemon.knownHostsLine + honest.knownHostsLine);
  watched.hosts.connect(['bad']);
  await watched.state('bad', 'up');
});

it('reaches hosts through one shared jump connection, and asks for its key once', async () => {
  const bastion = await sshd();
  const inner = await sshd();
  const { name: _name, jumps: _jumps, ...jump } = bastion.spec('bastion');
  const specs = ['a', 'b', 'c'].map((name) => inner.spec(name, { jumps: [jump] }));
  const watched = await watch(specs, inner.knownHostsLine);
  const place = `127.0.0.1:${bastion.port}`;
  await watched.until('one question', () => watched.questions.has(place));
  await watched.until('all wait', () =>
    specs.every(({ name }) => watched.now(name, 'link')?.state === 'needs-authentication'),
  );
  expect([...watched.questions.keys()]).toEqual([place]);
  const fingerprint = watched.questions.get(place)?.fingerprint ?? '';
  await watched.hosts.acceptKeys([{ host: place, fingerprint }]);
  for (const { name } of specs) {
    const link = await watched.state(name, 'up');
    expect(link.connection?.via).toEqual([place]);
  }
  expect(bastion.log().match(/Accepted publickey/g)).toHaveLength(1);
  expect(inner.log().match(/Accepted publickey/g)).toHaveLength(3);
});
