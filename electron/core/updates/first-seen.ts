import { z } from 'zod';
import { type FirstSeen, firstSeen } from '#shared/contract/update-policy.ts';

const mostVersions = 400;

/** As it lies in the store: when versions came up, and the day on which each was seen last. */
export const storedFirstSeen = z.object({
  v: z.literal(1),
  versions: z
    .array(
      firstSeen.extend({
        lastDay: z.string().max(10),
        /** The last day on which a host was offered it; left out where it was only seen running. */
        offeredDay: z.string().max(10).optional(),
      }),
    )
    .max(mostVersions),
});
export type StoredFirstSeen = z.infer<typeof storedFirstSeen>;

const keyOf = ({ agent, channel, version }: Omit<FirstSeen, 'at'>) => JSON.stringify([agent, channel, version]);

/** The list with what is offered and runs now; null where it says that already. What was not seen for longest goes first. */
export function withSeen(
  before: StoredFirstSeen | null,
  { offered, running }: Readonly<Record<'offered' | 'running', readonly Omit<FirstSeen, 'at'>[]>>,
  at: number,
  day: string,
): StoredFirstSeen | null {
  const versions = new Map((before?.versions ?? []).map((one) => [keyOf(one), one]));
  let changed = false;
  const note = (one: Omit<FirstSeen, 'at'>, isOffered: boolean) => {
    const known = versions.get(keyOf(one));
    const offeredDay = isOffered ? day : known?.offeredDay;
    if (known?.lastDay === day && known.offeredDay === offeredDay) return;
    versions.set(keyOf(one), { ...one, at: known?.at ?? at, lastDay: day, ...(offeredDay && { offeredDay }) });
    changed = true;
  };
  for (const one of running) note(one, false);
  for (const one of offered) note(one, true);
  if (!changed) return null;
  const newest = [...versions.values()].toSorted((a, b) =>
    a.lastDay < b.lastDay ? 1 : a.lastDay > b.lastDay ? -1 : b.at - a.at,
  );
  return { v: 1, versions: newest.slice(0, mostVersions) };
}

/**
 * When what is offered was first seen. That is what hosts are offered now, and what they were since that day: once those
 * that were offered it run it, nobody is offered it any more, and it still waits for the others.
 */
export function seenOffers(
  stored: StoredFirstSeen | null,
  offered: readonly Omit<FirstSeen, 'at'>[],
  since: string,
): FirstSeen[] {
  const keys = new Set(offered.map(keyOf));
  return (stored?.versions ?? [])
    .filter((one) => keys.has(keyOf(one)) || (one.offeredDay ?? '') >= since)
    .map(({ agent, channel, version, at }) => ({ agent, channel, version, at }));
}
