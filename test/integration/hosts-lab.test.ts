import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { UnitsItem } from '#shared/contract/streams.ts';
import { type Lab, labUnavailable, startLab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { watchHosts, type WatchedHosts } from '#kit/watched-hosts.ts';

const unavailable = labUnavailable();
let lab: Lab;
const endings: (() => Promise<unknown>)[] = [];

async function watch(...names: string[]): Promise<WatchedHosts> {
  const known = await readFile(lab.env.knownHosts, 'utf8');
  const watched = await watchHosts(
    names.map((name) => lab.spec(name)),
    known,
  );
  endings.push(() => watched.end());
  return watched;
}

beforeAll(async () => {
  if (unavailable !== null) return;
  lab = await startLab({ systems: ['flatcar', 'debian', 'debian'], behind: { node3: 'node1' } });
  // Every test's mending restarts sshd, faster than systemd puts up with.
  const folder = '/run/systemd/system/ssh.service.d';
  const often = `mkdir -p ${folder} && printf '[Unit]\\nStartLimitIntervalSec=0\\n' >${folder}/often.conf`;
  for (const { name } of lab.env.hosts) await lab.exec(name, ['sh', '-c', `${often} && systemctl daemon-reload`]);
});
afterAll(() => lab?.end());
beforeEach(() => skipUnless(unavailable === null, unavailable ?? ''));
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await lab?.mend();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('is up with samples, facts, disks and pushed units on every host, also behind the jump', async () => {
  const watched = await watch('node1', 'node2', 'node3');
  for (const name of ['node1', 'node2', 'node3']) {
    await watched.state(name, 'up');
    await watched.until(`${name} units`, () => watched.now(name, 'units'));
    await watched.until(`${name} facts`, () => watched.now(name, 'facts'));
    await watched.until(`${name} load`, () => watched.now(name, 'load'));
    await watched.until(`${name} disks`, () => (watched.now(name, 'disks')?.mounts.length ?? 0) > 0);
    expect(watched.now(name, 'link')).toMatchObject({ state: 'up', sampler: 'awk', units: 'dbus', unitsReason: '' });
    expect(watched.now(name, 'facts')).toMatchObject({ hostname: name, elevation: 'unknown' });
    const machine = await lab.exec(name, ['cat', '/etc/machine-id']);
    expect(watched.now(name, 'facts')?.machineId).toBe(machine.stdout.trim());
  }
  expect(watched.now('node1', 'facts')).toMatchObject({ family: 'flatcar', channel: 'stable' });
  expect(watched.now('node2', 'facts')?.family).toBe('debian');
  expect(watched.now('node3', 'link')?.connection?.via).toHaveLength(1);
});

it('reads what changes seldom again when somebody looks at the host', async () => {
  const watched = await watch('node2');
  await watched.until('disks', () => watched.now('node2', 'disks'));
  const markers = () => watched.now('node2', 'facts')?.rebootNeeded.length;
  expect(markers()).toBe(0);
  await lab.exec('node2', ['touch', '/run/reboot-required']);
  try {
    await sleep(5500);
    expect(markers()).toBe(0);
    watched.hosts.look({ visible: [], focus: 'node2', hidden: false });
    await watched.until('the marker', () => markers() === 1);
  } finally {
    await lab.exec('node2', ['rm', '/run/reboot-required']);
  }
});

it('says why the disks are not read when they hang, goes on reading facts, and reads both when they are back', async () => {
  // What a local file system that hangs does to the program which asks for its space.
  const stat = `#!/bin/sh\n[ -e /run/disks-hang ] && exec sleep 600\nexec /usr/bin/stat "$@"\n`;
  await lab.exec('node2', ['sh', '-c', `printf '%s' '${stat}' >/usr/local/bin/stat; chmod +x /usr/local/bin/stat`]);
  try {
    const watched = await watch('node2');
    await watched.until('disks', () => watched.now('node2', 'disks'));
    await watched.until('all is read', () => watched.now('node2', 'readings'));
    expect(watched.now('node2', 'readings')).toEqual({ facts: null, disks: null });
    const readAt = watched.now('node2', 'disks')?.readAt;
    await lab.exec('node2', ['touch', '/run/disks-hang', '/run/reboot-required']);
    await sleep(5500);
    watched.hosts.look({ visible: [], focus: 'node2', hidden: false });
    await watched.until('the reason', () => watched.now('node2', 'readings')?.disks, 60_000);
    expect(watched.now('node2', 'readings')?.disks?.reason).toBe('the reading timed out after 20 s');
    expect(watched.now('node2', 'readings')?.facts).toBeNull();
    expect(watched.now('node2', 'facts')?.rebootNeeded).toHaveLength(1);
    expect(watched.now('node2', 'disks')?.readAt).toBe(readAt);
    expect((await lab.exec('node2', ['pgrep', '-f', '^sleep 600'])).stdout).toBe('');

    await lab.exec('node2', ['rm', '/run/disks-hang', '/run/reboot-required']);
    // A new connection asks at once.
    watched.hosts.disable(['node2']);
    watched.hosts.connect(['node2']);
    await watched.until('disks again', () => watched.now('node2', 'readings')?.disks === null);
    expect(watched.now('node2', 'disks')?.readAt).toBeGreaterThan(readAt ?? 0);
  } finally {
    await lab.exec('node2', ['rm', '-f', '/usr/local/bin/stat', '/run/disks-hang', '/run/reboot-required']);
  }
}, 120_000);

it('tells of a service that dies, to the summary and to who watches the list', async () => {
  const watched = await watch('node2');
  await watched.until('units', () => watched.now('node2', 'units'));
  const items: UnitsItem[] = [];
  const stop = watched.hosts.watchUnits('node2', (item) => items.push(item));
  await watched.until('the whole list', () => items[0]?.reset);
  expect(items[0]?.changed.length).toBe(watched.now('node2', 'units')?.total);
  await lab.exec('node2', ['systemctl', 'kill', '-s', 'KILL', 'web.service']);
  await watched.until('it failed', () =>
    watched.now('node2', 'units')?.failed.some(({ name }) => name === 'web.service'),
  );
  await watched.until('the list says so', () =>
    items.some(({ changed }) => changed.some(({ name, active }) => name === 'web.service' && active === 'failed')),
  );
  stop();
  await lab.exec('node2', ['systemctl', 'restart', 'web.service']);
  await watched.until('it runs', () => watched.now('node2', 'units')?.failed.length === 0);
});

it('asks for a password, says when it is wrong, and logs in with the right one', async () => {
  await lab.auth('node2', 'password');
  const { user, password } = lab.env.password;
  const known = await readFile(lab.env.knownHosts, 'utf8');
  const watched = await watchHosts([lab.spec('node2', { user, identityFiles: [] })], known);
  endings.push(() => watched.end());
  const { port } = lab.host('node2');
  const open = () => [...watched.prompts.values()][0];
  await watched.until('a prompt', open);
  expect(open()).toMatchObject({
    secretName: `password:${user}@127.0.0.1:${port}`,
    prompt: { kind: 'password', error: '', canRemember: true, hosts: ['node2'] },
  });
  const first = open()?.prompt.id ?? '';
  watched.hosts.answerPrompt(first, ['wrong']);
  await watched.until('it is told wrong', () => open()?.prompt.error);
  expect(open()?.prompt.id).not.toBe(first);
  watched.hosts.answerPrompt(open()?.prompt.id ?? '', [password]);
  const link = await watched.state('node2', 'up');
  expect(link.connection).toMatchObject({ user, method: 'password' });
  await watched.until('facts', () => watched.now('node2', 'facts'));
  expect(watched.now('node2', 'facts')?.elevation).toBe('unknown');
});

it('passes on what the server asks by keyboard-interactive', async () => {
  await lab.auth('node2', 'interactive');
  const { user, password } = lab.env.password;
  const known = await readFile(lab.env.knownHosts, 'utf8');
  const watched = await watchHosts([lab.spec('node2', { user, identityFiles: [] })], known);
  endings.push(() => watched.end());
  await watched.until('a prompt', () => watched.prompts.size === 1);
  const [asked] = watched.prompts.values();
  expect(asked).toMatchObject({ secretName: null, prompt: { kind: 'keyboard-interactive', canRemember: false } });
  expect(asked?.prompt.fields).toEqual([{ label: 'Password:', secret: true }]);
  watched.hosts.answerPrompt(asked?.prompt.id ?? '', [password]);
  const link = await watched.state('node2', 'up');
  expect(link.connection?.method).toBe('keyboard-interactive');
});

it('logs in with a key and then a second factor', async () => {
  await lab.auth('node2', 'both');
  const known = await readFile(lab.env.knownHosts, 'utf8');
  const watched = await watchHosts([lab.spec('node2', { user: lab.env.password.user })], known);
  endings.push(() => watched.end());
  await watched.until('a prompt', () => watched.prompts.size === 1);
  watched.hosts.answerPrompt([...watched.prompts.keys()][0] ?? '', [lab.env.password.password]);
  expect((await watched.state('node2', 'up')).connection).not.toBeNull();
});

it('says what was missed over a reboot', async () => {
  const watched = await watch('node2');
  await watched.until('facts', () => watched.now('node2', 'facts'));
  const before = watched.now('node2', 'facts')?.bootId;
  await lab.reboot('node2');
  await watched.until('another boot', () => watched.now('node2', 'facts')?.bootId !== before, 60_000);
  await watched.until('words', () => /rebooted/.test(watched.now('node2', 'link')?.missed ?? ''));
  expect(watched.now('node2', 'link')?.missed).toMatch(/^offline \d+ s; rebooted once$/);
});

it('notices a host that is cut off or frozen within a second, and its return', async () => {
  const watched = await watch('node1', 'node2');
  await watched.until('loads', () => watched.now('node1', 'load') && watched.now('node2', 'load'));
  await sleep(1500);
  const noticed = async (act: () => Promise<void>): Promise<number> => {
    const startedAt = Date.now();
    await act();
    const link = await watched.state('node2', 'degraded', 6000);
    // The act itself takes time here; what counts is from the host's last word to the state.
    expect(link.since).toBeGreaterThanOrEqual(startedAt);
    return link.since - (link.heardAt ?? 0);
  };
  expect(await noticed(() => lab.partition('node2'))).toBeLessThan(2000);
  await lab.heal('node2');
  await watched.state('node2', 'up', 30_000);
  await sleep(1500);
  expect(await noticed(() => lab.pause('node2'))).toBeLessThan(2000);
  await lab.resume('node2');
  await watched.state('node2', 'up', 30_000);
  expect(watched.states('node1')).toEqual(['idle', 'connecting', 'up']);
});

it('keeps the connection of a host whose sampler is stuck while its sshd answers, and starts another sampler', async () => {
  const watched = await watch('node2');
  await watched.until('load', () => watched.now('node2', 'load'));
  const stop = await lab.exec('node2', ['pkill', '-STOP', '-f', '^[a-z]*awk .*quarterdeck sampler']);
  expect(stop.exitCode).toBe(0);
  try {
    const stuck = () => watched.now('node2', 'link')?.reason.startsWith('sshd answers, but the reader');
    await watched.until('the words', stuck, 5000);
    expect(watched.now('node2', 'link')?.state).toBe('degraded');
    await sleep(8000);
    // Longer than a silent host is borne: other things go on over the same connection.
    expect((await watched.hosts.access('node2').exec('echo fine', {})).exitCode).toBe(0);
    const before = watched.now('node2', 'load')?.readAt ?? 0;
    await watched.until('new figures', () => (watched.now('node2', 'load')?.readAt ?? 0) > before, 20_000);
    await watched.state('node2', 'up', 5000);
    expect(watched.states('node2')).toEqual(['idle', 'connecting', 'up', 'degraded', 'up']);
  } finally {
    await lab.exec('node2', ['pkill', '-CONT', '-f', 'quarterdeck sampler']);
  }
}, 60_000);

it('reaches the bus by the bridge of systemd where sshd forwards no sockets', async () => {
  const config = '/etc/ssh/sshd_config.d/no-forward.conf';
  await lab.exec('node2', ['sh', '-c', `echo AllowStreamLocalForwarding no >${config}; systemctl reload ssh`]);
  try {
    const watched = await watch('node2');
    await watched.until('units', () => watched.now('node2', 'units'));
    expect(watched.now('node2', 'link')).toMatchObject({ units: 'dbus', unitsReason: '' });
  } finally {
    await lab.exec('node2', ['sh', '-c', `rm ${config}; systemctl reload ssh`]);
  }
});

it('kills a command that runs as root by sudo', async () => {
  const watched = await watch('node2');
  await watched.state('node2', 'up');
  const cancel = new AbortController();
  const asked = watched.hosts
    .access('node2')
    .exec('sudo -n sleep 435.1', { signal: cancel.signal })
    .catch((error: Error) => error.message);
  const count = async () => (await lab.exec('node2', ['pgrep', '-fc', 'sleep 435.1'])).stdout.trim();
  await expect.poll(count, { timeout: 5000 }).toMatch(/^[1-9]/);
  cancel.abort();
  expect(await asked).toContain('cancelled');
  // With the states of its connection: over one that was lost meanwhile nothing could have been ended.
  const left = async () => [await count(), ...watched.states('node2')];
  await expect.poll(left, { timeout: 6000 }).toEqual(['0', 'idle', 'connecting', 'up']);
});

it('leaves nothing behind on a host', async () => {
  const listing = () =>
    lab.exec('node2', ['sh', '-c', 'find / -xdev -newermt "$(cat /run/qd-stamp)" -type f 2>/dev/null | sort']);
  await lab.exec('node2', ['sh', '-c', 'sleep 1.1; date "+%Y-%m-%d %H:%M:%S" >/run/qd-stamp; sleep 1.1']);
  const watched = await watch('node2');
  await watched.until('facts', () => watched.now('node2', 'facts'));
  await watched.until('load', () => watched.now('node2', 'load'));
  await watched.until('disks', () => watched.now('node2', 'disks'));
  await watched.hosts.end();
  // The login records of sshd itself and the journal are all that may be new.
  const ours = (await listing()).stdout
    .split('\n')
    .filter((path) => path !== '' && !/^\/var\/(log|lib\/systemd)\//.test(path));
  expect(ours).toEqual([]);
  await expect.poll(async () => (await lab.exec('node2', ['pgrep', '-fc', 'quarterdeck'])).stdout.trim()).toBe('0');
});
