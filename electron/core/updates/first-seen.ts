import { z } from 'zod';
import { type FirstSeen, firstSeen } from '#shared/contract/update-policy.ts';

const mostVersions = 400;

/** As it lies in the store: when versions came up, and the day on which each was seen last. */
export const storedFirstSeen = z.object({
  v: z.literal(1),
  versions: z.array(firstSeen.extend({ lastDay: z.string().max(10) })).max(mostVersions),
});
export type StoredFirstSeen = z.infer<typeof storedFirstSeen>;

const keyOf = ({ agent, channel, version }: Omit<FirstSeen, 'at'>) => JSON.stringify([agent, channel, version]);

/** The list with what is seen now; null where it says that already. What was not seen for longest goes first. */
export function withSeen(
  before: StoredFirstSeen | null,
  seen: readonly Omit<FirstSeen, 'at'>[],
  at: number,
  day: string,
): StoredFirstSeen | null {
  const versions = new Map((before?.versions ?? []).map((one) => [keyOf(one), one]));
  let changed = false;
  for (const one of seen) {
    const known = versions.get(keyOf(one));
    if (known?.lastDay === day) continue;
    versions.set(keyOf(one), { ...one, at: known?.at ?? at, lastDay: day });
    changed = true;
  }
  if (!changed) return null;
  const newest = [...versions.values()].toSorted((a, b) =>
    a.lastDay < b.lastDay ? 1 : a.lastDay > b.lastDay ? -1 : b.at - a.at,
  );
  return { v: 1, versions: newest.slice(0, mostVersions) };
}

/** When each of these was first seen, as far as it is known. */
export function seenAmong(stored: StoredFirstSeen | null, wanted: readonly Omit<FirstSeen, 'at'>[]): FirstSeen[] {
  const keys = new Set(wanted.map(keyOf));
  return (stored?.versions ?? [])
    .filter((one) => keys.has(keyOf(one)))
    .map(({ agent, channel, version, at }) => ({ agent, channel, version, at }));
}
