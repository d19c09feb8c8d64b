import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Lab, labUnavailable, startLab, startSwarm } from '#kit/lab.ts';
import { type Outcome, type RunOptions, runProgram } from '#kit/machine.ts';
import { skipUnless } from '#kit/skip.ts';

const reason = labUnavailable();
beforeEach(() => skipUnless(reason === null, reason ?? ''));

/** The system's own ssh; never asks, gives up after three seconds. */
function ssh(lab: Lab, host: string, argv: readonly string[], options: readonly string[] = [], run: RunOptions = {}) {
  const fixed = ['-n', '-F', lab.env.sshConfig, '-o', 'ConnectTimeout=3', '-o', 'LogLevel=ERROR'];
  return runProgram('ssh', [...fixed, ...options, host, '--', ...argv], run);
}

const said = (outcome: Outcome): string => outcome.stdout.trim() || `exit ${outcome.exitCode}: ${outcome.stderr}`;

/** What is left of a lab on this machine: its folder, its cgroups, its processes, its mounts. */
function leftovers(name: string): string[] {
  const isDirectory = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return '';
    }
  };
  // A zombie is dead; it waits for the machine's own init, not for the lab.
  const processes = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && !/^State:\s+Z/m.test(read(`/proc/${pid}/status`)),
  );
  return [
    ...[`/var/tmp/${name}`, `/sys/fs/cgroup/${name}`, `/sys/fs/cgroup/unified/${name}`].filter(isDirectory),
    ...processes.filter((pid) => read(`/proc/${pid}/cgroup`).includes(`/${name}`)).map((pid) => `process ${pid}`),
    ...read('/proc/self/mounts')
      .split('\n')
      .filter((line) => line.includes(`/${name}`)),
  ];
}

describe('four hosts', () => {
  let lab: Lab;
  beforeAll(async () => {
    if (reason !== null) return;
    lab = await startLab({ behind: { node4: 'node1' } });
  });
  afterAll(() => lab?.end());

  test('are booted systems of their own', async () => {
    for (const { name } of lab.env.hosts) {
      expect(said(await lab.exec(name, ['systemctl', 'is-system-running']))).toBe('running');
      expect(said(await lab.exec(name, ['readlink', '/proc/1/exe']))).toMatch(/systemd$/);
    }
    const ids = await Promise.all(lab.env.hosts.map(({ name }) => lab.exec(name, ['cat', '/etc/machine-id'])));
    expect(new Set(ids.map(said)).size).toBe(4);
    const systems = await Promise.all(
      lab.env.hosts.map(({ name }) => lab.exec(name, ['sh', '-c', '. /etc/os-release; echo $ID $VARIANT_ID'])),
    );
    expect(systems.map(said)).toEqual(['flatcar', 'flatcar', 'fedora coreos', 'debian']);
    expect((await lab.exec('node2', ['ip', 'route', 'get', '192.0.2.1'])).exitCode).not.toBe(0);
  });

  test('let core in, also through the jump, and let it become root', async () => {
    expect(lab.host('node4')).toMatchObject({ via: 'node1', port: 22 });
    expect(lab.spec('node4').jumps).toMatchObject([{ address: '127.0.0.1', port: lab.host('node1').port }]);
    expect(said(await ssh(lab, 'node1', ['sudo', 'id', '-un']))).toBe('root');
    expect(said(await ssh(lab, 'node4', ['hostname']))).toBe('node4');
  });

  test('give core the system bus over a forwarded socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-bus-'));
    const socket = join(folder, 'bus');
    const control = ['-S', join(folder, 'control')];
    const forward = ['-N', '-M', '-L', `${socket}:/run/dbus/system_bus_socket`, '-o', 'ExitOnForwardFailure=yes'];
    const tunnel = ssh(lab, 'node4', [], [...control, ...forward]);
    try {
      await expect.poll(() => existsSync(socket), { timeout: 5_000 }).toBe(true);
      expect(await busGreeting(socket)).toMatch(/^OK [0-9a-f]{32}\r\n$/);
    } finally {
      await ssh(lab, 'node4', [], [...control, '-O', 'exit']);
      await tunnel;
      await rm(folder, { recursive: true });
    }
  });

  test('run services that die when killed', async () => {
    const pid = said(await ssh(lab, 'node2', ['systemctl', 'show', '-P', 'MainPID', 'web.service']));
    await ssh(lab, 'node2', ['sudo', 'kill', '-KILL', pid]);
    await expect.poll(async () => said(await lab.exec('node2', ['systemctl', 'is-active', 'web']))).toBe('failed');
    await lab.exec('node2', ['systemctl', 'start', 'web', 'flaky', 'worker@green']);
    expect(said(await lab.exec('node2', ['systemctl', 'is-active', 'flaky', 'worker@green']))).toBe('active\nactive');
    const flaky = async () => said(await lab.exec('node2', ['systemctl', 'show', '-P', 'ExecMainStatus', 'flaky']));
    await expect.poll(flaky, { timeout: 6_000 }).toBe('3');
    expect(said(await lab.exec('node2', ['systemctl', 'is-active', 'flaky']))).toBe('failed');
  });

  test('accept what they are told to accept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-askpass-'));
    const askpass = join(folder, 'answer');
    await writeFile(askpass, `#!/bin/sh\necho ${lab.env.password.password}\n`, { mode: 0o700 });
    const asked = { env: { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' } };
    const outcome = async (user: string, options: string[] = []) =>
      (await ssh(lab, `${user}@node3`, ['true'], ['-o', 'NumberOfPasswordPrompts=1', ...options], asked)).exitCode;
    const onlyPassword = ['-o', 'PreferredAuthentications=password'];
    const onlyAsked = ['-o', 'PreferredAuthentications=keyboard-interactive'];
    const keyThenAsked = ['-o', 'PreferredAuthentications=publickey,keyboard-interactive'];
    try {
      expect([await outcome('core'), await outcome('ops'), await outcome('ops', onlyAsked)]).toEqual([0, 0, 255]);
      await lab.auth('node3', 'key');
      expect([await outcome('core'), await outcome('ops')]).toEqual([0, 255]);
      await lab.auth('node3', 'password');
      expect([await outcome('core'), await outcome('ops', onlyPassword)]).toEqual([255, 0]);
      await lab.auth('node3', 'interactive');
      expect([await outcome('ops', onlyPassword), await outcome('ops', onlyAsked)]).toEqual([255, 0]);
      await lab.auth('node3', 'both');
      expect([await outcome('ops', onlyAsked), await outcome('ops', keyThenAsked)]).toEqual([255, 0]);
      await lab.auth('node3', 'refuse');
      expect(await Promise.all(['root', 'core', 'ops'].map((user) => outcome(user)))).toEqual([255, 255, 255]);
      await lab.auth('node3', 'open');
      expect(await outcome('core')).toBe(0);
      const sudo = { ...asked, input: '' };
      expect((await ssh(lab, 'ops@node3', ['sudo', '-n', 'true'], [], sudo)).exitCode).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('change their host key', async () => {
    const before = lab.host('node2').hostKey;
    const after = await lab.swapHostKey('node2');
    expect(after).not.toBe(before);
    expect((await ssh(lab, 'node2', ['true'])).stderr).toContain('Host key verification failed');
    expect((await runProgram('ssh-keyscan', ['-p', `${lab.host('node2').port}`, '127.0.0.1'])).stdout).toContain(after);
    await lab.mend();
    expect((await ssh(lab, 'node2', ['true'])).exitCode).toBe(0);
  });

  test('are cut off and joined again', async () => {
    await lab.partition('node3');
    expect((await ssh(lab, 'node3', ['true'])).exitCode).toBe(255);
    expect((await lab.exec('node3', ['ping', '-c1', '-W1', 'node1'])).exitCode).toBe(1);
    expect(said(await lab.exec('node3', ['hostname']))).toBe('node3');
    await lab.heal('node3');
    expect(said(await ssh(lab, 'node3', ['hostname']))).toBe('node3');
  });

  test('freeze and thaw', async () => {
    await lab.pause('node2');
    expect((await ssh(lab, 'node2', ['true'])).stderr).toMatch(/timed out/);
    expect((await lab.exec('node1', ['ping', '-c1', '-W1', 'node2'])).exitCode).toBe(0);
    await lab.resume('node2');
    expect(said(await ssh(lab, 'node2', ['hostname']))).toBe('node2');
  });

  test('reboot with their disk kept and a new boot id', async () => {
    const bootId = () => lab.bootId('node4');
    const before = await bootId();
    await lab.exec('node4', ['touch', '/var/kept', '/run/reboot-required']);
    await lab.reboot('node4');
    expect(await bootId()).not.toBe(before);
    expect(said(await lab.exec('node4', ['sh', '-c', 'ls /var/kept /run/reboot-required 2>/dev/null']))).toBe(
      '/var/kept',
    );
    expect(Number.parseFloat(said(await ssh(lab, 'node4', ['cat', '/proc/uptime'])))).toBeLessThan(60);
  });

  test('elect another etcd leader when the leader loses power', async () => {
    // A busy machine may have made it elect one this moment.
    await expect.poll(() => lab.leader(), { timeout: 15_000 }).not.toBeNull();
    const first = (await lab.leader()) ?? '';
    expect(lab.env.etcd.endpoints).toHaveLength(3);
    const other = first === 'node1' ? 'node2' : 'node1';
    await lab.etcdctl(other, 'put', '/lab', 'one');
    await lab.kill(first);
    expect((await lab.exec(first, ['true'])).exitCode).not.toBe(0);
    await expect.poll(() => lab.leader(), { timeout: 15_000 }).toMatch(/^node[123]$/);
    expect(await lab.leader()).not.toBe(first);
    await expect.poll(async () => said(await lab.etcdctl(other, 'put', '/lab', 'two')), { timeout: 10_000 }).toBe('OK');
    await lab.start(first);
    const caughtUp = async () => said(await lab.etcdctl(first, 'get', '--print-value-only', '/lab'));
    await expect.poll(caughtUp, { timeout: 15_000 }).toBe('two');
  });

  test('leave nothing behind, even after a crash', async () => {
    const { name } = lab.env;
    expect(leftovers(name).filter((left) => left.startsWith('process')).length).toBeGreaterThan(50);
    await runProgram('sh', [
      '-c',
      `cat /sys/fs/cgroup/*/${name}/cage/cgroup.procs /sys/fs/cgroup/${name}/cage/cgroup.procs 2>/dev/null | xargs kill -KILL`,
    ]);
    await expect
      .poll(() => leftovers(name).filter((left) => left.startsWith('process')), { timeout: 10_000 })
      .toEqual([]);
    await lab.end();
    await expect.poll(() => leftovers(name)).toEqual([]);
  });
});

test('the secure etcd wants a certificate and a password', async () => {
  const lab = await startLab({ systems: ['debian', 'debian', 'debian'], etcd: 'secure' });
  try {
    const { ca, cert, key, user, password, endpoints } = lab.env.etcd;
    const request = (argv: string[]) =>
      runProgram('openssl', ['s_client', '-brief', '-connect', ...argv], { input: '' });
    const [first = ''] = endpoints.map((endpoint) => new URL(endpoint).host);
    const trusted = [first, '-verify_return_error', '-CAfile', ca ?? ''];
    expect((await request([...trusted, '-cert', cert ?? '', '-key', key ?? ''])).stderr).toContain('Verification: OK');
    expect((await request([first, '-verify_return_error'])).exitCode).not.toBe(0);
    expect(lab.etcdSpec()).toMatchObject({ user: 'root', tls: { caFile: ca } });
    expect(said(await lab.etcdctl('node2', 'put', 'a', 'b'))).toBe('OK');
    const files = [
      '--cacert=/etc/etcd-pki/ca.pem',
      '--cert=/etc/etcd-pki/client.pem',
      '--key=/etc/etcd-pki/client-key.pem',
    ];
    const stranger = ['etcdctl', '--endpoints=https://127.0.0.1:2379', ...files, `--user=${user}:not-${password}`];
    const refused = await lab.exec('node2', ['env', 'ETCDCTL_API=3', ...stranger, 'get', 'a']);
    expect(refused.stderr).toContain('authentication failed');
  } finally {
    await lab.end();
  }
});

test('a swarm is many sshd with a host key each', async () => {
  const swarm = await startSwarm(6);
  try {
    const options = ['-i', swarm.key, '-o', `UserKnownHostsFile=${swarm.knownHosts}`, '-o', 'BatchMode=yes', '-n'];
    const answers = await Promise.all(
      swarm.ports.map((port) => runProgram('ssh', [...options, '-p', `${port}`, `root@${swarm.address}`, 'id -un'])),
    );
    expect(answers.map(said)).toEqual(Array.from({ length: 6 }, () => 'root'));
  } finally {
    await swarm.end();
  }
  await expect.poll(() => leftovers('quarterdeck-test-swarm')).toEqual([]);
});

/** What a bus answers to a stranger who lets the socket say who it is: `OK` and the bus's id. */
function busGreeting(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let greeted = false;
    const socket = connect(path, () => socket.write('\0AUTH EXTERNAL\r\n'));
    socket.setTimeout(5_000, () => socket.destroy(new Error('the bus says nothing')));
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      if (greeted) {
        resolve(chunk.toString());
        socket.destroy();
      } else {
        greeted = true;
        socket.write('DATA\r\n');
      }
    });
  });
}
