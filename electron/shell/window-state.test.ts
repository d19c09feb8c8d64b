import { expect, test } from 'vitest';
import { windowPlace, windowState } from './window-state.ts';

const screens = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: 0, width: 1280, height: 1000 },
];
const kept = (x: number, y: number) => ({ bounds: { x, y, width: 1000, height: 700 }, maximized: false });

test('nothing kept means the usual size where the desktop wants it', () => {
  expect(windowPlace(null, screens)).toEqual({ bounds: { width: 1360, height: 860 }, maximized: false });
  expect(windowPlace(null, [{ x: 0, y: 0, width: 1000, height: 600 }]).bounds).toEqual({ width: 1000, height: 600 });
});

test('a place on any screen is taken up again', () => {
  expect(windowPlace(kept(100, 100), screens).bounds).toEqual({ x: 100, y: 100, width: 1000, height: 700 });
  expect(windowPlace(kept(2000, 50), screens).bounds).toMatchObject({ x: 2000 });
  expect(windowPlace({ ...kept(0, 0), maximized: true }, screens).maximized).toBe(true);
});

test.each([
  [5000, 100],
  [-990, 100],
  [100, -300],
  [100, 1030],
])('a title bar that cannot be reached at %i,%i lets the desktop choose', (x, y) => {
  expect(windowPlace(kept(x, y), screens).bounds).toEqual({ width: 1000, height: 700 });
});

test.each([
  '{}',
  '{"bounds":{"width":0,"height":5},"maximized":false}',
  '{"bounds":{"width":"9","height":5},"maximized":false}',
  '{"bounds":{"width":1e9,"height":5},"maximized":false}',
  '{"bounds":{"width":800,"height":500},"maximized":"yes"}',
])('a file that holds %s counts as nothing kept', (text) => {
  expect(windowState.safeParse(JSON.parse(text)).success).toBe(false);
});
