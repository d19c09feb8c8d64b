import { expect, it } from 'vitest';
import { ChannelSlots } from './channel-slots.ts';

const settled = async (promise: Promise<unknown>) => {
  let state = 'waiting';
  void promise.then(
    () => (state = 'taken'),
    (error: Error) => (state = error.message),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return state;
};

it('gives out so many and lets the rest wait in order', async () => {
  const slots = new ChannelSlots(3);
  await Promise.all([slots.take(), slots.take(), slots.take()]);
  const fourth = slots.take();
  const fifth = slots.take();
  expect(await settled(fourth)).toBe('waiting');
  slots.release();
  expect([await settled(fourth), await settled(fifth)]).toEqual(['taken', 'waiting']);
  expect(slots.used).toBe(3);
});

it('asks for no more than the server gave once it refused one', async () => {
  const slots = new ChannelSlots(8);
  await Promise.all([slots.take(), slots.take(), slots.take(), slots.take()]);
  expect(slots.shrink()).toBe(true);
  slots.release();
  const next = slots.take();
  expect(await settled(next)).toBe('waiting');
  slots.release();
  expect(await settled(next)).toBe('taken');
});

it('refuses to wait where the readers may hold all there are', async () => {
  const slots = new ChannelSlots(8);
  await Promise.all([slots.take(), slots.take(), slots.take()]);
  slots.shrink();
  slots.release();
  expect(await settled(slots.take())).toContain('only 2 sessions');
});

it('does not shrink to nothing', async () => {
  const slots = new ChannelSlots(8);
  await slots.take();
  expect(slots.shrink()).toBe(false);
});

it('lets go of who is cancelled, and of all when the connection closes', async () => {
  const slots = new ChannelSlots(3);
  await Promise.all([slots.take(), slots.take(), slots.take()]);
  const cancel = new AbortController();
  const ends = Promise.all([settled(slots.take(cancel.signal)), settled(slots.take())]);
  cancel.abort();
  slots.refuseAll('gone');
  expect(await ends).toEqual(['cancelled before a channel was free', 'gone']);
});

it('tries one more again some time after the server gave fewer', async () => {
  let now = 0;
  const slots = new ChannelSlots(8, 2, () => now);
  for (let taken = 0; taken < 5; taken++) await slots.take();
  expect(slots.shrink()).toBe(true);
  slots.release();
  const waiting = slots.take().then(() => 'taken');
  expect(await Promise.race([waiting, Promise.resolve('waiting')])).toBe('waiting');
  now = 10_001;
  await slots.take();
  expect(slots.used).toBe(5);
});
