import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ProblemError } from '#shared/contract/problem.ts';
import type { ExecOptions, HostAccess } from '#core/hosts/host-access.ts';
import { seededRandom } from '#kit/random.ts';
import { skipUnless } from '#kit/skip.ts';
import { findSshd, startSshd, type TestSshd } from '#kit/sshd.ts';
import { watchHosts, type WatchedHosts } from '#kit/watched-hosts.ts';

const run = promisify(execFile);
let daemon: TestSshd | null = null;
let watched: WatchedHosts | null = null;
let access: HostAccess;

beforeAll(async () => {
  if (!(await findSshd())) return;
  daemon = await startSshd();
  watched = await watchHosts([daemon.spec('one')], daemon.knownHostsLine);
  await watched.state('one', 'up');
  access = watched.hosts.access('one');
});
afterAll(async () => {
  await watched?.end();
  await daemon?.end();
});
beforeEach(() => skipUnless(daemon, 'sshd is not installed'));

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const problem = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof ProblemError ? error.problem : error),
  );

/** How many processes of this machine run with `word` on their command line. */
async function running(word: string): Promise<number> {
  const { stdout } = await run('ps', ['-A', '-o', 'args='], { maxBuffer: 256 * 1024 * 1024 });
  return stdout.split('\n').filter((line) => line.includes(word) && !line.startsWith('ps ')).length;
}

async function gone(word: string, ms = 3000): Promise<boolean> {
  for (const until = performance.now() + ms; performance.now() < until; ) {
    if ((await running(word)) === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

// Without standard input the resident shell runs it, with it a channel of its own: both must keep the same promises.
for (const [way, more] of [
  ['resident shell', {}],
  ['own channel', { stdin: '' }],
] as [string, ExecOptions][]) {
  it(`${way}: keeps output, errors and exit code apart`, async () => {
    const result = await access.exec(`printf out; printf err >&2; exit 3`, more);
    expect(result).toMatchObject({ exitCode: 3, signal: null, truncated: false, lost: false });
    expect([text(result.stdout), text(result.stderr)]).toEqual(['out', 'err']);
  });

  it(`${way}: hands over every byte as it is`, async () => {
    const octal = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    const { stdout } = await access.exec(`printf '${octal}'`, more);
    expect([...stdout]).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
  });

  it(`${way}: runs text of several lines, quotes and a syntax error`, async () => {
    const good = await access.exec(`x='a "b"'\n\nfor i in 1 2; do\n  echo "$x $i"\ndone`, more);
    expect(text(good.stdout)).toBe('a "b" 1\na "b" 2\n');
    const bad = await access.exec('if then', more);
    expect(bad.exitCode).toBeGreaterThan(0);
    expect(text((await access.exec('echo still here', more)).stdout)).toBe('still here\n');
  });

  it(`${way}: runs a long text, also one of many bytes a letter, and another one after it`, async () => {
    for (const long of ['ö🛥 \n'.repeat(1500), 'a\n'.repeat(5000), `${'é'.repeat(2046)}\n\n`]) {
      const result = await access.exec(`printf %s '${long}'; exit 4`, more);
      expect([text(result.stdout), result.exitCode]).toEqual([long, 4]);
      expect(text((await access.exec('echo next', more)).stdout)).toBe('next\n');
    }
  });

  it(`${way}: keeps one command from the next`, async () => {
    await access.exec('cd /; left=behind; exit 0', more);
    expect(text((await access.exec('echo "[$left]"', more)).stdout)).toBe('[]\n');
  });

  it(`${way}: cuts long output and says so`, async () => {
    const { stdout, truncated, exitCode } = await access.exec('yes | head -c 300000', { ...more, maxBytes: 1000 });
    expect([stdout.length, truncated, exitCode]).toEqual([1000, true, 0]);
  });

  it(`${way}: ends a command that never stops writing`, async () => {
    const result = await access.exec('yes qd-endless-mark', { ...more, maxBytes: 1000 });
    expect([result.stdout.length, result.truncated, result.exitCode]).toEqual([1000, true, null]);
    expect(await gone('qd-endless-mark')).toBe(true);
  });

  it(`${way}: kills the remote process when time is up, children that ignore TERM included`, async () => {
    const command = `trap '' TERM; sh -c "trap '' TERM; sleep 431.17" & sleep 431.17; wait`;
    const timedOut = problem(access.exec(command, { ...more, timeoutMs: 600 }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await running('sleep 431.17')).toBeGreaterThan(0);
    expect(await timedOut).toMatchObject({ code: 'timeout', host: 'one' });
    expect(await gone('sleep 431.17', 5000)).toBe(true);
    expect(text((await access.exec('echo after', more)).stdout)).toBe('after\n');
  });

  it(`${way}: kills the remote process when cancelled`, async () => {
    const cancel = new AbortController();
    const cancelled = problem(access.exec('sleep 432.18', { ...more, signal: cancel.signal }));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await running('sleep 432.18')).toBeGreaterThan(0);
    cancel.abort();
    expect(await cancelled).toMatchObject({ code: 'cancelled' });
    expect(await gone('sleep 432.18')).toBe(true);
  });
}

it('kills a command that was cancelled before its host came to start it', async () => {
  // A forced command: sshd refuses to signal it, and what was asked begins late.
  const slow = await startSshd({ config: ['ForceCommand sleep 0.7; eval "$SSH_ORIGINAL_COMMAND"'] });
  const other = await watchHosts([slow.spec('slow')], slow.knownHostsLine);
  try {
    await other.state('slow', 'up');
    const cancel = new AbortController();
    const asked = other.hosts.access('slow').exec('sleep 434.2', { stdin: '', signal: cancel.signal });
    await new Promise((resolve) => setTimeout(resolve, 300));
    cancel.abort();
    expect(await problem(asked)).toMatchObject({ code: 'cancelled' });
    await expect.poll(() => running('sleep 434.2'), { timeout: 3000 }).toBeGreaterThan(0);
    expect(await gone('sleep 434.2', 6000)).toBe(true);
  } finally {
    await other.end();
    await slow.end();
  }
});

it('leaves none of many commands that were cancelled at any moment of their start', async () => {
  const random = seededRandom(7);
  for (let round = 0; round < 30; round++) {
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        const cancel = new AbortController();
        const asked = problem(access.exec('sleep 435.3', { stdin: '', signal: cancel.signal }));
        await new Promise((resolve) => setTimeout(resolve, random() * 25));
        cancel.abort();
        await asked;
      }),
    );
  }
  expect(await gone('sleep 435.3', 6000)).toBe(true);
});

it('writes standard input and closes it', async () => {
  const { stdout } = await access.exec('wc -c', { stdin: Buffer.alloc(3_000_000, 7) });
  expect(text(stdout).trim()).toBe('3000000');
});

it('takes what is meant for the resident shell there, unless it is too long', async () => {
  const said = async (inShell: string) => text((await access.exec('cat', { stdin: 'own channel', inShell })).stdout);
  expect(await said('printf shell')).toBe('shell');
  expect(await said(`printf shell # ${'x'.repeat(16_384)}`)).toBe('own channel');
});

it('is not held up by a command that hangs', async () => {
  const cancel = new AbortController();
  const hanging = problem(access.exec('sleep 433.19', { signal: cancel.signal }));
  const startedAt = performance.now();
  expect(text((await access.exec('echo quick')).stdout)).toBe('quick\n');
  expect(performance.now() - startedAt).toBeLessThan(1500);
  cancel.abort();
  await hanging;
});

it('keeps to eight channels, the rest wait for their turn', async () => {
  const results = await Promise.all(
    Array.from({ length: 30 }, (_, at) => access.exec(`sleep 0.1; echo ${at}`, { stdin: '' })),
  );
  expect(results.map(({ stdout }) => text(stdout).trim())).toEqual(Array.from({ length: 30 }, (_, at) => `${at}`));
});

it('follows a command, pauses it, and ends it on the host', async () => {
  const follow = await access.follow('i=0; while :; do i=$((i+1)); echo "$i qd-follow"; done');
  let bytes = 0;
  follow.onData((chunk) => {
    bytes += chunk.length;
    if (bytes > 3_000_000) follow.pause();
  });
  const ended = new Promise((resolve) => follow.onEnd(resolve));
  await expect.poll(() => bytes, { timeout: 10_000 }).toBeGreaterThan(3_000_000);
  // What was on its way still comes, at most the windows between the threads and of SSH.
  let paused = 0;
  while (paused !== bytes) {
    paused = bytes;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(paused).toBeLessThan(8_000_000);
  follow.resume();
  await expect.poll(() => bytes, { timeout: 10_000 }).toBeGreaterThan(paused);
  follow.close();
  await ended;
  expect(await gone('qd-follow')).toBe(true);
});

it('tells how a followed command ended, also when it did before anyone listened', async () => {
  const follow = await access.follow('echo said; exit 4');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const said: string[] = [];
  follow.onData((chunk, from) => said.push(`${from}: ${text(chunk)}`));
  const end = await new Promise((resolve) => follow.onEnd(resolve));
  expect(said).toEqual(['stdout: said\n']);
  expect(end).toEqual({ exitCode: 4, signal: null, lost: false });
});

it('says that a command was lost when the connection goes', async () => {
  const own = await startSshd();
  const other = await watchHosts([own.spec('lost')], own.knownHostsLine);
  try {
    await other.state('lost', 'up');
    const result = other.hosts.access('lost').exec('echo began; sleep 30');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await own.end();
    expect(await result).toMatchObject({ lost: true, exitCode: null });
    expect(await problem(other.hosts.access('lost').exec('true'))).toMatchObject({ code: 'unreachable', host: 'lost' });
  } finally {
    await other.end();
    await own.end();
  }
});

it('refuses a host that nobody knows', async () => {
  expect(await problem(watched?.hosts.access('nobody').exec('true') ?? Promise.resolve())).toMatchObject({
    code: 'unreachable',
    host: 'nobody',
  });
});
