import { fail } from '../../contract/problem.ts';
import type { RebootWindow, RebootWindows } from './window.ts';
import { isTimeZone } from './zoned-time.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const fullNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const everyDay = [0, 1, 2, 3, 4, 5, 6];
const unitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: minuteMs,
  h: 60 * minuteMs,
};

/**
 * locksmith's `LOCKSMITHD_REBOOT_WINDOW_START` (`02:30`, `Sat 02:30`) and `_LENGTH` (a Go duration), by the host's own
 * clock. Throws `invalid-input` for what locksmithd would refuse too.
 */
export function readLocksmithWindow(start: string, length: string, timeZone: string): RebootWindows {
  const found = /^(?:([A-Za-z]{3})\s+)?(\d{1,2}:\d{2})$/.exec(start.trim());
  if (!found)
    throw fail('invalid-input', `${start} is no start of a reboot window`, { hint: 'As 02:30 or Sat 02:30.' });
  const [, day, time = ''] = found;
  const lengthMs = readGoDuration(length);
  if (lengthMs < 0) throw fail('invalid-input', `a reboot window of ${length} is negative`);
  if (lengthMs >= (day === undefined ? dayMs : 7 * dayMs))
    throw fail(
      'invalid-input',
      `a reboot window of ${length} is too long for one that comes every ${day ? 'week' : 'day'}`,
    );
  const days = day === undefined ? everyDay : [dayOf(day)];
  return inZone(timeZone, [{ days, from: timeOf(time), lengthMs, measure: 'elapsed' }]);
}

/** zincati's `updates.periodic`; `localtime` is the zone of the host. Its lengths are by the clock on the wall. */
export function readZincatiWindows(
  windows: readonly {
    readonly days: readonly string[];
    readonly start_time: string;
    readonly length_minutes: number;
  }[],
  timeZone: string | undefined,
  hostZone: string,
): RebootWindows {
  const read = windows.map(({ days, start_time, length_minutes }): RebootWindow => {
    if (!Number.isInteger(length_minutes) || length_minutes <= 0 || length_minutes > 7 * 1440)
      throw fail('invalid-input', `a window of ${length_minutes} minutes is none of a week`);
    const from = timeOf(start_time);
    return { days: [...new Set(days.map(dayOf))], from, lengthMs: length_minutes * minuteMs, measure: 'wall' };
  });
  return inZone(timeZone === 'localtime' ? hostZone : (timeZone ?? 'UTC'), read);
}

/** kured's `--reboot-days`, `--start-time` and `--end-time`; an end before the start is the early part of the same days. */
export function readKuredWindow(
  days: readonly string[],
  start: string,
  end: string,
  timeZone: string | undefined,
): RebootWindows {
  const named = days.length === 0 ? everyDay : [...new Set(days.map(dayOf))];
  const [from, until] = [timeOf(start), timeOf(end)];
  // Its end is part of it, and so is the last minute of a day.
  const last = until === 1439 ? 1440 : until;
  const window = (from: number, to: number): RebootWindow => ({
    days: named,
    from,
    lengthMs: (to - from) * minuteMs,
    measure: 'wall',
  });
  const windows = from <= last ? [window(from, last)] : [window(0, last), window(from, 1440)];
  return inZone(timeZone ?? 'UTC', windows);
}

/** `1h`, `90m`, `2h30m`, `1.5h` in milliseconds, as Go's time.ParseDuration. */
export function readGoDuration(text: string): number {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text.trim()) ?? [];
  if (rest === '0') return 0;
  const parts = [...rest.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy)];
  const read = parts.reduce((length, [whole]) => length + whole.length, 0);
  if (parts.length === 0 || read !== rest.length)
    throw fail('invalid-input', `${text} is no duration`, { hint: 'As 1h, 90m or 2h30m.' });
  const sum = parts.reduce((ms, [, amount, unit]) => ms + Number(amount) * (unitsMs[unit ?? ''] ?? 0), 0);
  return sign === '-' ? -sum : sum;
}

function inZone(timeZone: string, windows: readonly RebootWindow[]): RebootWindows {
  if (!isTimeZone(timeZone))
    throw fail('invalid-input', `${timeZone} is no time zone`, { hint: 'As Europe/Rome or UTC.' });
  return { timeZone, windows };
}

/** Names of days are English, three letters or whole, in any case; kured also counts them from Sunday, and takes two letters. */
function dayOf(name: string): number {
  const small = name.trim().toLowerCase();
  if (/^[0-6]$/.test(small)) return (Number(small) + 6) % 7;
  const day =
    small.length < 2
      ? -1
      : fullNames.findIndex((full) => full === small || [2, 3].some((few) => full.slice(0, few) === small));
  if (day < 0) throw fail('invalid-input', `${name} is no day of a week`);
  return day;
}

/** `02:30`, `2:30`, `02:30:59`, `2:30pm`. */
function timeOf(text: string): number {
  const found = /^(\d{1,2}):(\d{2})(?::\d{2})?\s*(am|pm)?$/i.exec(text.trim());
  const [, hours = '', minutes = '', half] = found ?? [];
  const late = half?.toLowerCase();
  const hour = late === undefined ? Number(hours) : (Number(hours) % 12) + (late === 'pm' ? 12 : 0);
  const valid =
    found && hour < 24 && Number(minutes) < 60 && (late === undefined || (Number(hours) >= 1 && Number(hours) <= 12));
  if (!valid) throw fail('invalid-input', `${text} is no time of a day`, { hint: 'As 02:30.' });
  return hour * 60 + Number(minutes);
}
