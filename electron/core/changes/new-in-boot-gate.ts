import { fail } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { type BootMessage, newTemplates } from '#shared/lib/update/new-in-boot.ts';
import type { GateAsked, GateHost } from './gates.ts';

const mostShown = 8;
const maxBytes = 2_000_000;
/** The newest of a boot: what a host writes without end is not read without end. */
const mostLines = 4000;

/** Whether no more kinds of warnings and errors than `most` are in this boot that were not in the one before. */
export async function askNewInBoot(most: number, host: GateHost): Promise<GateAsked> {
  const [before, now] = [await read(host, '-1'), await read(host, '0')];
  if (before === null) return { verdict: 'inconclusive', text: 'the journal has no boot before this one' };
  if (now === null) return { verdict: 'inconclusive', text: 'the journal of this boot cannot be read' };
  const found = newTemplates(before, now);
  if (found.length === 0) return { verdict: 'pass', text: 'no warning or error that the boot before did not have' };
  const shown = found.slice(0, mostShown).map(({ count, example }) => `${count}x ${cleanLine(example, 160)}`);
  const more = found.length > shown.length ? ` | and ${found.length - shown.length} more` : '';
  const kinds = found.length === 1 ? '1 kind of message is' : `${found.length} kinds of messages are`;
  const text = `${kinds} new in this boot, ${most} may be: ${shown.join(' | ')}${more}`;
  return { verdict: found.length <= most ? 'pass' : 'fail', text };
}

/** Null when the journal does not have that boot. */
async function read({ access, asRoot }: GateHost, boot: '0' | '-1'): Promise<BootMessage[] | null> {
  const words = ['-b', boot, '-p', 'warning', '-q', '--no-pager', '-o', 'json', '-n', String(mostLines)];
  const { command, stdin } = asRoot(['journalctl', ...words]);
  const result = await access.exec(command, { timeoutMs: 60_000, maxBytes, stdin: stdin ?? '' });
  if (result.lost) throw fail('lost', 'the connection was lost while the journal was read');
  if (result.exitCode !== 0 && !result.truncated) return null;
  return messagesOf(new TextDecoder().decode(result.stdout));
}

/** Lines of `journalctl -o json`; what is not one of them is left out. */
export function messagesOf(text: string): BootMessage[] {
  return text.split('\n').flatMap((line): BootMessage[] => {
    if (!line.startsWith('{')) return [];
    let entry: unknown;
    try {
      entry = JSON.parse(line);
    } catch {
      return [];
    }
    const fields = entry as Readonly<Record<string, unknown>>;
    const word = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
    const said = textOf(fields['MESSAGE']);
    return said === '' ? [] : [{ from: word('SYSLOG_IDENTIFIER') || word('_COMM') || 'unknown', text: said }];
  });
}

/** What is not plain text journald tells as bytes. */
function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message)) return '';
  const bytes = message.filter((byte): byte is number => typeof byte === 'number').slice(0, 2000);
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
