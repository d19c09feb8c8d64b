import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SpreadDay, spreadDay } from '#shared/contract/update-spread.ts';
import { mostBytes, samplesOf, type SpreadCount, type SpreadSample, withSample } from './spread.ts';

const day = '2026-11-29';
const start = Date.parse(`${day}T00:00:00Z`);
const slotMs = 300_000;

const counts: fc.Arbitrary<SpreadCount[]> = fc.uniqueArray(
  fc.record({
    group: fc.constantFrom('', 'web', 'db'),
    agent: fc.constantFrom('update-engine', 'apt'),
    channel: fc.constantFrom('stable', 'beta'),
    version: fc.constantFrom('1', '2', '3'),
    hosts: fc.integer({ min: 1, max: 5000 }),
  }),
  { selector: ({ group, agent, channel, version }) => `${group} ${agent} ${channel} ${version}` },
);
const samples: fc.Arbitrary<SpreadSample[]> = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: 86_399_999 }), counts }), { minLength: 1, maxLength: 40 })
  .map((all) => all.toSorted((a, b) => a.at - b.at).map(({ at, counts: of }) => ({ at: start + at, counts: of })));

const sorted = (of: readonly SpreadCount[]) =>
  of.map((one) => [one.group, one.agent, one.channel, one.version, one.hosts].join(' ')).toSorted();
const pack = (all: readonly SpreadSample[]) =>
  all.reduce<SpreadDay | null>((before, sample) => withSample(before, sample) ?? before, null);

test('what was packed is read back: for each slot its last counts, repeats left out', () => {
  fc.assert(
    fc.property(samples, (all) => {
      const packed = pack(all);
      const read = samplesOf([{ day, spread: spreadDay.parse(packed) }]);
      const bySlot = new Map(all.map(({ at, counts: of }) => [Math.floor((at - start) / slotMs), sorted(of)]));
      const expected = [...bySlot].filter(
        ([, of], at, list) => at === 0 || JSON.stringify(of) !== JSON.stringify(list[at - 1]?.[1]),
      );
      expect(read.map(({ at, counts: of }) => [(at - start) / slotMs, sorted(of)])).toEqual(expected);
    }),
  );
});

test('counts that did not change are not written', () => {
  fc.assert(
    fc.property(samples, (all) => {
      const packed = pack(all);
      const last = all.at(-1);
      expect(last && withSample(packed, { ...last, at: last.at + 1 })).toBe(null);
    }),
  );
});

test('a day never grows beyond its bound, and its last counts stay true', () => {
  let packed: SpreadDay | null = null;
  let last: SpreadCount[] = [];
  for (let slot = 0; slot < 288; slot += 5) {
    last = Array.from({ length: 400 }, (_, at) => ({
      group: `group-${at % 20}`,
      agent: 'update-engine',
      channel: 'stable',
      version: `4${at}.${'0'.repeat(40)}`,
      hosts: 1 + ((slot * 7 + at) % 50),
    }));
    packed = withSample(packed, { at: start + slot * slotMs, counts: last }) ?? packed;
  }
  expect(JSON.stringify(packed).length).toBeLessThanOrEqual(mostBytes);
  const read = samplesOf([{ day, spread: spreadDay.parse(packed) }]).at(-1);
  const sum = (of: readonly SpreadCount[]) => of.reduce((all, { hosts }) => all + hosts, 0);
  expect(read?.at).toBe(start + 285 * slotMs);
  expect(sum(read?.counts ?? [])).toBe(sum(last));
  expect(read?.counts.some(({ version }) => version === 'others')).toBe(true);
});

test('a console whose clock is behind writes into the newest slot', () => {
  const one: SpreadCount = { group: 'web', agent: 'apt', channel: '', version: '1', hosts: 1 };
  const first = withSample(null, { at: start + 20 * slotMs, counts: [one] });
  const second = withSample(first, { at: start + 3 * slotMs, counts: [{ ...one, hosts: 2 }] });
  expect(second?.rows).toEqual([[20, 0, 2]]);
});
