import type { RebootWindows } from '../reboot/window.ts';
import { momentOf, wallTime } from '../reboot/zoned-time.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const lookAheadDays = 370;

/** What clocks that are put forward or back do to windows within a year, one sentence each; the next of each kind. */
export function clockChanges({ timeZone, windows }: RebootWindows, nowMs: number): string[] {
  const today = wallTime(timeZone, nowMs);
  const told = new Map<string, string>();
  for (let ahead = 0; ahead <= lookAheadDays; ahead++) {
    for (const { days, from, lengthMs, measure } of windows) {
      const at = (minutes: number) => momentOf(timeZone, today.year, today.month, today.day + ahead, minutes);
      const start = at(from);
      const shown = wallTime(timeZone, start);
      if (!days.includes(wallTime(timeZone, at(720)).weekday)) continue;
      const when = dateOf(timeZone, start);
      if (shown.minutes !== from)
        add('skipped', `On ${when} clocks skip ${clock(from)}: the window opens at ${clock(shown.minutes)}.`);
      else if (wallTime(timeZone, start + hourMs).minutes === from)
        add('twice', `On ${when} ${clock(from)} comes twice: the window opens the first time.`);
      const byClock = at(from + lengthMs / minuteMs) - start;
      const shift = byClock - lengthMs;
      if (shift === 0 || shown.minutes !== from) continue;
      if (measure === 'wall')
        add(
          shift > 0 ? 'longer' : 'shorter',
          `On ${when} clocks change within it: it lasts ${hours(byClock)} in place of ${hours(lengthMs)}.`,
        );
      else {
        const end = wallTime(timeZone, start + lengthMs);
        add(
          shift > 0 ? 'earlier' : 'later',
          `On ${when} clocks change within it: it still lasts ${hours(lengthMs)}, until ${clock(end.minutes)}.`,
        );
      }
    }
  }
  return [...told.values()];

  function add(kind: string, text: string): void {
    if (!told.has(kind)) told.set(kind, text);
  }
}

function dateOf(timeZone: string, atMs: number): string {
  const { year, month, day } = wallTime(timeZone, atMs);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function hours(ms: number): string {
  const [whole, rest] = [Math.floor(ms / hourMs), Math.round((ms % hourMs) / minuteMs)];
  return [whole > 0 && `${whole} h`, rest > 0 && `${rest} min`].filter(Boolean).join(' ') || '0 min';
}
