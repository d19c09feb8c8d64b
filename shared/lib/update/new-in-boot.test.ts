import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { newTemplates, templateOf } from './new-in-boot.ts';

const say = (text: string, from = 'app') => ({ from, text });

test('what differs from time to time is no difference', () => {
  const pairs = [
    ['connect to 10.0.0.7:2379 failed', 'connect to 192.168.100.12:4001 failed'],
    ['boot 6f0f5b4b-1f6b-4d0a-8d0a-0f4b2f0a9a11 took 12.5s', 'boot 7e0f5b4b-2f6b-4d0a-8d0a-0f4b2f0a9a22 took 3s'],
    ['fault at 0xffff8a00 in pid 812', 'fault at 0x7f in pid 9'],
    ['eth0: link 52:54:00:12:34:56 lost', 'eth1: link 52:54:00:ab:cd:ef lost'],
    ['route to fe80::1:2 is gone', 'route to fe80::5054:ff:fe12:3456 is gone'],
    ['container 3f2a9c81d0e4 exited', 'container 91aa0b7c2d11 exited'],
    ['at 2026-11-29T19:00:01', 'at 2025-01-02T03:04:05'],
  ] as const;
  for (const [one, other] of pairs) expect(templateOf(say(one))).toBe(templateOf(say(other)));
});

test('words stay words, and who says it counts', () => {
  expect(templateOf(say('dead feed facade is effaced'))).toBe('app: dead feed facade is effaced');
  expect(templateOf(say('disk full'))).not.toBe(templateOf(say('disk full', 'other')));
  expect(templateOf(say('gone', 'worker@12'))).toBe('worker@#: gone');
});

test('only what the boot before did not have is new, the most frequent first, with one as it was written', () => {
  const before = [say('slow disk sda1'), say('retry 5')];
  const now = [say('retry 77'), say('cannot load module 1'), say('panic: x'), say('cannot load module 22')];
  expect(newTemplates(before, now)).toEqual([
    { template: 'app: cannot load module #', count: 2, example: 'app: cannot load module 1' },
    { template: 'app: panic: x', count: 1, example: 'app: panic: x' },
  ]);
});

test('the same messages with other numbers are never new', () => {
  const message = fc.record({ from: fc.constantFrom('a', 'b'), text: fc.string({ maxLength: 60 }) });
  fc.assert(
    fc.property(fc.array(message), fc.nat(), (messages, number) => {
      const numbered = (n: number) => messages.map(({ from, text }) => ({ from, text: `${text} ${n} end` }));
      expect(newTemplates(numbered(number), numbered(number + 7))).toEqual([]);
    }),
  );
});
