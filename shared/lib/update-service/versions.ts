/** Which of two releases is the newer, by semantic versioning: below 0 when `a` is older. Null where one is no version. */
export function compareVersions(a: string, b: string): number | null {
  const [left, right] = [parts(a), parts(b)];
  if (!left || !right) return null;
  for (let at = 0; at < 3; at++) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePre(left.pre, right.pre);
}

function parts(text: string): { numbers: number[]; pre: string[] } | null {
  const match = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.+-]*)?$/.exec(text);
  if (!match) return null;
  return { numbers: match.slice(1, 4).map(Number), pre: match[4]?.split('.') ?? [] };
}

function comparePre(left: string[], right: string[]): number {
  // What is before a release is older than it.
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [a, b] = [left[at], right[at]];
    if (a === undefined) return -1;
    if (b === undefined) return 1;
    if (a === b) continue;
    const numeric = [a, b].map((one) => /^\d+$/.test(one));
    if (numeric[0] && numeric[1]) return Number(a) - Number(b);
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return 0;
}
