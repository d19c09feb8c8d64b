/**
 * Expands every `[01:20]`, `[1:9:2]` or `[a:f]` of a name, as Ansible does; the first number's zeros give the width.
 * A name without ranges is answered alone. Null when a range cannot be read or more than `limit` names would come out.
 */
export function expandRange(name: string, limit: number): string[] | null {
  if (name.length > 300) return null;
  const match = /\[([0-9]+|[a-zA-Z]):([0-9]+|[a-zA-Z])(?::([0-9]{1,6}))?\]/.exec(name);
  if (!match) return [name];
  const members = rangeMembers(match[1] ?? '', match[2] ?? '', Number(match[3] ?? 1), limit);
  if (members === null) return null;
  const rest = expandRange(name.slice(match.index + match[0].length), limit);
  if (rest === null || members.length * rest.length > limit) return null;
  const head = name.slice(0, match.index);
  return members.flatMap((member) => rest.map((tail) => head + member + tail));
}

function rangeMembers(from: string, to: string, step: number, limit: number): string[] | null {
  const numeric = /^\d/.test(from);
  if (numeric !== /^\d/.test(to) || step < 1 || from.length > 9 || to.length > 9) return null;
  const first = numeric ? Number(from) : from.charCodeAt(0);
  const last = numeric ? Number(to) : to.charCodeAt(0);
  if (last < first || (last - first) / step >= limit) return null;
  // A width is meant only when the first number is written with zeros.
  const width = numeric && from.startsWith('0') ? from.length : 0;
  if (width > 0 && to.length !== width) return null;
  const members: string[] = [];
  for (let value = first; value <= last; value += step)
    members.push(numeric ? String(value).padStart(width, '0') : String.fromCharCode(value));
  return members;
}
