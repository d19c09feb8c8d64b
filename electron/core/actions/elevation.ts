import { fail } from '#shared/contract/problem.ts';
import type { HostFacts } from '#shared/contract/host.ts';
import { commandLine, quote } from '../lib/shell-quote.ts';

export type Elevation = HostFacts['elevation'];

/** A command to run with root's rights, and what must be written to its standard input. */
export interface Elevated {
  readonly command: string;
  readonly stdin: string | null;
}

/** The command as a person would type it, for plans and logs; never holds a password. */
export function shownCommand(words: readonly string[], elevation: Elevation): string {
  return elevation === 'root' ? commandLine(words) : `sudo ${commandLine(words)}`;
}

/**
 * Wraps a command for root: as it is for root, `sudo -n` where no password is asked, else `sudo -S` with the password
 * on standard input (never on the command line). Throws `permission` when the host gives no way to root.
 */
export function elevate(
  host: string,
  words: readonly string[],
  elevation: Elevation,
  password: string | null,
): Elevated {
  const line = commandLine(words);
  switch (elevation) {
    case 'root':
      return { command: line, stdin: null };
    case 'sudo':
      return { command: `sudo -n ${line}`, stdin: null };
    case 'sudo-password':
    case 'unknown':
      if (password === null) {
        if (elevation === 'unknown') return { command: `sudo -n ${line}`, stdin: null };
        throw fail('authentication', 'sudo asks for a password on this host', {
          host,
          hint: 'Give the password of the login user.',
        });
      }
      // -k: a password that was cached must not hide that the one just typed is wrong.
      return { command: `sudo -k -S -p ${quote('')} ${line}`, stdin: `${password}\n` };
    case 'none':
      throw fail('permission', 'this user may not become root on this host', {
        host,
        hint: 'Log in as root or as a user that may use sudo.',
      });
    default:
      return elevation satisfies never;
  }
}
