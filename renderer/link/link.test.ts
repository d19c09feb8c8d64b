import { describe, expect, it } from 'vitest';
import type { Change } from '#shared/contract/records.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { protocolVersion } from '#shared/wire/messages.ts';
import { setLink } from './link-kit.ts';

const views = (names: string[]): Change[] => [['app', '', 'user', { name: names.join(',') }]];

describe('createLink', () => {
  it('says hello, takes the snapshot and acknowledges it', () => {
    const { link, replica, peer, welcome } = setLink();
    expect(peer().said[0]).toEqual({ type: 'hello', protocol: protocolVersion, cluster: 'lab' });
    welcome();
    expect(link.status.getState()).toEqual({ state: 'open', version: '0.1.0' });
    expect(replica.store.getState()).toMatchObject({ seq: 0, cluster: 'lab', ready: true });
    expect(peer().last('ack')).toEqual({ type: 'ack', seq: 0 });
  });

  it('writes all patches of a frame in one step and acknowledges each', () => {
    const { replica, peer, frame, frames, welcome } = setLink();
    welcome();
    let writes = 0;
    replica.store.subscribe(() => (writes += 1));
    peer().say({ type: 'patch', seq: 1, now: 5000, changes: views(['a']) });
    peer().say({ type: 'patch', seq: 2, now: 5000, changes: views(['b']) });
    expect(frames).toHaveLength(1);
    expect(writes).toBe(0);
    frame();
    expect(writes).toBe(1);
    expect(replica.section('app', '', 'user')).toEqual({ name: 'b' });
    expect(peer().said.filter(({ type }) => type === 'ack')).toHaveLength(3);
  });

  it('answers a gap by resync, ignores patches until the snapshot, then goes on', () => {
    const { replica, peer, frame, welcome } = setLink();
    welcome();
    peer().say({ type: 'patch', seq: 2, now: 5000, changes: views(['gap']) });
    peer().say({ type: 'patch', seq: 3, now: 5000, changes: views(['gap']) });
    frame();
    expect(peer().said.filter(({ type }) => type === 'resync')).toHaveLength(1);
    expect(replica.section('app', '', 'user')).toBeUndefined();
    peer().say({ type: 'snapshot', seq: 7, now: 5000, cluster: 'lab', parts: 0, records: views(['new']) });
    peer().say({ type: 'patch', seq: 8, now: 5000, changes: views(['newer']) });
    frame();
    expect(replica.section('app', '', 'user')).toEqual({ name: 'newer' });
  });

  it('drops what waits for the frame when a snapshot overtakes it', () => {
    const { replica, peer, frame, welcome } = setLink();
    welcome();
    peer().say({ type: 'patch', seq: 1, now: 5000, changes: views(['old']) });
    peer().say({ type: 'snapshot', seq: 5, now: 5000, cluster: 'lab', parts: 0, records: views(['new']) });
    frame();
    expect(replica.store.getState().seq).toBe(5);
    expect(replica.section('app', '', 'user')).toEqual({ name: 'new' });
  });

  it('asks for a resync on text it cannot read, and reconnects after three', () => {
    const { link, peer, peers, timers, welcome } = setLink();
    welcome();
    peer().say('not json');
    peer().say('{"type":"patch","seq":1,"now":1,"changes":[["host","a","nosuch",{}]]}');
    expect(peer().said.filter(({ type }) => type === 'resync')).toHaveLength(2);
    peer().say('{}');
    expect(link.status.getState().state).toBe('lost');
    timers[0]?.run();
    expect(peers).toHaveLength(2);
  });

  it('checks items of a list by host like the whole list, and takes them of no other section', () => {
    const { peer, welcome } = setLink();
    welcome();
    const reason = () => peer().last('resync')?.reason;
    peer().say('{"type":"patch","seq":1,"now":1,"changes":[["document","ntp","drift",[{"host":"web-7"}],"items"]]}');
    expect(reason()).toContain('document ntp drift: 0.state');
    peer().say('{"type":"patch","seq":1,"now":1,"changes":[["app","","views",[],"items"]]}');
    expect(reason()).toContain('app  views is no list by host');
  });

  it('waits longer after each failed attempt and starts short again after a welcome', () => {
    const { link, peer, timers, welcome } = setLink();
    for (let i = 0; i < 3; i++) {
      peer().cut();
      timers.splice(0)[0]?.run();
    }
    expect(link.status.getState()).toMatchObject({ state: 'connecting', attempt: 4, since: 1000 });
    peer().cut();
    expect(timers[0]?.ms).toBe(4000);
    link.retry();
    expect(timers).toHaveLength(0);
    welcome();
    peer().cut();
    expect(timers[0]?.ms).toBe(500);
  });

  it('says plainly when the core speaks another protocol and does not try again', () => {
    const { link, peer, timers } = setLink();
    peer().say({ type: 'welcome', protocol: 99, version: '9', session: 's' });
    expect(link.status.getState()).toEqual({ state: 'mismatch', core: 99 });
    expect(timers).toHaveLength(0);
  });
});

describe('calls', () => {
  it('resolves with a checked answer and rejects an answer of the wrong shape', async () => {
    const { link, peer, welcome } = setLink();
    welcome();
    const good = link.call('clusters.read', { id: 'lab' });
    const bad = link.call('clusters.read', { id: 'lab' });
    const ids = peer().said.flatMap((message) => (message.type === 'call' ? [message.id] : []));
    peer().say({ type: 'result', id: ids[0] as number, output: { text: 't', version: 'v' } });
    peer().say({ type: 'result', id: ids[1] as number, output: { text: 1 } });
    await expect(good).resolves.toEqual({ text: 't', version: 'v' });
    await expect(bad).rejects.toMatchObject({ problem: { code: 'protocol' } });
  });

  it('cancels in the core when aborted and drops the late answer', async () => {
    const { link, peer, welcome } = setLink();
    welcome();
    const stop = new AbortController();
    const call = link.call('clusters.read', { id: 'lab' }, stop.signal);
    stop.abort();
    await expect(call).rejects.toMatchObject({ problem: { code: 'cancelled' } });
    const id = peer().last('call')?.id as number;
    expect(peer().last('cancel')).toEqual({ type: 'cancel', id });
    peer().say({ type: 'result', id, output: {} });
  });

  it('fails with the problem of the core, and as lost when the line goes', async () => {
    const { link, peer, welcome } = setLink();
    welcome();
    const refused = link.call('clusters.delete', { id: 'lab' });
    const problem: Problem = { code: 'refused', message: 'protected' };
    peer().say({ type: 'failed', id: peer().last('call')?.id as number, problem });
    await expect(refused).rejects.toMatchObject({ problem });
    const lost = link.call('clusters.delete', { id: 'lab' });
    peer().cut();
    await expect(lost).rejects.toMatchObject({ problem: { code: 'lost' } });
    await expect(link.call('clusters.delete', { id: 'lab' })).rejects.toMatchObject({ problem: { code: 'lost' } });
  });
});

describe('streams', () => {
  const subject = { kind: 'units', host: 'web-1' } as const;

  it('opens, checks items, grants half windows back, and closes', () => {
    const { link, peer, welcome } = setLink();
    welcome();
    const seen: string[] = [];
    const stop = link.follow(subject, {
      onStart: () => seen.push('start'),
      onItem: (item) => seen.push(`${item.removed.length}`),
      onEnd: () => seen.push('end'),
    });
    const id = peer().last('stream-open')?.id as number;
    peer().say({ type: 'stream-item', id, item: { reset: true, changed: [], removed: ['a'] } });
    expect(peer().last('stream-more')).toBeUndefined();
    const long = Array.from({ length: 300 }, () => 'x'.repeat(1000));
    peer().say({ type: 'stream-item', id, item: { reset: false, changed: [], removed: long } });
    expect(peer().last('stream-more')?.chars).toBeGreaterThan(300_000);
    stop();
    expect(peer().last('stream-close')).toEqual({ type: 'stream-close', id });
    peer().say({ type: 'stream-item', id, item: { reset: true, changed: [], removed: [] } });
    expect(seen).toEqual(['start', '1', '300']);
  });

  it('begins anew on the next line', () => {
    const { link, peer, timers, welcome } = setLink();
    welcome();
    let starts = 0;
    link.follow(subject, { onStart: () => (starts += 1), onItem: () => {}, onEnd: () => {} });
    peer().cut();
    timers[0]?.run();
    expect(peer().last('stream-open')).toBeUndefined();
    welcome();
    expect(peer().last('stream-open')?.subject).toEqual(subject);
    expect(starts).toBe(2);
  });

  it('ends a stream whose item makes no sense', () => {
    const { link, peer, welcome } = setLink();
    welcome();
    let problem: Problem | null = null;
    link.follow(subject, { onStart: () => {}, onItem: () => {}, onEnd: (why) => (problem = why) });
    const id = peer().last('stream-open')?.id as number;
    peer().say({ type: 'stream-item', id, item: { lines: [] } });
    expect(problem).toMatchObject({ code: 'protocol' });
    expect(peer().last('stream-close')).toEqual({ type: 'stream-close', id });
  });
});

describe('looking and opening', () => {
  it('repeats what is looked at on a new line, and names the cluster wanted last', () => {
    const { link, replica, peer, timers, welcome } = setLink();
    welcome();
    link.look({ hosts: ['web-1'], focus: null, hidden: false });
    link.open('other');
    expect(replica.store.getState().ready).toBe(false);
    expect(peer().last('open')).toEqual({ type: 'open', cluster: 'other' });
    peer().cut();
    timers[0]?.run();
    expect(peer().said[0]).toMatchObject({ type: 'hello', cluster: 'other' });
    welcome();
    expect(peer().last('looking')).toMatchObject({ hosts: ['web-1'] });
  });
});
