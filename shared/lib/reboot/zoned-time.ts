const minuteMs = 60_000;
const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment as a clock on the wall of a zone shows it; weekday 0 is Monday. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly minutes: number;
}

/** Whether Intl knows the zone by this name. */
export function isTimeZone(name: string): boolean {
  try {
    format(name);
    return true;
  } catch {
    return false;
  }
}

export function wallTime(zone: string, atMs: number): WallTime {
  const shown = new Date(atMs + offsetMs(zone, atMs));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    weekday: (shown.getUTCDay() + 6) % 7,
    minutes: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
  };
}

/**
 * When a zone's clocks show a time of a day; minutes and days beyond their ends run over. A time that is skipped is as
 * much later as the clocks are put forward; of one that comes twice, the first.
 */
export function momentOf(zone: string, year: number, month: number, day: number, minutes: number): number {
  const shown = Date.UTC(year, month - 1, day) + minutes * minuteMs;
  const [before, after] = [offsetMs(zone, shown - dayMs), offsetMs(zone, shown + dayMs)];
  const real = [before, after].filter((offset) => offsetMs(zone, shown - offset) === offset);
  return real.length > 0 ? shown - Math.max(...real) : shown - before;
}

/** How far the zone's clocks are ahead of UTC. */
function offsetMs(zone: string, atMs: number): number {
  const parts = new Map(
    format(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const shown = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return shown - Math.floor(atMs / 1000) * 1000;
}

function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, made);
  }
  return made;
}
