import { z } from 'zod';
import type { JournalLine } from '#shared/contract/unit.ts';
import { cleanLine, cleanText } from '#shared/lib/clean-text.ts';

/** The fields that a line is made of, for --output-fields. */
export const journalFields = ['MESSAGE', 'PRIORITY', 'SYSLOG_IDENTIFIER', '_COMM', '_PID', 'SYSLOG_PID'];

const maxMessage = 16_384;
/** Text; bytes when it is not printable; null when it is longer than journalctl gives; several when it was logged so. */
const single = z.union([z.string(), z.array(z.int().min(0).max(255)), z.null()]);
const field = z.union([single, z.array(single)]).optional();
const entry = z.object({
  __CURSOR: z.string().max(512),
  __REALTIME_TIMESTAMP: z.string().regex(/^\d{1,17}$/),
  MESSAGE: field,
  PRIORITY: field,
  SYSLOG_IDENTIFIER: field,
  _COMM: field,
  _PID: field,
  SYSLOG_PID: field,
});
type Field = z.infer<typeof field>;

/** One line of `journalctl -o json`, cleaned; null for anything else. Times are the host's. */
export function parseJournalLine(line: string): JournalLine | null {
  if (!line.startsWith('{')) return null;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return null;
  }
  const { data } = entry.safeParse(json);
  if (!data) return null;
  const priority = textOf(data.PRIORITY);
  return {
    at: Number(data.__REALTIME_TIMESTAMP) / 1000,
    priority: /^[0-7]$/.test(priority) ? Number(priority) : 6,
    identifier: cleanLine(textOf(data.SYSLOG_IDENTIFIER) || textOf(data._COMM), 100),
    pid: cleanLine(textOf(data._PID) || textOf(data.SYSLOG_PID), 20),
    text: messageOf(data.MESSAGE),
    cursor: data.__CURSOR,
  };
}

function messageOf(message: Field): string {
  if (message === null) return '(longer than journalctl gives without --all)';
  return cleanText(textOf(message).slice(0, maxMessage));
}

function textOf(value: Field): string {
  if (typeof value === 'string') return value;
  if (!value) return '';
  const bytes = value.filter((each) => typeof each === 'number');
  if (bytes.length === value.length) return Buffer.from(bytes).toString('utf8');
  const [first] = value;
  return typeof first === 'number' ? '' : textOf(first);
}
