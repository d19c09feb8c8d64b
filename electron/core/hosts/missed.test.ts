import { expect, it } from 'vitest';
import { inWords, missedWords } from './missed.ts';

const boots = [-2, -1, 0].map((index) => ({ index, bootId: `${index + 3}`.repeat(32), firstAt: 0, lastAt: 0 }));
const [older, before, now] = boots.map(({ bootId }) => bootId) as [string, string, string];

it.each([
  [before, before, 'offline 41 s'],
  [null, now, 'offline 41 s'],
  [before, now, 'offline 41 s; rebooted once'],
  [older, now, 'offline 41 s; rebooted twice'],
  ['f'.repeat(32), now, 'offline 41 s; rebooted'],
])('from boot %s to %s: %s', (bootId, bootNow, words) => {
  expect(missedWords({ at: 1000, bootId }, 42_000, bootNow, boots)).toBe(words);
});

it('takes a boot id with dashes for the same', () => {
  const dashed = `${now.slice(0, 8)}-${now.slice(8, 12)}-${now.slice(12, 16)}-${now.slice(16, 20)}-${now.slice(20)}`;
  expect(missedWords({ at: 0, bootId: now }, 1000, dashed, [])).toBe('offline 1 s');
});

it.each([
  [400, '0 s'],
  [119_000, '119 s'],
  [121_000, '2 min'],
  [7_500_000, '2 h 5 min'],
  [7_200_000, '2 h'],
])('%i ms is %s', (ms, words) => {
  expect(inWords(ms)).toBe(words);
});
