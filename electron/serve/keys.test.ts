import { expect, test } from 'vitest';
import { Keys } from './keys.ts';

test('a link token opens nothing by itself and can be exchanged once', () => {
  const keys = new Keys();
  const token = keys.linkToken;
  expect(keys.opens(token)).toBe(false);
  const session = keys.redeem(token);
  expect(session).not.toBeNull();
  expect(keys.opens(session ?? '')).toBe(true);
  expect(keys.redeem(token)).toBeNull();
  expect(keys.linkToken).not.toBe(token);
});

test('a session key is no link token, and wrong or empty words open nothing', () => {
  const keys = new Keys();
  const session = keys.redeem(keys.linkToken) ?? '';
  expect(keys.redeem(session)).toBeNull();
  expect(keys.redeem('')).toBeNull();
  expect(keys.opens('')).toBe(false);
  expect(keys.opens(`${session}x`)).toBe(false);
});

test('several browsers may be in at once; the oldest of more than 32 has to enter again', () => {
  const keys = new Keys();
  const sessions = Array.from({ length: 33 }, () => keys.redeem(keys.linkToken) ?? '');
  expect(sessions.map((session) => keys.opens(session))).toEqual([false, ...Array(32).fill(true)]);
});

test('tokens are long and differ', () => {
  const tokens = new Set(Array.from({ length: 50 }, () => new Keys().linkToken));
  expect(tokens.size).toBe(50);
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32);
});
