import { expect, it } from 'vitest';
import { WakeWatch } from './wake-watch.ts';

function machine() {
  const state = { wall: 1_000_000, steady: 0, addresses: 'eth0 192.0.2.1' };
  const watch = new WakeWatch(1000, {
    wall: () => state.wall,
    steady: () => state.steady,
    addresses: () => state.addresses,
  });
  const pass = (wall: number, steady = wall) => {
    state.wall += wall;
    state.steady += steady;
    return watch.step();
  };
  return { state, pass };
}

it('says nothing while time passes as it should, however loaded the machine', () => {
  const { pass } = machine();
  expect([1000, 1400, 900, 3500, 1000, 1000].map((ms) => pass(ms))).toEqual([null, null, null, null, null, null]);
});

it('notices a sleep by the wall clock going on alone, or by both jumping', () => {
  const { pass } = machine();
  expect(pass(3_600_000, 1000)).toBe('slept');
  expect(pass(1000)).toBeNull();
  expect(pass(60_000)).toBe('slept');
});

it('notices another network within three steps, once', () => {
  const { pass, state } = machine();
  state.addresses = 'wlan0 198.51.100.7';
  expect([1, 2, 3, 4, 5, 6].map(() => pass(1000))).toEqual([null, null, 'network', null, null, null]);
});
