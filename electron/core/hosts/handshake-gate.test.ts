import { expect, it } from 'vitest';
import { HandshakeGate } from './handshake-gate.ts';

const never = new AbortController().signal;
const settled = async (promise: Promise<unknown>) => {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
};

it('lets as many in as its bound, urgent ones first, and forgets who gives up', async () => {
  const gate = new HandshakeGate(2, () => 0);
  const leaves = await Promise.all([gate.enter(false, never), gate.enter(false, never)]);
  const order: string[] = [];
  const cancel = new AbortController();
  const third = gate.enter(false, never).then((leave) => (order.push('third'), leave));
  const given = gate.enter(false, cancel.signal);
  const urgent = gate.enter(true, never).then((leave) => (order.push('urgent'), leave));
  expect(await settled(third)).toBe(false);
  cancel.abort();
  expect(await given).toBeNull();
  leaves[0]?.();
  leaves[0]?.();
  await urgent;
  expect(await settled(third)).toBe(false);
  leaves[1]?.();
  await third;
  expect(order).toEqual(['urgent', 'third']);
});

it('takes its bound back while this thread is late, down to four, and grows again', async () => {
  let late = 200;
  const gate = new HandshakeGate(64, () => late);
  const one = async () => (await gate.enter(false, never))?.();
  for (let n = 0; n < 20; n++) await one();
  expect(gate.bound).toBe(4);
  late = 0;
  for (let n = 0; n < 100; n++) await one();
  expect(gate.bound).toBe(64);
});
