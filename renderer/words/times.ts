const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A span in at most two units, as `14 s`, `3 min`, `2 h 5 min`, `4 d 3 h`; negative spans count as 0. */
export function span(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < minute) return `${Math.floor(whole / second)} s`;
  if (whole < hour) return `${Math.floor(whole / minute)} min`;
  if (whole < day) return pair(Math.floor(whole / hour), 'h', Math.floor((whole % hour) / minute), 'min');
  if (whole < 100 * day) return pair(Math.floor(whole / day), 'd', Math.floor((whole % day) / hour), 'h');
  return `${Math.floor(whole / day)} d`;
}

/** A span in one unit, for narrow columns: `42 min`, `30 h`, `59 d`. */
export function roughSpan(ms: number): string {
  if (ms < hour) return span(ms);
  return ms < 2 * day ? `${Math.floor(ms / hour)} h` : `${Math.floor(ms / day)} d`;
}

/** A span to the tenth, for short measured durations: `0.4 s`, `340 ms`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < minute) return `${(ms / second).toFixed(1)} s`;
  if (ms < hour) return pair(Math.floor(ms / minute), 'min', Math.floor((ms % minute) / second), 's');
  return span(ms);
}

function pair(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** How long ago, as `now`, `14 s ago`, `3 min ago`. */
export function ago(at: number, now: number): string {
  return now - at < 2 * second ? 'now' : `${span(now - at)} ago`;
}

/** How far ahead, as `in 14 s`; `now` when it is due. */
export function ahead(at: number, now: number): string {
  return at - now < second ? 'now' : `in ${span(at - now)}`;
}

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayFormat = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });

/** Local time of day, `14:03:59`. */
export function timeOfDay(at: number): string {
  return clockFormat.format(at);
}

/** Local date and time, `2026-11-22 14:03:59`. */
export function dateTime(at: number): string {
  return `${dayFormat.format(at)} ${clockFormat.format(at)}`;
}

/** Time of day, with the date in front when it is not today's. */
export function sinceWhen(at: number, now: number): string {
  return dayFormat.format(at) === dayFormat.format(now) ? timeOfDay(at) : dateTime(at);
}
