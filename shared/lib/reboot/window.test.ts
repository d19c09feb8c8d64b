import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readGoDuration, readKuredWindow, readLocksmithWindow, readZincatiWindows } from './read-windows.ts';
import { type RebootWindow, type RebootWindows, stateInWords, windowsInWords, windowState } from './window.ts';
import { momentOf, wallTime } from './zoned-time.ts';

const at = (text: string) => Date.parse(text);
const hour = 3_600_000;
const rome = 'Europe/Rome';
const newYork = 'America/New_York';
const daily = (start: string, length: string, zone: string) => readLocksmithWindow(start, length, zone);
const lastOf = (all: RebootWindows, text: string) => {
  const { open, until } = windowState(all, at(text));
  return `${open ? 'open' : 'closed'} until ${until === null ? 'ever' : new Date(until).toISOString()}`;
};

describe('when clocks are changed', () => {
  test('in Rome a time that is skipped opens an hour later, and one that comes twice opens at the first', () => {
    const all = daily('Sun 02:30', '1h', rome);
    expect(lastOf(all, '2026-03-29T00:59:00Z')).toBe('closed until 2026-03-29T01:30:00.000Z');
    expect(stateInWords(all, at('2026-03-29T00:59:00Z'))).toBe(
      'opens Sun 03:30, Europe/Rome, as clocks are put forward then',
    );
    expect(lastOf(all, '2026-10-25T00:00:00Z')).toBe('closed until 2026-10-25T00:30:00.000Z');
    expect(lastOf(all, '2026-10-25T00:45:00Z')).toBe('open until 2026-10-25T01:30:00.000Z');
    expect(lastOf(all, '2026-10-25T01:45:00Z')).toBe('closed until 2026-11-01T01:30:00.000Z');
  });

  test('in New York the length is time that passes, and for zincati what the clock shows', () => {
    expect(lastOf(daily('Sun 01:30', '2h', newYork), '2026-03-08T06:45:00Z')).toBe(
      'open until 2026-03-08T08:30:00.000Z',
    );
    const wall = readZincatiWindows([{ days: ['Sun'], start_time: '01:30', length_minutes: 120 }], newYork, 'UTC');
    expect(lastOf(wall, '2026-03-08T06:45:00Z')).toBe('open until 2026-03-08T07:30:00.000Z');
    expect(lastOf(wall, '2026-11-01T05:45:00Z')).toBe('open until 2026-11-01T08:30:00.000Z');
  });
});

const zone = fc.constantFrom(rome, newYork, 'UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe');
/** Two years, with the days around each change of clocks more often than others. */
const moment = fc.oneof(
  fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') }),
  fc
    .tuple(
      fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2027-03-28', '2027-11-07'),
      fc.integer({ min: -30 * hour, max: 54 * hour }),
    )
    .map(([day, after]) => at(`${day}T00:00:00Z`) + after),
);
const window: fc.Arbitrary<RebootWindow> = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
  from: fc.integer({ min: 0, max: 1439 }),
  lengthMs: fc
    .oneof(fc.integer({ min: 1, max: 7 * 1440 }), fc.constantFrom(1440, 7 * 1440))
    .map((minutes) => minutes * 60_000),
  measure: fc.constantFrom('elapsed', 'wall'),
});
const windows = fc.record({ timeZone: zone, windows: fc.array(window, { minLength: 1, maxLength: 3 }) });

test('what the clock shows at a moment leads back to it, or to the hour before when it is shown twice', () => {
  fc.assert(
    fc.property(zone, moment, (timeZone, ms) => {
      const minute = Math.floor(ms / 60_000) * 60_000;
      const { year, month, day, minutes } = wallTime(timeZone, minute);
      const found = momentOf(timeZone, year, month, day, minutes);
      expect([0, hour / 2, hour]).toContain(minute - found);
      expect(wallTime(timeZone, found)).toEqual(wallTime(timeZone, minute));
    }),
    { numRuns: 500 },
  );
});

test('it stays so until the moment told, and is the other way from that moment on', () => {
  fc.assert(
    fc.property(windows, moment, fc.double({ min: 0, max: 1, noNaN: true }), (all, now, part) => {
      const { open, until } = windowState(all, now);
      fc.pre(until !== null);
      const end = until ?? now;
      expect(end).toBeGreaterThan(now);
      const between = Math.min(end - 1, Math.floor(now + (end - now) * part));
      expect(windowState(all, between)).toEqual({ open, until });
      expect(windowState(all, end).open).toBe(!open);
    }),
    { numRuns: 500 },
  );
});

test('one window of elapsed time is open exactly for its length, whatever the clocks do', () => {
  fc.assert(
    fc.property(zone, moment, fc.integer({ min: 1, max: 20 * 60 }), (timeZone, now, minutes) => {
      const all = {
        timeZone,
        windows: [{ days: [6], from: 150, lengthMs: minutes * 60_000, measure: 'elapsed' as const }],
      };
      const opens = windowState(all, now).open
        ? windowState(all, windowState(all, now).until ?? 0)
        : windowState(all, now);
      const { open, until } = windowState(all, opens.until ?? 0);
      expect([open, (until ?? 0) - (opens.until ?? 0)]).toEqual([true, minutes * 60_000]);
    }),
  );
});

test('a whole day every day, and a whole week, are open for good, on days of 23 and 25 hours too', () => {
  fc.assert(
    fc.property(zone, moment, fc.integer({ min: 0, max: 1439 }), (timeZone, now, from) => {
      const days = [0, 1, 2, 3, 4, 5, 6];
      const wall = { timeZone, windows: [{ days, from, lengthMs: 24 * hour, measure: 'wall' as const }] };
      expect(windowState(wall, now)).toEqual({ open: true, until: null });
      const week = { timeZone, windows: [{ days: [2], from, lengthMs: 7 * 24 * hour, measure: 'wall' as const }] };
      expect(windowState(week, now).open).toBe(true);
    }),
  );
});

test('windows are told in words', () => {
  const all = readZincatiWindows([{ days: ['Sat', 'sunday'], start_time: '02:30', length_minutes: 120 }], rome, 'UTC');
  expect(windowsInWords(all)).toBe('Sat and Sun 02:30 for 2 h, Europe/Rome');
  expect(stateInWords(all, at('2026-06-05T12:00:00Z'))).toBe('opens Sat 02:30, Europe/Rome');
  expect(stateInWords(all, at('2026-06-06T00:45:00Z'))).toBe('open until Sat 04:30, Europe/Rome');
  expect(windowsInWords(daily('23:00', '90m', 'UTC'))).toBe('every day 23:00 for 1 h 30 min, UTC');
  expect(windowsInWords({ timeZone: 'UTC', windows: [] })).toBe('never');
  expect(stateInWords({ timeZone: 'UTC', windows: [] }, 0)).toBe('never opens');
});

test("locksmith's bounds are kept: under a day for daily, under a week for weekly, and no day of its own making", () => {
  expect(daily('SAT 2:30', '167h', 'UTC').windows[0]).toMatchObject({ days: [5], from: 150, lengthMs: 167 * hour });
  for (const [start, length] of [
    ['02:30', '24h'],
    ['Sat 02:30', '168h'],
    ['02:30', '-1h'],
    ['Abc 02:30', '1h'],
    ['25:00', '1h'],
    ['', '1h'],
    ['02:30', ''],
    ['02:30', '1 h'],
    ['02:30', '90'],
  ] as const)
    expect(() => daily(start, length, 'UTC'), `${start} ${length}`).toThrow(
      /no start|no duration|no day|no time|negative|too long/,
    );
  expect(() => daily('02:30', '1h', 'Mars/Olympus')).toThrow('time zone');
  expect(readGoDuration('1.5h30m2s')).toBe(2 * hour + 2000);
});

test("kured's times may run over midnight, on the days that are named", () => {
  const all = readKuredWindow(['mo', 'tue'], '22:00', '3:00am', newYork);
  expect(lastOf(all, '2026-06-01T04:30:00Z')).toBe('open until 2026-06-01T07:00:00.000Z');
  expect(lastOf(all, '2026-06-02T02:30:00Z')).toBe('open until 2026-06-02T07:00:00.000Z');
  expect(lastOf(all, '2026-06-03T02:30:00Z')).toBe('open until 2026-06-03T04:00:00.000Z');
  expect(lastOf(readKuredWindow([], '0:00', '23:59:59', undefined), '2026-06-03T02:30:00Z')).toBe('open until ever');
});
