import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectBus } from '#core/dbus/connect-bus.ts';
import type { Bus, BusSignal, BusValue } from '#core/dbus/bus.ts';
import { type BusPeer, serveBusPeer } from '#core/dbus/serve-bus-peer.ts';
import { plainValues, variant } from '#core/dbus/variant.ts';
import { type PrivateBus, startPrivateBus } from '#kit/dbus-daemon.ts';
import { skipUnless } from '#kit/skip.ts';

const run = promisify(execFile);
const has = (tool: string) => (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(`${folder}/${tool}`));
const need = (tool: string) => skipUnless(has(tool), `${tool} is not installed`);
const daemon = ['org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus'] as const;

describe('a real dbus-daemon', () => {
  beforeEach(() => need('dbus-daemon'));
  let place: PrivateBus;
  let bus: Bus;

  beforeAll(async () => {
    if (!has('dbus-daemon')) return;
    place = await startPrivateBus();
    bus = await connectBus(await place.connect(), { timeoutMs: 5000 });
  });
  afterAll(async () => {
    bus?.close();
    await place?.end();
  });

  it('takes us for the user of the socket although we claim no identity', async () => {
    expect(bus.name).toMatch(/^:1\.\d+$/);
    const [credentials] = await bus.call(...daemon, 'GetConnectionCredentials', 's', [bus.name]);
    expect(plainValues(credentials)['UnixUserID']).toBe(process.getuid?.());
  });

  it('takes a true claim and rejects a false one as a problem of permission', async () => {
    const claimed = await connectBus(await place.connect(), { timeoutMs: 5000, identity: String(process.getuid?.()) });
    expect(claimed.name).not.toBe(bus.name);
    claimed.close();
    const false_ = connectBus(await place.connect(), { timeoutMs: 5000, identity: '4242' });
    await expect(false_).rejects.toMatchObject({ problem: { code: 'permission' } });
  });

  it('answers what busctl answers', async () => {
    need('busctl');
    const ask = ['--json=short', `--address=${place.address}`, 'call', ...daemon];
    const [ours] = await bus.call(...daemon, 'GetId');
    expect(JSON.parse((await run('busctl', [...ask, 'GetId'])).stdout)).toEqual({ type: 's', data: [ours] });
    const properties = ['org.freedesktop.DBus.Properties', 'GetAll', 's', 'org.freedesktop.DBus'] as const;
    const [all] = await bus.call(daemon[0], daemon[1], 'org.freedesktop.DBus.Properties', 'GetAll', 's', [daemon[0]]);
    const theirs = await run('busctl', [
      '--json=short',
      `--address=${place.address}`,
      'call',
      daemon[0],
      daemon[1],
      ...properties,
    ]);
    const data = (JSON.parse(theirs.stdout) as { data: [Record<string, { data: unknown }>] }).data[0];
    expect(plainValues(all)).toEqual(Object.fromEntries(Object.entries(data).map(([key, value]) => [key, value.data])));
  });

  it('delivers what dbus-send sends, of every basic type', async () => {
    need('dbus-send');
    const got: BusSignal[] = [];
    await bus.match({ interface: 'org.example.Test', arg0: 'first' }, (signal) => got.push(signal));
    await run('dbus-send', [
      `--bus=${place.address}`,
      '--type=signal',
      '/org/example',
      'org.example.Test.Happened',
      'string:first',
      'byte:200',
      'boolean:true',
      'int16:-5',
      'uint16:65535',
      'int32:-70000',
      'uint32:4000000000',
      'int64:-9007199254740993',
      'uint64:18446744073709551615',
      'double:-0.5',
      'objpath:/a/b',
      'array:string:x,Ä',
      'dict:string:int32:one,1,two,2',
      'variant:uint32:7',
    ]);
    await expect.poll(() => got.length, { timeout: 10_000 }).toBe(1);
    expect(got[0]?.body).toEqual([
      'first',
      200,
      true,
      -5,
      65535,
      -70000,
      4000000000,
      -9007199254740993n,
      18446744073709551615n,
      -0.5,
      '/a/b',
      ['x', 'Ä'],
      { one: 1, two: 2 },
      { signature: 'u', value: 7 },
    ]);
  });

  it('follows the owner of a name and takes its signals only', async () => {
    need('gdbus');
    const trusted: BusSignal[] = [];
    const any: BusSignal[] = [];
    await bus.match({ sender: 'org.example.Owner', member: 'Ping' }, (signal) => trusted.push(signal));
    await bus.match({ member: 'Ping' }, (signal) => any.push(signal));
    const owner = await connectBus(await place.connect(), { timeoutMs: 5000 });
    await owner.call(...daemon, 'RequestName', 'su', ['org.example.Owner', 4]);
    // A stranger sends the same signal straight to us, past every match rule.
    const emit = ['emit', '--address', place.address, '--object-path', '/a', '--signal', 'org.example.Owner.Ping'];
    await run('gdbus', [...emit, '--dest', bus.name]);
    await expect.poll(() => any.length, { timeout: 10_000 }).toBe(1);
    expect(trusted).toEqual([]);
    owner.close();
  });

  it('reports what the bus refuses', async () => {
    const calls = [
      bus.call('org.no.Body', '/', 'a.b', 'C'),
      bus.call(...daemon, 'NoSuchMethod'),
      bus.call(...daemon, 'GetNameOwner', 'u', [1]),
    ];
    const outcomes = await Promise.allSettled(calls);
    const codes = outcomes.map((each) => (each as { reason?: { problem?: { code: string } } }).reason?.problem?.code);
    expect(codes).toEqual(['not-found', 'unsupported', 'invalid-input']);
  });

  it('is reached through systemd-stdio-bridge too', async () => {
    need('systemd-stdio-bridge');
    const bridge = spawn('systemd-stdio-bridge', [`--bus-path=${place.address}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const through = await connectBus(Duplex.from({ readable: bridge.stdout, writable: bridge.stdin }), {
      timeoutMs: 5000,
    });
    expect(await through.call(...daemon, 'GetId')).toEqual(await bus.call(...daemon, 'GetId'));
    through.close();
    bridge.kill('SIGKILL');
  });

  it('says so when the daemon is killed', async () => {
    const mine = await startPrivateBus();
    const doomed = await connectBus(await mine.connect(), { timeoutMs: 5000 });
    const closed = new Promise<string>((resolve) => doomed.onClose(resolve));
    mine.process.kill('SIGKILL');
    expect(await closed).toContain('closed');
    await expect(doomed.call(...daemon, 'GetId')).rejects.toMatchObject({ problem: { code: 'lost' } });
    await mine.end();
  });

  it('times out in words when the daemon hangs', async () => {
    const mine = await startPrivateBus();
    const stuck = await connectBus(await mine.connect(), { timeoutMs: 200 });
    mine.process.kill('SIGSTOP');
    await expect(stuck.call(...daemon, 'GetId')).rejects.toMatchObject({ problem: { code: 'timeout' } });
    mine.process.kill('SIGCONT');
    stuck.close();
    await mine.end();
  });
});

describe('our served peer, asked by other implementations', () => {
  beforeEach(() => need('busctl'));
  const unit = ['a.service', 'Ä unit', 'loaded', 'active', 'running', '', '/org/x/a', 0, '', '/'];
  let server: Server;
  let address: string;
  const calls: BusValue[][] = [];
  const peers: BusPeer[] = [];

  beforeAll(async () => {
    server = createServer((socket) => {
      const peer = serveBusPeer(socket, {
        names: ['org.freedesktop.systemd1'],
        call: (call) => {
          calls.push(call.body);
          if (call.member === 'ListUnits') return { signature: 'a(ssssssouso)', body: [[unit, unit]] };
          const values = { Name: variant('s', 'n'), Count: variant('t', 2n ** 63n), Pair: variant('(uo)', [1, '/a']) };
          if (call.member === 'GetAll') return { signature: 'a{sv}', body: [values] };
          throw new Error(`no ${call.member}`);
        },
      });
      peers.push(peer);
    });
    const path = `/tmp/quarterdeck-peer-${process.pid}`;
    server.listen(path);
    await once(server, 'listening');
    address = `unix:path=${path}`;
  });
  afterAll(() => void server.close());

  const busctl = async (...words: string[]) => {
    const { stdout } = await run('busctl', [
      '--json=short',
      `--address=${address}`,
      'call',
      'org.freedesktop.systemd1',
      ...words,
    ]);
    return JSON.parse(stdout) as unknown;
  };

  it('gives busctl a unit list and properties', async () => {
    expect(await busctl('/org/freedesktop/systemd1', 'org.freedesktop.systemd1.Manager', 'ListUnits')).toEqual({
      type: 'a(ssssssouso)',
      data: [[unit, unit]],
    });
    const all = await busctl('/x', 'org.freedesktop.DBus.Properties', 'GetAll', 's', 'org.x');
    expect(all).toMatchObject({
      type: 'a{sv}',
      data: [{ Name: { type: 's', data: 'n' }, Pair: { type: '(uo)', data: [1, '/a'] } }],
    });
    expect(calls.at(-1)).toEqual(['org.x']);
  });

  it('gives busctl an error in words', async () => {
    await expect(busctl('/x', 'org.x', 'Missing')).rejects.toThrow(/no Missing/);
  });

  it('gives gdbus a signal that it asked for', async () => {
    need('gdbus');
    const watch = spawn('gdbus', ['monitor', '--address', address, '--dest', 'org.freedesktop.systemd1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let seen = '';
    watch.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    const kicked = { path: '/x', interface: 'org.x', member: 'Kicked', signature: 's', body: ['Ä'] };
    const shown = () => {
      for (const peer of peers) peer.emit(kicked);
      return seen;
    };
    await expect.poll(shown, { timeout: 10_000 }).toContain("/x: org.x.Kicked ('Ä',)");
    watch.kill();
    expect(seen).toContain('is owned by :1.0');
  });
});
