import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openScopes, Scope } from './scope.ts';

test('endings run last-first, once, children before their parents', async () => {
  const said: string[] = [];
  const scope = new Scope('parent');
  scope.add(() => void said.push('first'));
  const child = scope.child('child');
  child.add(() => void said.push('child'));
  scope.add(() => void said.push('last'));
  await Promise.all([scope.end(), scope.end()]);
  expect(said).toEqual(['last', 'child', 'first']);
  expect(scope.signal.aborted).toBe(true);
  expect(openScopes()).toEqual([]);
});

test('one failing ending does not keep the others from running', async () => {
  const said: string[] = [];
  const scope = new Scope('failing');
  scope.add(() => void said.push('still'));
  scope.add(() => {
    throw new Error('broken');
  });
  await expect(scope.end()).rejects.toThrow('broken');
  expect(said).toEqual(['still']);
});

test('timers stop with the scope, and an ended scope starts none', async () => {
  const scope = new Scope('timers');
  let ticks = 0;
  scope.every(5, () => ticks++);
  scope.after(5, () => ticks++);
  await sleep(30);
  expect(ticks).toBeGreaterThan(2);
  await scope.end();
  const at = ticks;
  scope.every(1, () => ticks++);
  scope.after(1, () => ticks++);
  await sleep(20);
  expect(ticks).toBe(at);
});

test('a child that ends early is forgotten by its parent', async () => {
  const scope = new Scope('parent');
  let ended = 0;
  const child = scope.child('child');
  child.add(() => void ended++);
  await child.end();
  await scope.end();
  expect(ended).toBe(1);
});
