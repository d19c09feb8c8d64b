import { z } from 'zod';
import { hostName, unitName } from './ids.ts';
import { metricNames } from './host.ts';
import { journalLine, unit } from './unit.ts';

/** What can be followed outside the replica; one stream per subject and opener. */
export const subject = z.discriminatedUnion('kind', [
  /** 60 minutes of samples, then each new one. */
  z.object({ kind: z.literal('history'), host: hostName }),
  /** The whole unit list, then what changes. */
  z.object({ kind: z.literal('units'), host: hostName }),
  /** Last lines of a unit's journal, then new ones. */
  z.object({ kind: z.literal('journal'), host: hostName, unit: unitName }),
]);
export type Subject = z.infer<typeof subject>;

/** Times in epoch ms and, per metric, values aligned to them (null = nothing read). */
export const historyItem = z.object({
  times: z.array(z.number()),
  values: z.record(z.enum(metricNames), z.array(z.number().nullable())),
});
export type HistoryItem = z.infer<typeof historyItem>;

/** `reset` true replaces the whole list by `changed`. */
export const unitsItem = z.object({ reset: z.boolean(), changed: z.array(unit), removed: z.array(z.string()) });
export type UnitsItem = z.infer<typeof unitsItem>;

/** The first one may hold no line: the journal is open then, and nothing has been written yet. */
export const journalItem = z.object({ lines: z.array(journalLine), dropped: z.int() });
export type JournalItem = z.infer<typeof journalItem>;

export const streamItems = { history: historyItem, units: unitsItem, journal: journalItem } as const;
export type StreamItem<K extends Subject['kind']> = z.infer<(typeof streamItems)[K]>;
