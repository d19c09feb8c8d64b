import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectBus } from '#core/dbus/connect-bus.ts';
import type { Bus, BusSignal } from '#core/dbus/bus.ts';
import { plainValues } from '#core/dbus/variant.ts';
import type { DemoFleet } from '#core/index.ts';
import { startDemoFleet } from '#demo/index.ts';
import { type RunOptions, runProgram } from '#kit/machine.ts';
import { type RecordedLog, recordedLog } from '#kit/recorded-log.ts';
import { skipUnless } from '#kit/skip.ts';

const has = (tool: string) => (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, tool)));
let dir: string;
let fleet: DemoFleet;
let log: RecordedLog;
const ssh = (host: string, command: string[], options: RunOptions & { before?: string[] } = {}) =>
  runProgram('ssh', ['-F', join(dir, 'ssh_config'), ...(options.before ?? []), host, ...command], options);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qd-demo-'));
  log = recordedLog();
  fleet = await startDemoFleet({ hosts: 24, dir, log, seed: 1, preferRealEtcd: false });
});

afterAll(async () => {
  await fleet?.end();
  await rm(dir, { recursive: true, force: true });
  expect(log.surprises).toEqual([]);
});

describe('a demo host to a real ssh client', () => {
  beforeEach(() => skipUnless(has('ssh'), 'there is no ssh client'));

  it('is let in only with the key that the fleet wrote, under a host key that known_hosts has', async () => {
    expect((await stat(join(dir, 'key'))).mode & 0o077).toBe(0);
    expect(await ssh('web-a1', ['whoami; hostname'])).toMatchObject({ exitCode: 0, stdout: 'core\nweb-a1\n' });
    const other = await ssh('web-a1', ['true'], { before: ['-o', 'User=mallory', '-o', 'BatchMode=yes'] });
    expect(other.exitCode).toBe(255);
    expect(other.stderr).toContain('Permission denied (publickey)');
    const keys = new Set(
      (await readFile(join(dir, 'known_hosts'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[2]),
    );
    expect(keys.size).toBe(24);
    const before = ['-o', `UserKnownHostsFile=${join(dir, 'none')}`];
    expect((await ssh('web-a1', ['true'], { before })).stderr).toContain('Host key verification failed');
  });

  it('answers with exit code, both outputs and input', async () => {
    expect(await ssh('db-a1', ['echo out; echo err >&2; exit 42'])).toEqual({
      exitCode: 42,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await ssh('db-a1', ['cat; wc -c'], { input: 'héllo' })).toMatchObject({ stdout: 'héllo0\n' });
    expect((await ssh('db-a1', ['systemctl is-active postgresql@17-main; systemctl is-active nosuch'])).stdout).toBe(
      'active\ninactive\n',
    );
    const status = await ssh('db-a1', ['systemctl status pgbouncer']);
    expect(status.exitCode).toBe(0);
    expect(status.stdout).toMatch(/● pgbouncer\.service - Connection pooler[^\n]*\n +Loaded: loaded \(\/etc\/systemd/);
  });

  it('tells of a signal as sshd does', async () => {
    const program = spawn('ssh', ['-v', '-F', join(dir, 'ssh_config'), 'web-a1', 'kill -TERM $$; echo not reached'], {
      stdio: 'pipe',
    });
    let said = '';
    program.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [exitCode] = (await once(program, 'close')) as [number];
    expect(exitCode).toBe(255);
    expect(said).toContain('client_input_channel_req: channel 0 rtype exit-signal');
  });

  it('sends megabytes whole and waits for a slow reader', async () => {
    const { stdout } = await ssh('web-a1', ['seq 1 400000']);
    expect(stdout.length).toBe(
      Array.from({ length: 400_000 }, (_, at) => String(at + 1).length + 1).reduce((a, b) => a + b),
    );
    expect(stdout.endsWith('\n399999\n400000\n')).toBe(true);
    const endless = spawn('ssh', ['-F', join(dir, 'ssh_config'), 'web-a1', 'yes'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(endless.stdout, 'readable');
    await sleep(500);
    // Others are served while it is held back.
    const started = performance.now();
    expect((await ssh('web-a1', ['echo quick'])).stdout).toBe('quick\n');
    expect(performance.now() - started).toBeLessThan(5000);
    endless.kill();
    await once(endless, 'close');
  });

  it('ends what runs on a connection that is cut', async () => {
    const waiting = spawn('ssh', ['-F', join(dir, 'ssh_config'), 'web-b1', 'sleep 4321'], { stdio: 'ignore' });
    const shown = async () => (await ssh('web-b1', ['ps -ef | grep -c "[s]leep 4321"'])).stdout;
    await expect.poll(shown, { timeout: 10_000 }).toBe('1\n');
    waiting.kill('SIGKILL');
    await expect.poll(shown, { timeout: 10_000 }).toBe('0\n');
  });

  it('opens ten sessions on a connection and no more', async () => {
    const control = join(dir, 'master');
    const master = spawn('ssh', ['-F', join(dir, 'ssh_config'), '-M', '-N', '-S', control, 'web-a2'], {
      stdio: 'ignore',
    });
    await expect.poll(() => existsSync(control), { timeout: 10_000 }).toBe(true);
    const many = Array.from({ length: 11 }, () =>
      ssh('web-a2', ['sleep 2; echo done'], { before: ['-S', control, '-o', 'ControlMaster=no'] }),
    );
    const results = await Promise.all(many);
    expect(results.filter(({ stdout }) => stdout === 'done\n').length).toBeGreaterThanOrEqual(10);
    expect(results.some(({ stderr }) => /open failed|refused/i.test(stderr))).toBe(true);
    master.kill();
    await once(master, 'close');
  });

  it('gives a shell to talk to', async () => {
    const { stdout } = await ssh('web-a1', [], {
      input: 'hostname\nx=1\necho $x; cat\nfor cat\nexit 5\n',
      before: ['-T'],
    });
    expect(stdout).toBe('web-a1\n1\nfor cat\nexit 5\n');
    const typed = await ssh('web-a1', [], { input: 'hostnamee\x7f\ntrue\nexit\n', before: ['-tt'] });
    expect(typed.exitCode).toBe(0);
    expect(typed.stdout).toContain('core@web-a1 ~ $ hostnamee\b \b\r\n');
    expect(typed.stdout).toContain('web-a1\r\ncore@web-a1 ~ $ ');
  });

  it('keeps what logger wrote in its journal, and follows a journal', async () => {
    await ssh('web-b2', ["logger -t quarterdeck -- 'ann: restart nginx'"]);
    const { stdout } = await ssh('web-b2', ['journalctl -t quarterdeck -o json --no-pager -n 5']);
    expect(JSON.parse(stdout)).toMatchObject({
      MESSAGE: 'ann: restart nginx',
      SYSLOG_IDENTIFIER: 'quarterdeck',
      _HOSTNAME: 'web-b2',
    });
    const following = spawn('ssh', ['-F', join(dir, 'ssh_config'), 'web-b2', 'journalctl -f -n 0 -t told'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let heard = '';
    following.stdout.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    await sleep(800);
    await ssh('web-b2', ['logger -t told now']);
    await expect.poll(() => heard, { timeout: 5000 }).toMatch(/ web-b2 told\[\d+\]: now\n$/);
    following.kill();
    await once(following, 'close');
  });
});

describe('a demo host over its forwarded system bus', () => {
  let forward: ChildProcess | undefined;
  let path: string;
  let bus: Bus;
  const systemd = [
    'org.freedesktop.systemd1',
    '/org/freedesktop/systemd1',
    'org.freedesktop.systemd1.Manager',
  ] as const;

  beforeAll(async () => {
    if (!has('ssh')) return;
    path = join(dir, 'bus');
    const words = ['-F', join(dir, 'ssh_config'), '-N', '-L', `${path}:/run/dbus/system_bus_socket`, 'web-c1'];
    forward = spawn('ssh', words, { stdio: 'ignore' });
    for (let wait = 0; wait < 100 && !existsSync(path); wait++) await sleep(100);
    bus = await connectBus(connect(path), { timeoutMs: 5000 });
  });
  beforeEach(() => skipUnless(has('ssh'), 'there is no ssh client'));
  afterAll(async () => {
    bus?.close();
    forward?.kill();
    if (forward) await once(forward, 'close');
  });

  it('lists the units that systemctl lists', async () => {
    const [rows] = await bus.call(...systemd, 'ListUnits');
    const { stdout } = await ssh('web-c1', ['systemctl list-units --all --output=json']);
    const listed = JSON.parse(stdout) as { unit: string; description: string; load: string }[];
    const ours = (rows as string[][]).map(([unit, description, load]) => ({ unit, description, load }));
    expect(ours).toEqual(listed.map(({ unit, description, load }) => ({ unit, description, load })));
    expect(ours.length).toBeGreaterThan(100);
    const [some] = await bus.call(...systemd, 'ListUnitsByPatterns', 'asas', [[], ['nginx.service', 'nosuch.service']]);
    expect((some as string[][]).map(([name]) => name)).toEqual(['nginx.service']);
  });

  it('pushes the steps of a restart to those who subscribed', async () => {
    const seen: string[] = [];
    const stop = await bus.match(
      { sender: systemd[0], interface: 'org.freedesktop.DBus.Properties' },
      (signal: BusSignal) => {
        const [iface, changed] = signal.body;
        if (signal.path.endsWith('nginx_2eservice') && iface === 'org.freedesktop.systemd1.Unit')
          seen.push(plainValues(changed)['SubState'] as string);
      },
    );
    const jobs: string[] = [];
    const stopJobs = await bus.match({ sender: systemd[0], member: 'JobRemoved' }, (signal) =>
      jobs.push((signal.body.slice(2) as string[]).join(' ')),
    );
    await ssh('web-c1', ['sudo systemctl restart nginx']);
    expect(seen).toEqual([]);
    await bus.call(...systemd, 'Subscribe');
    await ssh('web-c1', ['sudo systemctl restart nginx']);
    await expect.poll(() => jobs, { timeout: 5000 }).toContain('nginx.service done');
    expect(seen.filter((sub, at) => sub !== seen[at - 1])).toEqual(['stop-sigterm', 'dead', 'start', 'running']);
    await expect(bus.call(...systemd, 'Subscribe')).rejects.toThrow(/AlreadySubscribed/);
    stop();
    stopJobs();
  });

  it('tells the properties that systemctl show tells, and refuses changes to user core', async () => {
    const [unitPath] = await bus.call(...systemd, 'LoadUnit', 's', ['sshd.service']);
    const all = async (iface: string) => {
      const [values] = await bus.call(
        systemd[0],
        unitPath as string,
        'org.freedesktop.DBus.Properties',
        'GetAll',
        's',
        [iface],
      );
      return plainValues(values);
    };
    const values = {
      ...(await all('org.freedesktop.systemd1.Unit')),
      ...(await all('org.freedesktop.systemd1.Service')),
    };
    const { stdout } = await ssh('web-c1', [
      'systemctl show sshd -p Id -p MainPID -p FragmentPath -p ActiveState -p UnitFileState',
    ]);
    const shown = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );
    expect(shown).toEqual(
      Object.fromEntries(Object.keys(shown).map((key) => [key, (values[key] as string | number).toString()])),
    );
    await expect(bus.call(...systemd, 'StopUnit', 'ss', ['sshd.service', 'replace'])).rejects.toMatchObject({
      problem: { code: 'permission' },
    });
    await expect(bus.call(...systemd, 'Frobnicate')).rejects.toThrow(/UnknownMethod|Unknown method/);
    await expect(bus.call(...systemd, 'GetUnit', 's', ['nosuch.service'])).rejects.toMatchObject({
      problem: { code: 'not-found' },
    });
  });

  it('satisfies busctl', async () => {
    skipUnless(has('busctl'), 'busctl is not installed');
    const words = [
      '--json=short',
      `--address=unix:path=${path}`,
      'get-property',
      systemd[0],
      systemd[1],
      systemd[2],
      'Virtualization',
    ];
    const { stdout, stderr } = await runProgram('busctl', words);
    expect({ stdout, stderr }).toEqual({ stdout: '{"type":"s","data":"kvm"}\n', stderr: '' });
  });
});
