import type { JournalItem } from '#shared/contract/streams.ts';
import type { JournalLine } from '#shared/contract/unit.ts';

/** The journal lines held, oldest first, and how many were left out because they came too fast. */
export interface Journal {
  readonly lines: readonly JournalLine[];
  readonly dropped: number;
}

export const noJournal: Journal = { lines: [], dropped: 0 };
const keepLines = 5000;

/** The journal with an item added; a line that is already held (told by its cursor) is not added twice. */
export function withLines(journal: Journal, item: JournalItem): Journal {
  const held = new Set(journal.lines.slice(-item.lines.length - 200).map(({ cursor }) => cursor));
  const fresh = item.lines.filter(({ cursor }) => cursor === '' || !held.has(cursor));
  return { lines: [...journal.lines, ...fresh].slice(-keepLines), dropped: journal.dropped + item.dropped };
}

/** Names of the priorities, by number. */
export const priorities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

/** Lines at least as grave as `priority` that hold `text`. */
export function filterLines(lines: readonly JournalLine[], priority: number, text: string): JournalLine[] {
  const wanted = text.trim().toLowerCase();
  return lines.filter(
    (line) =>
      line.priority <= priority &&
      (wanted === '' || line.text.toLowerCase().includes(wanted) || line.identifier.toLowerCase().includes(wanted)),
  );
}
