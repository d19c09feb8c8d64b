/** Orders two semantic versions, as 4230.2.1; null where one is none. What follows a dash comes before the version itself. */
export function compareVersions(one: string, other: string): number | null {
  const [a, b] = [parts(one), parts(other)];
  if (!a || !b) return null;
  for (let at = 0; at < 3; at++) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  if (a.before === b.before) return 0;
  if (a.before === '' || b.before === '') return a.before === '' ? 1 : -1;
  return Math.sign(a.before.localeCompare(b.before, 'en', { numeric: true }));
}

function parts(version: string): { numbers: number[]; before: string } | null {
  const read = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]+))?(?:\+.*)?$/.exec(version);
  return read && { numbers: read.slice(1, 4).map(Number), before: read[4] ?? '' };
}
