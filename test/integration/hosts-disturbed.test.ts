import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Scope } from '#core/lib/scope.ts';
import { startForward } from '#kit/tcp-forward.ts';
import { skipUnless } from '#kit/skip.ts';
import { descendants, findSshd, signalTree, startSshd, type TestSshd } from '#kit/sshd.ts';
import { watchHosts, type WatchedHosts } from '#kit/watched-hosts.ts';

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

beforeEach(async () => skipUnless(await findSshd(), 'sshd is not installed'));
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const sampled = (watched: WatchedHosts, host: string) => watched.until('load', () => watched.now(host, 'load'));

it('notices a hung host in view within a second, and that it answers again', async () => {
  const daemon = await sshd();
  const watched = await watch([daemon.spec('one')], daemon.knownHostsLine);
  await watched.state('one', 'up');
  await sampled(watched, 'one');
  await sleep(1500);
  const frozenAt = performance.now();
  await signalTree(daemon.process.pid ?? 0, 'SIGSTOP');
  const link = await watched.state('one', 'degraded', 5000);
  const noticedMs = performance.now() - frozenAt;
  expect(link.reason).toMatch(/^No answer for 0\.\d s$/);
  // A second by our own clock; a loaded test machine is given half of one more.
  expect(noticedMs).toBeLessThan(1500);
  await signalTree(daemon.process.pid ?? 0, 'SIGCONT');
  await watched.state('one', 'up', 3000);
  expect(watched.states('one')).toEqual(['idle', 'connecting', 'up', 'degraded', 'up']);
});

it('gives a cut host up after five seconds, connects again, and says what was missed', async () => {
  const daemon = await sshd();
  const scope = new Scope('test');
  endings.push(() => scope.end());
  const forward = await startForward(scope, `tcp://127.0.0.1:${daemon.port}`);
  const port = Number(new URL(forward.url).port);
  const watched = await watch(
    [daemon.spec('one', { port })],
    daemon.knownHostsLine.replace(`${daemon.port}`, `${port}`),
  );
  await watched.state('one', 'up');
  await sampled(watched, 'one');
  // A link that breaks in its first ten seconds backs off instead of being called lost.
  await sleep(10_000);
  forward.silent(true);
  const cutAt = performance.now();
  const lostLink = () => watched.links('one').find(({ state }) => state === 'lost');
  await watched.until('it is lost', lostLink, 9000);
  expect(performance.now() - cutAt).toBeLessThan(8000);
  const lost = lostLink();
  expect(lost).toMatchObject({ connection: null, sampler: 'none', problem: { code: 'lost', host: 'one' } });
  await watched.state('one', 'connecting');
  forward.silent(false);
  forward.cut();
  const back = await watched.state('one', 'up', 20_000);
  await watched.until('words', () => /^offline \d+ s$/.test(watched.now('one', 'link')?.missed ?? ''));
  expect(back.heardAt).toBeGreaterThan(lost?.heardAt ?? 0);
}, 60_000);

it('connects again when sshd was killed and came back, with growing pauses between attempts', async () => {
  const daemon = await sshd();
  const watched = await watch([daemon.spec('one')], daemon.knownHostsLine);
  await watched.state('one', 'up');
  await signalTree(daemon.process.pid ?? 0, 'SIGKILL');
  const waiting = await watched.state('one', 'backing-off');
  expect(waiting.retryAt).toBeGreaterThan(waiting.since);
  await watched.until('a second attempt', () => (watched.now('one', 'link')?.attempts ?? 0) >= 2);
  expect(watched.now('one', 'link')?.reason).toContain('refused the connection');
  await sshd({ port: daemon.port, hostKeyFile: `${daemon.folder}/host_key`, keyFile: daemon.keyFile });
  await watched.state('one', 'up', 20_000);
});

it('hangs up on disable and leaves nothing on the host, until connect', async () => {
  const daemon = await sshd();
  const watched = await watch([daemon.spec('one')], daemon.knownHostsLine);
  await watched.state('one', 'up');
  await sampled(watched, 'one');
  watched.hosts.disable(['one']);
  const link = await watched.state('one', 'disabled');
  expect(link.reason).toContain('by hand');
  await expect.poll(async () => (await descendants(daemon.process.pid ?? 0)).length, { timeout: 5000 }).toBe(0);
  watched.hosts.connect(['one']);
  await watched.state('one', 'up');
});

it('drops a host that the cluster no longer names and dials one whose way changed', async () => {
  const daemon = await sshd();
  const watched = await watch([daemon.spec('a'), daemon.spec('b')], daemon.knownHostsLine);
  await watched.state('a', 'up');
  await watched.state('b', 'up');
  const since = watched.now('a', 'link')?.since;
  watched.hosts.configure([daemon.spec('a'), daemon.spec('b', { identityFiles: ['/nonexistent', daemon.keyFile] })]);
  await watched.until('b anew', () => watched.states('b').length > 3 && watched.now('b', 'link')?.state === 'up');
  expect(watched.now('a', 'link')?.since).toBe(since);
  watched.hosts.configure([daemon.spec('a')]);
  await expect
    .poll(
      () =>
        watched.hosts
          .access('b')
          .exec('true')
          .then(
            () => 'ran',
            (error: Error) => error.message,
          ),
      { timeout: 3000 },
    )
    .toContain('not in the cluster');
});

it('lives with MaxSessions 2: samples, and commands one after another', async () => {
  const daemon = await sshd({ config: ['MaxSessions 2'] });
  const watched = await watch([daemon.spec('one')], daemon.knownHostsLine);
  await watched.state('one', 'up');
  await sampled(watched, 'one');
  await watched.until('facts', () => watched.now('one', 'facts'));
  const access = watched.hosts.access('one');
  const results = await Promise.all([1, 2, 3, 4].map((n) => access.exec(`echo ${n}`, n === 3 ? { stdin: 'x' } : {})));
  expect(results.map(({ stdout }) => Buffer.from(stdout).toString())).toEqual(['1\n', '2\n', '3\n', '4\n']);
});

it('follows units by systemctl, with the reason, where no bus can be reached', async () => {
  const daemon = await sshd({ config: ['AllowStreamLocalForwarding no'] });
  const watched = await watch([daemon.spec('one')], daemon.knownHostsLine);
  await watched.state('one', 'up');
  await watched.until('a reason', () => watched.now('one', 'link')?.unitsReason);
  expect(watched.now('one', 'link')?.units).not.toBe('dbus');
});

/** A server that is none, in its own way; its address as a spec. */
async function oddServer(behave: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(resolve);
      }),
  );
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

it('loses what is behind a jump host that dies or freezes, and nothing else, and finds all of it again', async () => {
  const inner = await sshd();
  let bastion = await sshd();
  const { name: _name, jumps: _jumps, ...reach } = bastion.spec('bastion');
  const known = inner.knownHostsLine + bastion.knownHostsLine;
  const behind = ['b1', 'b2', 'b3'];
  const specs = [...behind.map((name) => inner.spec(name, { jumps: [reach] })), inner.spec('direct')];
  const watched = await watch(specs, known);
  const all =
    (...states: string[]) =>
    () =>
      behind.every((name) => states.includes(watched.now(name, 'link')?.state ?? ''));
  watched.hosts.look({ visible: specs.map(({ name }) => name), focus: null, hidden: false });
  await watched.until('all up', all('up'));
  await watched.state('direct', 'up');

  await signalTree(bastion.process.pid ?? 0, 'SIGKILL');
  await watched.until('all lost', all('lost', 'backing-off'), 5000);
  const { folder, keyFile, port } = bastion;
  bastion = await sshd({ port, hostKeyFile: `${folder}/host_key`, keyFile });
  await watched.until('all up again', all('up'), 30_000);
  expect(bastion.log().match(/Accepted publickey/g)).toHaveLength(1);

  await signalTree(bastion.process.pid ?? 0, 'SIGSTOP');
  // Some may have been found again this moment, their samplers not started: sshd alone is asked there, less often.
  await watched.until('all silent', all('degraded'), 4500);
  await watched.until('all given up', all('lost', 'backing-off', 'connecting'), 10_000);
  await signalTree(bastion.process.pid ?? 0, 'SIGCONT');
  await watched.until('all up once more', all('up'), 40_000);
  expect(watched.states('direct')).toEqual(['idle', 'connecting', 'up']);
}, 120_000);

it('dials a dead jump host once for all who wait behind it, and finds it again', async () => {
  const inner = await sshd();
  let dials = 0;
  const dead = await oddServer((socket) => {
    dials++;
    socket.destroy();
  });
  const bastion = await sshd();
  const { name: _name, jumps: _jumps, ...reach } = bastion.spec('bastion');
  const known = inner.knownHostsLine + bastion.knownHostsLine;
  const behind = (port: number) =>
    Array.from({ length: 40 }, (_, at) => inner.spec(`h${at}`, { jumps: [{ ...reach, port }] }));
  const watched = await watch(behind(dead), known);
  const all = (state: string) => () => behind(dead).every(({ name }) => watched.now(name, 'link')?.state === state);
  await watched.until('all back off', all('backing-off'));
  await sleep(6500);
  expect(dials).toBeLessThan(6);
  expect(watched.now('h7', 'link')?.reason).toContain(`127.0.0.1:${dead}`);
  watched.hosts.configure(behind(bastion.port));
  await watched.until('all up', all('up'), 30_000);
  expect(bastion.log().match(/Accepted publickey/g)).toHaveLength(1);
}, 60_000);

it('is not hurt by servers that talk nonsense, for ever, or not at all', async () => {
  const daemon = await sshd();
  const noise = Buffer.from(Array.from({ length: 65_536 }, (_, at) => (at * 7919) % 251));
  const ports = {
    mute: await oddServer(() => {}),
    hangup: await oddServer((socket) => socket.destroy()),
    http: await oddServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    noise: await oddServer((socket) => {
      socket.write('SSH-2.0-noise\r\n');
      const more = () => {
        while (!socket.destroyed && socket.write(noise));
      };
      socket.on('drain', more);
      more();
    }),
    banner: await oddServer((socket) => {
      const more = () => {
        while (!socket.destroyed && socket.write(`${'x'.repeat(5000)}\r\n`.repeat(20)));
      };
      socket.on('drain', more);
      more();
    }),
  };
  const odd = Object.entries(ports).map(([name, port]) => daemon.spec(name, { port }));
  const watched = await watch([...odd, daemon.spec('good')], daemon.knownHostsLine);
  await watched.state('good', 'up');
  for (const name of ['hangup', 'http', 'noise', 'banner', 'mute']) {
    await watched.until(`${name} fails`, () => (watched.now(name, 'link')?.attempts ?? 0) > 0, 20_000);
    expect(watched.now(name, 'link')?.problem?.hint ?? '').not.toBe('');
  }
  expect(watched.states('good')).toEqual(['idle', 'connecting', 'up']);
  const { stdout } = await watched.hosts.access('good').exec('echo well');
  expect(Buffer.from(stdout).toString()).toBe('well\n');
}, 60_000);
