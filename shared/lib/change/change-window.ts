import { type ChangeWindow, weekdays } from '../../contract/change.ts';
import { type RebootWindows, windowState } from '../reboot/window.ts';
import { isTimeZone } from '../reboot/zoned-time.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** When the window opens next, in epoch ms; null when it is open now. */
export function opensAt(window: ChangeWindow, nowMs: number): number | null {
  const { open, until } = windowState(asWindows(window), nowMs);
  return open ? null : (until ?? nowMs + dayMs);
}

function asWindows({ days, from, minutes, timeZone = 'UTC' }: ChangeWindow): RebootWindows {
  const [hours = 0, rest = 0] = from.split(':').map(Number);
  const named = weekdays.flatMap((day, place) => (days.includes(day) ? [place] : []));
  const window = { days: named, from: hours * 60 + rest, lengthMs: minutes * minuteMs, measure: 'elapsed' as const };
  return { timeZone, windows: [window] };
}

/** `sat,sun 02:00 4h Europe/Rome`, as `readWindow` reads it; UTC goes without saying. */
export function printWindow({ days, from, minutes, timeZone }: ChangeWindow): string {
  const long = minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
  const zone = timeZone === undefined || timeZone === 'UTC' ? '' : ` ${timeZone}`;
  return `${days.length === 7 ? 'daily' : days.join(',')} ${from} ${long}${zone}`;
}

/** The same for people, always with its zone. */
export function windowInWords(window: ChangeWindow): string {
  const { timeZone = 'UTC' } = window;
  return timeZone === 'UTC' ? `${printWindow(window)} UTC` : printWindow(window);
}

/**
 * Reads `sat,sun 02:00 4h`, `mon-fri 22:00 90m Europe/Rome` or `daily 03:00 1h`; null for an empty text, undefined for
 * anything else.
 */
export function readWindow(text: string): ChangeWindow | null | undefined {
  if (text.trim() === '') return null;
  const found = /^([a-z,-]+)\s+(\d{1,2}):(\d{2})\s+(\d{1,4})\s*(h|m)(?:\s+([\w+/-]{1,60}))?$/i.exec(text.trim());
  if (!found) return undefined;
  const [, names = '', hours = '', rest = '', long = '', unit = '', zone] = found;
  const days = readDays(names.toLowerCase());
  const minutes = Number(long) * (unit.toLowerCase() === 'h' ? 60 : 1);
  if (!days || Number(hours) > 23 || Number(rest) > 59 || minutes < 5 || minutes > 1440) return undefined;
  if (zone !== undefined && !isTimeZone(zone)) return undefined;
  const window = { days, from: `${hours.padStart(2, '0')}:${rest}`, minutes };
  return zone === undefined || zone.toUpperCase() === 'UTC' ? window : { ...window, timeZone: zone };
}

function readDays(text: string): ChangeWindow['days'] | null {
  if (text === 'daily') return [...weekdays];
  const days = new Set<(typeof weekdays)[number]>();
  for (const part of text.split(',')) {
    const [first = '', last = first, ...more] = part.split('-');
    const [a, b] = [weekdays.findIndex((day) => day === first), weekdays.findIndex((day) => day === last)];
    if (a < 0 || b < 0 || more.length > 0) return null;
    for (let at = a; ; at = (at + 1) % 7) {
      days.add(weekdays[at] ?? 'mon');
      if (at === b) break;
    }
  }
  return weekdays.filter((day) => days.has(day));
}
