import { commandLine } from '../lib/shell-quote.ts';

/** The command that leaves a line in a host's own journal: who did what from which console. */
export function journalNote(actor: string, what: string): string {
  return commandLine(['logger', '-t', 'quarterdeck', '--', `${actor}: ${what}`.slice(0, 900)]);
}
