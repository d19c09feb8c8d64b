const units = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;
const longestS = 315_360_000;

/** Seconds of an interval as PostgreSQL writes it: `15 minutes`, `1 day 02:00:00`, `00:15:00`; null for anything else. */
export function intervalSeconds(text: string): number | null {
  const words = text.trim().toLowerCase();
  if (words === '' || words.length > 60) return null;
  const [clock] = /(?:^|\s)\d{1,4}:\d{2}(?::\d{2})?$/.exec(words) ?? [''];
  const parts = words.slice(0, words.length - clock.length).trim();
  if (!/^(?:\d{1,7}\s*(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)\s*)*$/.test(parts)) return null;
  const [hours = 0, minutes = 0, seconds = 0] = clock.trim() === '' ? [] : clock.trim().split(':').map(Number);
  let sum = hours * 3600 + minutes * 60 + seconds;
  for (const [, number, word = ''] of parts.matchAll(/(\d+)\s*([a-z]+)/g)) sum += Number(number) * unitOf(word);
  return sum > 0 && sum <= longestS ? sum : null;
}

/** Whether a text is an interval that is more than nothing and at most ten years. */
export function isInterval(text: string): boolean {
  return intervalSeconds(text) !== null;
}

/** An interval as update servers write it, in its largest whole unit: `15 minutes`, `1 hours`, `2 days`. */
export function printInterval(seconds: number): string {
  const [unit, size] =
    (['day', 'hour', 'minute'] as const)
      .map((name) => [name, units[name]] as const)
      .find(([, length]) => seconds % length === 0) ?? (['second', 1] as const);
  return `${seconds / size} ${unit}s`;
}

function unitOf(word: string): number {
  const short = { sec: 'second', min: 'minute', hr: 'hour' } as const;
  const one = word.replace(/s$/, '');
  const name = one in short ? short[one as keyof typeof short] : one;
  return name in units ? units[name as keyof typeof units] : 0;
}
