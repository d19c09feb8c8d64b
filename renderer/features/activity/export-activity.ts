import type { ActivityEntry } from '#shared/contract/activity.ts';

const fields = [
  'seq',
  'at',
  'actor',
  'cluster',
  'host',
  'kind',
  'what',
  'command',
  'exitCode',
  'durationMs',
  'outcome',
  'detail',
  'hash',
] as const satisfies readonly (keyof ActivityEntry)[];

/** The entries as JSON, one object a line, with every field that the hash chain covers. */
export function activityJson(entries: readonly ActivityEntry[]): string {
  return `[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`;
}

/** The entries as CSV (RFC 4180) with times in ISO 8601; a text that a spreadsheet would run as a formula gets a quote in front. */
export function activityCsv(entries: readonly ActivityEntry[]): string {
  const lines = entries.map((entry) =>
    fields.map((field) => cell(field === 'at' ? new Date(entry.at).toISOString() : entry[field])).join(','),
  );
  return `${[fields.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
