const units: readonly (readonly [name: string, seconds: number])[] = [
  ['week', 604_800],
  ['day', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

/** Seconds as a person types them: `90 s`, `10 min`, `2 h`. */
export function printSpan(seconds: number): string {
  const [name = 's', length = 1] = units.find(([, one]) => seconds > 0 && seconds % one === 0) ?? [];
  const many = seconds / length;
  return `${many} ${many !== 1 && length >= 86_400 ? `${name}s` : name}`;
}

/** Seconds of a text as `90 s`, `10 min`, `2h`, `0`; null when it is none. */
export function readSpan(text: string): number | null {
  const [, amount, unit = ''] = /^(\d{1,6})\s*([a-z]*)$/.exec(text.trim().toLowerCase()) ?? [];
  if (amount === undefined) return null;
  if (unit === '') return Number(amount) === 0 ? 0 : null;
  const found = units.find(
    ([name]) => unit === name || unit === `${name}s` || unit === name[0] || (name === 'h' && /^hours?$/.test(unit)),
  );
  return found ? Number(amount) * found[1] : unit === 'm' ? Number(amount) * 60 : null;
}

/** Minutes of a day as `02:00`. */
export function printClock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Minutes of a day of a text as `02:00`; null when it is no time. */
export function readClock(text: string): number | null {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}
