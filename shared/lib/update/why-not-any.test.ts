import { anyUpdateSubject } from '#kit/any-update-subject.ts';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionNames, conditionStates } from './condition.ts';
import { heldBy, whyNot } from './why-not.ts';

test('of any host all conditions are told, in their order, each in a sentence; the first that stops it is the answer', () => {
  fc.assert(
    fc.property(anyUpdateSubject, (asked) => {
      const { kind, first, text, conditions } = whyNot(asked);
      expect(conditions.map((each) => each.name)).toEqual([...conditionNames]);
      for (const each of conditions) {
        expect(conditionStates).toContain(each.state);
        expect(each.text.trim()).not.toBe('');
        expect(each.text).not.toMatch(/undefined|NaN|\[object/);
      }
      const stopping = conditions.filter(({ state }) => state === 'stops');
      expect(first).toBe(stopping[0]?.name ?? null);
      expect(kind === 'held').toBe(first !== null);
      expect(text).toBe(stopping[0]?.text ?? text);
      expect(heldBy(asked)?.name ?? null).toBe(first);
    }),
    { numRuns: 200 },
  );
});

test('who is up to date has nothing offered, nothing that waits and nothing to boot', () => {
  fc.assert(
    fc.property(anyUpdateSubject, (asked) => {
      if (whyNot(asked).kind !== 'up-to-date') return;
      const { update: told } = asked.host;
      expect(told).toMatchObject({ offered: null, rebootNeeded: false });
      expect(told?.pending?.total ?? 0).toBe(0);
      expect(asked.host.link?.state).toMatch(/up|degraded/);
    }),
    { numRuns: 200 },
  );
});
