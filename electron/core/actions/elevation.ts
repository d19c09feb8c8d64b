import { fail } from '#shared/contract/problem.ts';
import type { HostFacts } from '#shared/contract/host.ts';
import type { HostAccess } from '../hosts/host-access.ts';
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

/** The way to root, asked of sudo itself where looking alone could not tell: only done when a person is about to act. */
export async function settleElevation(access: HostAccess, known: Elevation): Promise<Exclude<Elevation, 'unknown'>> {
  if (known !== 'unknown') return known;
  const { exitCode, stderr } = await access.exec('sudo -n true', { timeoutMs: 10_000, maxBytes: 4096 });
  if (exitCode === 0) return 'sudo';
  return /password|askpass|terminal/i.test(new TextDecoder().decode(stderr)) ? 'sudo-password' : 'none';
}

/**
 * Wraps a command for root: as it is for root, `sudo -n` where no password is asked, else `sudo -S` with the password
 * on standard input (never on the command line). Throws `permission` when the host gives no way to root.
 */
export function elevate(
  host: string,
  words: readonly string[],
  elevation: Exclude<Elevation, 'unknown'>,
  password: string | null,
): Elevated {
  switch (elevation) {
    case 'root':
      return { command: commandLine(words), stdin: null };
    case 'sudo':
      return { command: `sudo -n ${commandLine(words)}`, stdin: null };
    case 'sudo-password': {
      if (password === null) {
        throw fail('authentication', 'sudo asks for a password on this host', {
          host,
          hint: 'Give the password of the login user.',
        });
      }
      // -k: a password that was cached must not hide that the one just typed is wrong. The command itself reads nothing:
      // were sudo not to ask after all, the password would be its input.
      const deaf = commandLine(['sh', '-c', 'exec "$0" "$@" </dev/null', ...words]);
      return { command: `sudo -k -S -p ${quote('')} ${deaf}`, stdin: `${password}\n` };
    }
    case 'none':
      throw fail('permission', 'this user may not become root on this host', {
        host,
        hint: 'Log in as root or as a user that may use sudo.',
      });
    default:
      return elevation satisfies never;
  }
}
