import { type ChangeWindow, weekdays } from '../../contract/change.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** When the window opens next, in epoch ms; null when it is open now. */
export function opensAt({ days, from, minutes }: ChangeWindow, nowMs: number): number | null {
  const [hours = 0, rest = 0] = from.split(':').map(Number);
  const midnight = Math.floor(nowMs / dayMs) * dayMs;
  // One that began yesterday may still be open.
  for (let day = -1; day <= 7; day++) {
    const start = midnight + day * dayMs + (hours * 60 + rest) * minuteMs;
    const weekday = weekdays[(new Date(start).getUTCDay() + 6) % 7];
    if (weekday === undefined || !days.includes(weekday)) continue;
    if (start > nowMs) return start;
    if (nowMs < start + minutes * minuteMs) return null;
  }
  return nowMs + dayMs;
}

/** `sat,sun 02:00 4h`, as `readWindow` reads it. */
export function printWindow({ days, from, minutes }: ChangeWindow): string {
  const long = minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
  return `${days.length === 7 ? 'daily' : days.join(',')} ${from} ${long}`;
}

/** Reads `sat,sun 02:00 4h`, `mon-fri 22:00 90m` or `daily 03:00 1h`; null for an empty text, undefined for anything else. */
export function readWindow(text: string): ChangeWindow | null | undefined {
  if (text.trim() === '') return null;
  const found = /^([a-z,-]+)\s+(\d{1,2}):(\d{2})\s+(\d{1,4})\s*(h|m)$/.exec(text.trim().toLowerCase());
  if (!found) return undefined;
  const [, names = '', hours = '', rest = '', long = '', unit] = found;
  const days = readDays(names);
  const minutes = Number(long) * (unit === 'h' ? 60 : 1);
  if (!days || Number(hours) > 23 || Number(rest) > 59 || minutes < 5 || minutes > 1440) return undefined;
  return { days, from: `${hours.padStart(2, '0')}:${rest}`, minutes };
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
