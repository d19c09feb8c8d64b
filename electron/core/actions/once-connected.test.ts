import { expect, test } from 'vitest';
import type { HostLink } from '#shared/contract/host.ts';
import { plainLink } from '#kit/plain-link.ts';
import { Records } from '../fleet/records.ts';
import { onceConnected } from './once-connected.ts';

const plain: HostLink = { ...plainLink, state: 'idle', heardAt: null };

const identity = { name: 'a', address: 'a', port: 22, user: 'core', jump: [], labels: {} };

function waiting(hosts: Readonly<Record<string, Partial<HostLink>>>, longestMs = 60_000) {
  const records = new Records();
  const link = (host: string, more: Partial<HostLink>) => records.publish('host', host, 'link', { ...plain, ...more });
  for (const [host, more] of Object.entries(hosts)) link(host, more);
  const stop = new AbortController();
  let over = false;
  const ended = onceConnected({ records, signal: stop.signal }, [...Object.keys(hosts), 'unknown'], longestMs).then(
    () => (over = true),
  );
  const isOver = async () => {
    await new Promise(setImmediate);
    return over;
  };
  return { link, stop, isOver, ended, records };
}

test('hosts on their way are waited for, each until it is up or failed', async () => {
  const { link, isOver } = waiting({ a: { state: 'idle' }, b: { state: 'connecting' }, c: { state: 'lost' } });
  link('a', { state: 'connecting' });
  link('a', { state: 'up' });
  link('b', { state: 'backing-off', attempts: 1 });
  expect(await isOver()).toBe(false);
  link('c', { state: 'degraded' });
  expect(await isOver()).toBe(true);
});

test('what is up, was tried in vain, or waits for a person is not waited for', async () => {
  const { isOver } = waiting({
    a: { state: 'up' },
    b: { state: 'connecting', attempts: 1 },
    c: { state: 'needs-authentication' },
    d: { state: 'disabled' },
  });
  expect(await isOver()).toBe(true);
});

test('no host is waited for without end, beyond its cluster, or after it has left it', async () => {
  await waiting({ a: { state: 'connecting' } }, 20).ended;
  const closed = waiting({ a: { state: 'connecting' } });
  closed.stop.abort();
  expect(await closed.isOver()).toBe(true);
  const left = waiting({ a: { state: 'connecting' } });
  left.records.publish('host', 'a', 'identity', identity);
  expect(await left.isOver()).toBe(false);
  left.records.remove('host', 'a');
  expect(await left.isOver()).toBe(true);
});

test('a host of which nothing was heard yet is on its way', async () => {
  const records = new Records();
  records.publish('host', 'a', 'identity', identity);
  let over = false;
  const { signal } = new AbortController();
  void onceConnected({ records, signal }, ['a']).then(() => (over = true));
  records.publish('host', 'a', 'link', { ...plain, state: 'connecting' });
  await new Promise(setImmediate);
  expect(over).toBe(false);
  records.publish('host', 'a', 'link', { ...plain, state: 'up' });
  await new Promise(setImmediate);
  expect(over).toBe(true);
});
