import { describe, expect, it } from 'vitest';
import { createClock, nextOffset } from './clock.ts';

describe('createClock', () => {
  it('tells the time of the core, not of this machine', () => {
    let own = 1_000_000;
    const clock = createClock(() => own);
    expect(clock.now()).toBe(1_000_000);
    clock.learn(1_060_000);
    own += 500;
    expect(clock.now()).toBe(1_060_500);
  });
});

describe('nextOffset', () => {
  it('believes the least delayed message, and a jump at once', () => {
    expect(nextOffset(null, -40)).toBe(-40);
    expect(nextOffset(-40, -5)).toBe(-5);
    expect(nextOffset(-5, -1005)).toBe(-55);
    expect(nextOffset(-5, -60_000)).toBe(-60_000);
  });
});
