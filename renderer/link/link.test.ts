import { describe, expect, it } from 'vitest';
import type { Change } from '#shared/contract/records.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { type CoreMessage, protocolVersion, type ViewMessage } from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';
import { createClock } from '../state/clock.ts';
import { createReplica } from '../state/replica.ts';
import { createLink } from './link.ts';

/** The other end of one in-memory line: what the view said, and a way to answer. */
class Peer {
  readonly said: ViewMessage[] = [];
  #message: (text: string) => void = () => {};
  #close: (reason: string) => void = () => {};
  closed: string | null = null;
  readonly port: Port = {
    send: (text) => this.said.push(JSON.parse(text) as ViewMessage),
    onMessage: (listener) => void (this.#message = listener),
    onClose: (listener) => void (this.#close = listener),
    close: (reason) => {
      this.closed = reason;
      this.#close(reason);
    },
  };
  say(message: CoreMessage | string): void {
    this.#message(typeof message === 'string' ? message : JSON.stringify(message));
  }
  cut(): void {
    this.#close('cut');
  }
  last<T extends ViewMessage['type']>(type: T): Extract<ViewMessage, { type: T }> | undefined {
    return this.said.findLast((message) => message.type === type) as Extract<ViewMessage, { type: T }> | undefined;
  }
}

function set(cluster: string | null = 'lab') {
  const peers: Peer[] = [];
  const frames: (() => void)[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  const replica = createReplica();
  const link = createLink(
    {
      openPort: () => {
        const peer = new Peer();
        peers.push(peer);
        return peer.port;
      },
      replica,
      clock: createClock(() => 1000),
      schedule: (flush) => {
        frames.push(flush);
        return () => void frames.splice(frames.indexOf(flush), 1);
      },
      random: () => 1,
      wait: (run, ms) => {
        const timer = { run, ms };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
    },
    cluster,
  );
  const peer = () => peers.at(-1) as Peer;
  const frame = () => {
    for (const flush of frames.splice(0)) flush();
  };
  const welcome = () => {
    peer().say({ type: 'welcome', protocol: protocolVersion, version: '0.1.0', session: 's' });
    peer().say({ type: 'snapshot', seq: 0, now: 5000, cluster: 'lab', parts: 0, records: [] });
  };
  return { link, replica, peers, peer, frame, frames, timers, welcome };
}

const views = (names: string[]): Change[] => [['app', '', 'user', { name: names.join(',') }]];

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

describe('createLink', () => {
  it('says hello, takes the snapshot and acknowledges it', () => {
    const { link, replica, peer, welcome } = set();
    expect(peer().said[0]).toEqual({ type: 'hello', protocol: protocolVersion, cluster: 'lab' });
    welcome();
    expect(link.status.getState()).toEqual({ state: 'open', version: '0.1.0' });
    expect(replica.store.getState()).toMatchObject({ seq: 0, cluster: 'lab', ready: true });
    expect(peer().last('ack')).toEqual({ type: 'ack', seq: 0 });
  });

  it('writes all patches of a frame in one step and acknowledges each', () => {
    const { replica, peer, frame, frames, welcome } = set();
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
    const { replica, peer, frame, welcome } = set();
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
    const { replica, peer, frame, welcome } = set();
    welcome();
    peer().say({ type: 'patch', seq: 1, now: 5000, changes: views(['old']) });
    peer().say({ type: 'snapshot', seq: 5, now: 5000, cluster: 'lab', parts: 0, records: views(['new']) });
    frame();
    expect(replica.store.getState().seq).toBe(5);
    expect(replica.section('app', '', 'user')).toEqual({ name: 'new' });
  });

  it('asks for a resync on text it cannot read, and reconnects after three', () => {
    const { link, peer, peers, timers, welcome } = set();
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
    const { peer, welcome } = set();
    welcome();
    const reason = () => peer().last('resync')?.reason;
    peer().say('{"type":"patch","seq":1,"now":1,"changes":[["document","ntp","drift",[{"host":"web-7"}],"items"]]}');
    expect(reason()).toContain('document ntp drift: 0.state');
    peer().say('{"type":"patch","seq":1,"now":1,"changes":[["app","","views",[],"items"]]}');
    expect(reason()).toContain('app  views is no list by host');
  });

  it('waits longer after each failed attempt and starts short again after a welcome', () => {
    const { link, peer, timers, welcome } = set();
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
    const { link, peer, timers } = set();
    peer().say({ type: 'welcome', protocol: 99, version: '9', session: 's' });
    expect(link.status.getState()).toEqual({ state: 'mismatch', core: 99 });
    expect(timers).toHaveLength(0);
  });
});

describe('a snapshot in parts', () => {
  it('is written in one step once all is there, and patches follow it', () => {
    const { replica, peer, frame, welcome } = set();
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

  it('leaves what is held when the line is cut in the middle, and starts over on the next', () => {
    const { replica, peer, timers, welcome } = set();
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

  it('is left for the next one when that begins before it was whole', () => {
    const { replica, peer, welcome } = set();
    welcome();
    peer().say(part(1, 'a'));
    peer().say(part(2, 'b'));
    peer().say(whole(2, 1, 'c'));
    expect([...replica.store.getState().records.host.keys()]).toEqual(['b', 'c']);
  });

  it('names a bad record in it, writes nothing of it, and ends the line when it is so three times', () => {
    const { link, replica, peer, welcome } = set();
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
});

describe('calls', () => {
  it('resolves with a checked answer and rejects an answer of the wrong shape', async () => {
    const { link, peer, welcome } = set();
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
    const { link, peer, welcome } = set();
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
    const { link, peer, welcome } = set();
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
    const { link, peer, welcome } = set();
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
    const { link, peer, timers, welcome } = set();
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
    const { link, peer, welcome } = set();
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
    const { link, replica, peer, timers, welcome } = set();
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
