import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ChangeWindow, weekdays } from '../../contract/change.ts';
import { opensAt, printWindow, readWindow, windowInWords } from './change-window.ts';

const at = (text: string) => Date.parse(`${text}:00Z`);
const weekend: ChangeWindow = { days: ['sat', 'sun'], from: '02:00', minutes: 240 };
const night: ChangeWindow = { days: ['fri'], from: '22:00', minutes: 360 };

it.each([
  // 2026-11-21 is a Saturday.
  [weekend, '2026-11-21T01:59', at('2026-11-21T02:00')],
  [weekend, '2026-11-21T02:00', null],
  [weekend, '2026-11-21T05:59', null],
  [weekend, '2026-11-21T06:00', at('2026-11-22T02:00')],
  [weekend, '2026-11-22T07:00', at('2026-11-28T02:00')],
  [night, '2026-11-21T03:59', null],
  [night, '2026-11-21T04:00', at('2026-11-27T22:00')],
])('%j at %s', (window, now, opens) => {
  expect(opensAt(window, at(now))).toBe(opens);
});

it.each([
  ['', null],
  ['sat,sun 02:00 4h', weekend],
  ['FRI 22:00 6h', night],
  ['mon-wed 3:30 90m', { days: ['mon', 'tue', 'wed'], from: '03:30', minutes: 90 }],
  ['sat-mon 03:00 1h', { days: ['mon', 'sat', 'sun'], from: '03:00', minutes: 60 }],
  ['fri 22:00 6h UTC', night],
  ['Fri 22:00 6h Europe/Rome', { ...night, timeZone: 'Europe/Rome' }],
  ['fri 22:00 6h Mars/Olympus', undefined],
  ['daily 03:00 1h', { days: [...weekdays], from: '03:00', minutes: 60 }],
  ['sat 25:00 1h', undefined],
  ['someday 02:00 1h', undefined],
  ['sat 02:00', undefined],
  ['sat 02:00 3m', undefined],
])('reads %j', (text, window) => {
  expect(readWindow(text)).toEqual(window);
});

it('opens by the clock of its zone, also when clocks are changed', () => {
  const rome: ChangeWindow = { days: ['sun'], from: '02:30', minutes: 60, timeZone: 'Europe/Rome' };
  expect(opensAt(rome, at('2026-03-28T12:00'))).toBe(at('2026-03-29T01:30'));
  expect(opensAt(rome, at('2026-10-24T12:00'))).toBe(at('2026-10-25T00:30'));
  expect(opensAt(rome, at('2026-07-05T00:45'))).toBeNull();
  expect([windowInWords(rome), windowInWords(night)]).toEqual(['sun 02:30 1h Europe/Rome', 'fri 22:00 6h UTC']);
});

const window = fc.record({
  days: fc.subarray([...weekdays], { minLength: 1 }),
  from: fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((two) => two.map((one) => String(one).padStart(2, '0')).join(':')),
  minutes: fc.integer({ min: 5, max: 1440 }),
});

it('reads what it prints, and opens within a week at a moment at which it is open', () => {
  const checked = fc.check(
    fc.property(window, fc.integer({ min: 0, max: 4_000_000_000_000 }), (one, now) => {
      const opens = opensAt(one, now);
      const read = readWindow(printWindow(one));
      return (
        JSON.stringify(read) === JSON.stringify(one) &&
        (opens === null || (opens > now && opens - now <= 7 * 86_400_000 && opensAt(one, opens) === null))
      );
    }),
  );
  expect(checked.counterexample).toBeNull();
});
