import { duplexPair } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '#shared/contract/problem.ts';
import { openScopes } from '../lib/scope.ts';
import type { Bus, BusSignal } from './bus.ts';
import { connectBus } from './connect-bus.ts';
import { encodeMessage } from './message.ts';
import { busError, type BusPeer, type BusPeerHandler, serveBusPeer } from './serve-bus-peer.ts';

const service = 'org.example.Units';
const signal = { path: '/units/a', interface: 'i.Properties', member: 'Changed', signature: 'su' };
/** All that the other side said before is read by then. */
const roundTrip = (bus: Bus) => bus.call(service, '/', 'i', 'Echo', 's', ['x']);
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));

const handler: BusPeerHandler = {
  names: [service],
  call: async (call) => {
    if (call.member === 'Echo') return { signature: call.signature, body: call.body };
    if (call.member === 'Never') return new Promise(() => {});
    if (call.member === 'Break') throw new Error('broken inside');
    throw busError('org.freedesktop.DBus.Error.UnknownMethod', `no ${call.member}`);
  },
};

async function pair(served = handler): Promise<{ bus: Bus; peer: BusPeer }> {
  const [ours, theirs] = duplexPair();
  const peer = serveBusPeer(theirs, served);
  return { bus: await connectBus(ours, { timeoutMs: 500 }), peer };
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  return promise.then(
    () => expect.fail('it was expected to fail'),
    (error: { problem: Problem }) => error.problem,
  );
}

/** Connects to a stream whose other end is a script of bytes. */
function connectTo(...answers: (string | Buffer)[]): Promise<Bus> {
  const [ours, theirs] = duplexPair();
  theirs.on('error', () => {});
  theirs.once('data', () => {
    for (const answer of answers) theirs.write(answer);
    theirs.resume();
  });
  return connectBus(ours, { timeoutMs: 100 });
}

describe('connectBus', () => {
  afterEach(() => {
    if (openScopes().length > 0) throw new Error(`left open: ${openScopes().join(', ')}`);
  });

  it('calls methods and turns errors into problems', async () => {
    const { bus } = await pair();
    expect(bus.name).toBe(':1.1');
    expect(await bus.call(service, '/', 'i', 'Echo', 'sas', ['a', ['b']])).toEqual(['a', ['b']]);
    expect(await problemOf(bus.call(service, '/', 'i', 'Other'))).toEqual({ code: 'unsupported', message: 'no Other' });
    expect((await problemOf(bus.call(service, '/', 'i', 'Break'))).message).toContain('broken inside');
    expect((await problemOf(bus.call('no.body', '/', 'i', 'Echo'))).code).toBe('not-found');
    expect(await problemOf(bus.call(service, '/', 'i', 'Never', '', [], 20))).toEqual({
      code: 'timeout',
      message: 'org.example.Units did not answer Never within 0.02 s',
    });
    expect((await problemOf(bus.call(service, '/', 'i', 'Echo', 'u', ['text']))).code).toBe('invalid-input');
    bus.close();
    expect((await problemOf(bus.call(service, '/', 'i', 'Echo'))).code).toBe('cancelled');
  });

  it('delivers the signals that a rule fits until it is removed', async () => {
    const { bus, peer } = await pair();
    const got: BusSignal[] = [];
    peer.emit({ ...signal, body: ['before', 0] });
    const stop = await bus.match({ sender: service, pathNamespace: '/units', arg0: 'yes' }, (each) => got.push(each));
    peer.emit({ ...signal, body: ['yes', 1] });
    peer.emit({ ...signal, body: ['no', 2] });
    peer.emit({ ...signal, path: '/other', body: ['yes', 3] });
    await roundTrip(bus);
    expect(got).toEqual([
      { path: '/units/a', interface: 'i.Properties', member: 'Changed', sender: ':1.0', body: ['yes', 1] },
    ]);
    stop();
    await roundTrip(bus);
    peer.emit({ ...signal, body: ['yes', 4] });
    await roundTrip(bus);
    expect(got).toHaveLength(1);
    bus.close();
  });

  it('lets what awaits an answer go on before a later signal of the same packet', async () => {
    const [ours, theirs] = duplexPair();
    const peer = serveBusPeer(theirs, handler);
    const bus = await connectBus(ours, { timeoutMs: 500 });
    const order: string[] = [];
    await bus.match({ sender: service }, () => order.push('signal'));
    const packet: Buffer[] = [];
    const write = theirs.write.bind(theirs);
    theirs.write = ((chunk: Buffer) => packet.push(chunk) > 0) as typeof theirs.write;
    const used = (async () => {
      await (async () => bus.call(service, '/', 'i', 'Echo', 's', ['list']))();
      order.push('answer used');
    })();
    await tick();
    peer.emit({ ...signal, body: ['yes', 1] });
    await tick();
    write(Buffer.concat(packet));
    await used;
    await tick();
    expect(order).toEqual(['answer used', 'signal']);
    bus.close();
  });

  it('ignores a signal that only claims to be from the wanted sender', async () => {
    const [ours, theirs] = duplexPair();
    const peer = serveBusPeer(theirs, handler);
    const bus = await connectBus(ours, { timeoutMs: 500 });
    const got: BusSignal[] = [];
    await bus.match({ sender: service, member: 'Changed' }, (each) => got.push(each));
    const forged = { type: 'signal', serial: 99, path: '/units/a', interface: 'i', member: 'Changed' } as const;
    theirs.write(encodeMessage({ ...forged, sender: ':1.666' }));
    peer.emit({ ...signal, body: ['true', 1] });
    await tick();
    expect(got.map(({ sender }) => sender)).toEqual([':1.0']);
    bus.close();
  });

  it('says why it closed and rejects what was waiting', async () => {
    const { bus, peer } = await pair();
    const reasons: string[] = [];
    bus.onClose((reason) => reasons.push(reason));
    const waiting = problemOf(bus.call(service, '/', 'i', 'Never'));
    peer.close();
    expect((await waiting).code).toBe('lost');
    expect(reasons).toEqual(['the message bus closed the connection']);
    bus.onClose((reason) => reasons.push(reason));
    await tick();
    expect(reasons).toHaveLength(2);
  });

  it('refuses calls to itself in words', async () => {
    const [ours, theirs] = duplexPair();
    serveBusPeer(theirs, handler);
    const bus = await connectBus(ours, { timeoutMs: 500 });
    const written: Buffer[] = [];
    ours.write = ((chunk: Buffer) => written.push(chunk) > 0) as typeof ours.write;
    theirs.write(encodeMessage({ type: 'call', serial: 5, path: '/', member: 'Introspect', sender: ':1.9' }));
    await tick();
    expect(Buffer.concat(written).toString('latin1')).toContain('there are no objects here');
    bus.close();
  });

  it('fails in words when the other side is no bus', async () => {
    expect((await problemOf(connectTo('REJECTED EXTERNAL\r\n'))).code).toBe('permission');
    expect((await problemOf(connectTo('HTTP/1.1 400 Bad Request\r\n'))).message).toContain('HTTP/1.1 400');
    expect((await problemOf(connectTo('x'.repeat(10_000)))).message).toBe('the other side does not speak D-Bus');
    expect((await problemOf(connectTo('DATA\r\nOK 1234\r\n', 'garbage that is no message'))).code).toBe('protocol');
    expect((await problemOf(connectTo('DATA\r\n'))).code).toBe('timeout');
  });
});
