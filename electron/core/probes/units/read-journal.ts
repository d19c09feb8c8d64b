import type { JournalLine } from '#shared/contract/unit.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { ExecResult, HostAccess } from '../../hosts/host-access.ts';
import { commandLine } from '../../lib/shell-quote.ts';
import { journalFields, parseJournalLine } from './journal-line.ts';

/** The last lines, and in words why there are none when they could not be read. */
export interface JournalTail {
  readonly lines: JournalLine[];
  readonly reason: string;
}

const journalLines = 50;
const maxJournalBytes = 4 * 1024 * 1024;

/** The command that prints a unit's journal as JSON; `more` is what else journalctl is asked. */
export function journalCommand(unit: string, more: readonly string[]): string {
  const fields = `--output-fields=${journalFields.join(',')}`;
  return commandLine(['env', 'LC_ALL=C', 'journalctl', '-o', 'json', '--no-pager', fields, `--unit=${unit}`, ...more]);
}

/** Reads the last 50 lines of a unit's journal; a journal that cannot be read is a reason, not an error. */
export async function readJournal(access: HostAccess, unit: string): Promise<JournalTail> {
  const command = journalCommand(unit, ['-n', String(journalLines)]);
  const result = await access.exec(command, { timeoutMs: 15_000, maxBytes: maxJournalBytes });
  const printed = Buffer.from(result.stdout).toString('utf8').split('\n');
  const lines = printed.flatMap((line) => parseJournalLine(line) ?? []);
  return { lines, reason: lines.length > 0 ? '' : emptyReason(result) };
}

function emptyReason(result: ExecResult): string {
  const complaint = Buffer.from(result.stderr).toString('utf8');
  if (result.exitCode === 127) return 'there is no journalctl on this host';
  return journalComplaint(complaint) || (result.exitCode === 0 ? '' : `journalctl ended with ${result.exitCode}`);
}

/** What journalctl complained about, in a sentence; empty for nothing. */
export function journalComplaint(stderr: string): string {
  if (/insufficient permissions|not seeing messages from other users/.test(stderr)) {
    return 'this user may not read the system journal; members of adm or systemd-journal may';
  }
  return cleanLine(stderr, 300);
}
