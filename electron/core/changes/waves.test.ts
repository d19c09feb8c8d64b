import { describe, expect, it } from 'vitest';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { defaultWaves, type WavePolicy } from '#shared/contract/change.ts';
import { splitWaves } from './waves.ts';

const seed = Number(process.env['QD_SEED'] ?? 11);
const names = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);
const plain = () => '';
const hosts = (size: number) => ({ size, unit: 'hosts' as const });
const percent = (size: number) => ({ size, unit: 'percent' as const });
const sizes = (count: number, waves: WavePolicy['waves']) =>
  splitWaves(names(count), { waves, spreadOver: null }, plain).map(({ length }) => length);

describe('hosts are split into waves', () => {
  it.each<[string, number, WavePolicy['waves'], number[]]>([
    ['nothing of no hosts', 0, defaultWaves.waves, []],
    ['one host is one wave', 1, defaultWaves.waves, [1]],
    ['a canary, a tenth of all, half of all, the rest', 100, defaultWaves.waves, [1, 10, 50, 39]],
    ['a share is rounded up', 11, [percent(10), percent(50)], [2, 6, 3]],
    ['a share that comes out even is not', 375, [percent(8.8)], [33, 342]],
    ['a small share is one host', 3, [percent(1)], [1, 2]],
    ['a broken number of hosts is cut', 5, [hosts(2.9)], [2, 3]],
    ['no policy is one wave', 7, [], [7]],
    ['no wave is empty', 3, [hosts(3), hosts(1), percent(100)], [3]],
  ])('%s', (_what, count, waves, expected) => {
    expect(sizes(count, waves)).toEqual(expected);
  });

  it('in the order of the selection when they are not spread', () => {
    const policy = { waves: [hosts(1), hosts(2)], spreadOver: null };
    expect(splitWaves(['c', 'a', 'b', 'd'], policy, (host) => host)).toEqual([['c'], ['a', 'b'], ['d']]);
  });

  it('from the values of a label in turn when they are', () => {
    const policy = { waves: [hosts(2), hosts(2)], spreadOver: 'zone' };
    const zones: Record<string, string> = { a1: 'a', a2: 'a', a3: 'a', b1: 'b', b2: 'b', c1: 'c' };
    const asked = new Set<string>();
    const waves = splitWaves(Object.keys(zones), policy, (host, label) => {
      asked.add(label);
      return zones[host] ?? '';
    });
    expect(waves).toEqual([
      ['a1', 'b1'],
      ['c1', 'a2'],
      ['b2', 'a3'],
    ]);
    expect([...asked]).toEqual(['zone']);
  });

  it(`every host once, in sizes as the policy says, as even as may be (QD_SEED=${seed})`, () => {
    const random = seededRandom(seed);
    for (let round = 0; round < 400; round++) {
      const all = names(randomBelow(random, 60));
      const values = 1 + randomBelow(random, 6);
      const label = new Map(all.map((host) => [host, `v${Math.floor(random() ** 2 * values)}`]));
      const waves = Array.from({ length: randomBelow(random, 6) }, () =>
        random() < 0.5 ? hosts(1 + randomBelow(random, 12)) : percent(1 + randomBelow(random, 1000) / 10),
      );
      const spreadOver = random() < 0.8 ? 'rack' : null;
      const split = splitWaves(all, { waves, spreadOver }, (host) => label.get(host) ?? '');

      const inOrder = (some: string[]) => (spreadOver === null ? some : some.toSorted());
      expect(inOrder(split.flat())).toEqual(inOrder(all));
      expect(split.map(({ length }) => length)).toEqual(expectedSizes(all.length, waves));
      if (spreadOver === null) continue;
      const left = countsOf(all, label);
      for (const wave of split) {
        const taken = countsOf(wave, label);
        const most = Math.max(...taken.values());
        for (const [value, there] of left) {
          const count = taken.get(value) ?? 0;
          // One less than the most at worst, unless there are no more of it.
          expect(count).toBeGreaterThanOrEqual(Math.min(there, most - 1));
          left.set(value, there - count);
        }
      }
    }
  });
});

/** By whole numbers: tenths of a percent of the hosts. */
function expectedSizes(count: number, waves: WavePolicy['waves']): number[] {
  const expected: number[] = [];
  let left = count;
  for (const { size, unit } of waves) {
    const tenths = Math.round(size * 10) * count;
    const share = (tenths - (tenths % 1000)) / 1000 + (tenths % 1000 === 0 ? 0 : 1);
    const taken = Math.min(left, unit === 'hosts' ? size : Math.max(1, share));
    if (taken > 0) expected.push(taken);
    left -= taken;
  }
  return left > 0 ? [...expected, left] : expected;
}

function countsOf(hostsOfWave: readonly string[], label: ReadonlyMap<string, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const host of hostsOfWave) {
    const value = label.get(host) ?? '';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
