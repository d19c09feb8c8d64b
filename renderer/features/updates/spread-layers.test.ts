import { expect, test } from 'vitest';
import { layersOf, placeAt } from './spread-layers.ts';

const count = (version: string, hosts: number, group = 'web', channel = 'stable') => ({
  group,
  agent: 'update-engine',
  channel,
  version,
  hosts,
});
const samples = [
  { at: 10, counts: [count('9.1', 3)] },
  { at: 20, counts: [count('9.1', 2), count('10.0', 1), count('8', 4, 'db')] },
  { at: 30, counts: [count('10.0', 3), count('8', 4, 'db', 'beta')] },
];

test('begins with what held before, lowest version first by number', () => {
  expect(layersOf(samples, 'web', null, 15)).toEqual({
    times: [15, 20, 30],
    layers: [
      { version: '9.1', hosts: [3, 2, 0] },
      { version: '10.0', hosts: [0, 1, 3] },
    ],
    most: 3,
  });
  expect(layersOf(samples, null, 'update-engine/beta', 15).layers).toEqual([{ version: '8', hosts: [0, 0, 4] }]);
  expect(layersOf(samples, null, null, 0).most).toBe(7);
});

test('what is too many is drawn as one', () => {
  const counts = Array.from({ length: 16 }, (_, at) => count(`${at}.0`, 16 - at));
  const { layers, most } = layersOf([{ at: 0, counts }], null, null, 0);
  expect(layers.length).toBe(12);
  expect(layers.at(-1)).toEqual({ version: '5 others', hosts: [15] });
  expect(most).toBe(136);
});

test('a moment belongs to the sample before it', () => {
  expect([5, 10, 15, 99].map((at) => placeAt([10, 20], at))).toEqual([-1, 0, 0, 1]);
});
