import type { RebootPolicy } from '#shared/contract/reboot.ts';
import { isTimeZone } from '#shared/lib/reboot/zoned-time.ts';
import { printClock, printSpan, readClock, readSpan } from '../words/spans.ts';

/** One window as it is typed. */
export interface WindowForm {
  readonly days: readonly number[];
  readonly from: string;
  readonly length: string;
  readonly measure: 'elapsed' | 'wall';
}

/** When hosts may go down, as it is typed: any time, or windows of the week by the clocks of a zone. */
export interface WindowsForm {
  readonly anyTime: boolean;
  readonly timeZone: string;
  readonly windows: readonly WindowForm[];
}

type Windows = NonNullable<RebootPolicy['windows']>;
type Wrong = (field: 'timeZone' | 'windows', text: string) => void;

/** What is there when windows are asked for first: the night before Sunday. */
export const firstWindows: Windows['windows'] = [{ days: [5], from: 120, lengthMs: 14_400_000, measure: 'elapsed' }];

/** Windows laid out to be edited; null is any time. */
export function windowsFormOf(windows: RebootPolicy['windows']): WindowsForm {
  return {
    anyTime: windows === null,
    timeZone: windows?.timeZone ?? 'UTC',
    windows: (windows?.windows ?? firstWindows).map(({ days, from, lengthMs, measure }) => ({
      days,
      from: printClock(from),
      length: printSpan(Math.round(lengthMs / 1000)),
      measure,
    })),
  };
}

/** The windows that a form says, null for any time; `wrong` is told each field that is wrong, and what is read then is of no use. */
export function readWindows({ anyTime, windows, timeZone }: WindowsForm, wrong: Wrong): RebootPolicy['windows'] {
  if (anyTime) return null;
  const zone = timeZone.trim();
  if (!isTimeZone(zone)) wrong('timeZone', `${zone || 'This'} is no time zone: as Europe/Rome or UTC.`);
  if (windows.length === 0) wrong('windows', 'At least one window, or any time.');
  const read = windows.map(({ days, from, length, measure }, at) => {
    const [begin, lengthS] = [readClock(from), readSpan(length)];
    const which = windows.length > 1 ? `Window ${at + 1}: ` : '';
    if (days.length === 0) wrong('windows', `${which}on which days?`);
    if (begin === null) wrong('windows', `${which}it begins at a time as 02:00.`);
    if (lengthS === null || lengthS < 60 || lengthS > 604_800)
      wrong('windows', `${which}it lasts from 1 min to 1 week, as 4 h.`);
    return { days: days.toSorted((a, b) => a - b), from: begin ?? 0, lengthMs: (lengthS ?? 60) * 1000, measure };
  });
  return { timeZone: zone, windows: read };
}
