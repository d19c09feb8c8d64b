import { momentOf, wallTime } from './zoned-time.ts';

/** The days of a week in the order of a week; windows name them by their place. */
export const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Opens on these days (0 is Monday) at this minute of the day, and stays open for a time. */
export interface RebootWindow {
  readonly days: readonly number[];
  readonly from: number;
  readonly lengthMs: number;
  /** `elapsed`: that much time passes; `wall`: until the clock shows so much later, an hour off when clocks change. */
  readonly measure: 'elapsed' | 'wall';
}

/** When hosts may reboot: in any of the windows, by the clocks of one zone. */
export interface RebootWindows {
  /** As Intl knows it: `Europe/Rome`, `UTC`. */
  readonly timeZone: string;
  readonly windows: readonly RebootWindow[];
}

/** How the windows stand: open until then, or closed until then; null for never. */
export type WindowState = { readonly open: boolean; readonly until: number | null };

/** Whether a host may reboot now, and until when that stays so; windows that overlap or follow at once are one. */
export function windowState({ timeZone, windows }: RebootWindows, nowMs: number): WindowState {
  const spans = windows.flatMap((window) => spansAround(timeZone, window, nowMs)).toSorted((a, b) => a[0] - b[0]);
  let until: number | null = null;
  for (const [start, end] of spans) {
    if (until !== null ? start <= until : start <= nowMs && nowMs < end) until = Math.max(until ?? end, end);
  }
  // Open beyond all that was looked at is open for good.
  if (until !== null) return { open: true, until: until > nowMs + 8 * dayMs ? null : until };
  return { open: false, until: spans.find(([start, end]) => start > nowMs && end > start)?.[0] ?? null };
}

/** `Sat and Sun 02:30 for 2 h, Europe/Rome`. */
export function windowsInWords({ timeZone, windows }: RebootWindows): string {
  if (windows.length === 0) return 'never';
  return `${windows.map(oneInWords).join('; ')}, ${timeZone}`;
}

/** `open until Sun 04:30, Europe/Rome`, `opens Sat 02:30, Europe/Rome`; with the date when it is more than six days off. */
export function stateInWords(all: RebootWindows, nowMs: number): string {
  const { open, until } = windowState(all, nowMs);
  if (until === null) return open ? 'always open' : 'never opens';
  const when = momentInWords(all.timeZone, until, nowMs);
  if (open) return `open until ${when}, ${all.timeZone}`;
  const { minutes } = wallTime(all.timeZone, until);
  const skipped = all.windows.some(({ from }) => from === minutes) ? '' : ', as clocks are put forward then';
  return `opens ${when}, ${all.timeZone}${skipped}`;
}

function spansAround(timeZone: string, window: RebootWindow, nowMs: number): [number, number][] {
  const today = wallTime(timeZone, nowMs);
  const spans: [number, number][] = [];
  // A week back for one that is as long as that, and two ahead so that what follows at once is seen.
  for (let offset = -8; offset <= 15; offset++) {
    if (!window.days.includes((((today.weekday + offset) % 7) + 7) % 7)) continue;
    const at = (minutes: number) => momentOf(timeZone, today.year, today.month, today.day + offset, minutes);
    const start = at(window.from);
    const end = window.measure === 'elapsed' ? start + window.lengthMs : at(window.from + window.lengthMs / minuteMs);
    spans.push([start, end]);
  }
  return spans;
}

function oneInWords({ days, from, lengthMs }: RebootWindow): string {
  const names = dayNames.filter((_, day) => days.includes(day));
  const when = names.length === 7 ? 'every day' : listed(names);
  return `${when} ${clock(from)} for ${long(lengthMs)}`;
}

function momentInWords(timeZone: string, atMs: number, nowMs: number): string {
  const { year, month, day, weekday, minutes } = wallTime(timeZone, atMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const far = atMs - nowMs > 6 * dayMs;
  return `${dayNames[weekday]} ${far ? `${year}-${two(month)}-${two(day)} ` : ''}${clock(minutes)}`;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function long(ms: number): string {
  const [hours, rest] = [Math.floor(ms / hourMs), ms % hourMs];
  const parts = [hours > 0 && `${hours} h`, rest >= minuteMs && `${Math.floor(rest / minuteMs)} min`];
  const seconds = (rest % minuteMs) / 1000;
  if (seconds > 0 || ms === 0) parts.push(`${seconds} s`);
  return parts.filter((part) => part !== false).join(' ');
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
