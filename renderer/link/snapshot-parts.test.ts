import { expect, test } from 'vitest';
import type { Change } from '#shared/contract/records.ts';
import { type CoreMessage, protocolVersion } from '#shared/wire/messages.ts';
import { setLink } from './link-kit.ts';

const calm = (host: string): Change => ['host', host, 'health', { state: 'healthy', since: 1, reasons: [] }];
const part = (seq: number, host: string): CoreMessage => ({ type: 'snapshot-part', seq, records: [calm(host)] });
const whole = (seq: number, parts: number, host: string): CoreMessage => ({
  type: 'snapshot',
  seq,
  now: 5000,
  cluster: 'lab',
  parts,
  records: [calm(host)],
});

test('a snapshot in parts is written in one step once all is there, and patches follow it', () => {
  const { replica, peer, frame, welcome } = setLink();
  welcome();
  peer().say(part(1, 'a'));
  peer().say(part(1, 'b'));
  frame();
  expect(replica.store.getState()).toMatchObject({ seq: 0, records: { host: new Map() } });
  let writes = 0;
  replica.store.subscribe(() => (writes += 1));
  peer().say(whole(1, 2, 'c'));
  expect([writes, ...replica.store.getState().records.host.keys()]).toEqual([1, 'a', 'b', 'c']);
  expect(peer().last('ack')).toEqual({ type: 'ack', seq: 1 });
  peer().say({ type: 'patch', seq: 2, now: 5000, changes: [['host', 'a', 'health', null]] });
  frame();
  expect([...replica.store.getState().records.host.keys()]).toEqual(['b', 'c']);
});

test('a snapshot in parts leaves what is held when the line is cut in the middle, and starts over on the next', () => {
  const { replica, peer, timers, welcome } = setLink();
  welcome();
  peer().say(whole(1, 0, 'old'));
  peer().say(part(2, 'a'));
  peer().cut();
  expect([...replica.store.getState().records.host.keys()]).toEqual(['old']);
  timers[0]?.run();
  peer().say({ type: 'welcome', protocol: protocolVersion, version: '0.1.0', session: 's' });
  peer().say(part(2, 'b'));
  peer().say(whole(2, 1, 'c'));
  expect([...replica.store.getState().records.host.keys()]).toEqual(['b', 'c']);
});

test('a snapshot in parts is left for the next one when that begins before it was whole', () => {
  const { replica, peer, welcome } = setLink();
  welcome();
  peer().say(part(1, 'a'));
  peer().say(part(2, 'b'));
  peer().say(whole(2, 1, 'c'));
  expect([...replica.store.getState().records.host.keys()]).toEqual(['b', 'c']);
});

test('a snapshot in parts names a bad record in it, writes nothing of it, and ends the line when it is so three times', () => {
  const { link, replica, peer, welcome } = setLink();
  welcome();
  const bad = '{"type":"snapshot-part","seq":1,"records":[["host","web-7","health",{"state":"purple"}]]}';
  for (const [time, seq] of [1, 2, 3].entries()) {
    peer().say(part(seq, 'a'));
    peer().say(bad);
    if (time === 2) break;
    expect(peer().last('resync')?.reason).toContain('host web-7 health: state');
    peer().say(whole(seq, 2, 'c'));
    expect(peer().said.filter(({ type }) => type === 'resync')).toHaveLength(time + 1);
  }
  expect(replica.store.getState()).toMatchObject({ seq: 0, records: { host: new Map() } });
  expect(link.status.getState()).toMatchObject({
    state: 'lost',
    reason: expect.stringContaining('host web-7 health'),
  });
});
