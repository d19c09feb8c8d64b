import { z } from 'zod';

const name = z.string().max(200);

/** One day of which versions ran where: keys once, then rows of a slot of five minutes and the counts that changed in it. */
export const spreadDay = z.object({
  v: z.literal(1),
  /** Group, agent, channel, version; the group is empty for hosts of none. */
  keys: z.array(z.tuple([name, name, name, name])).max(1000),
  /** Slot, then key and count in turn. */
  rows: z.array(z.array(z.int().min(0)).min(1)).max(288),
});
export type SpreadDay = z.infer<typeof spreadDay>;

/** A day of UTC, `2026-11-29`, with what was counted in it. */
export const datedSpread = z.object({ day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/), spread: spreadDay });
export type DatedSpread = z.infer<typeof datedSpread>;
