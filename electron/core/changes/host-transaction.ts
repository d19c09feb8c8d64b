import { fail } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { commandLine, quote } from '../lib/shell-quote.ts';
import type { ChangeScripts } from '../probes/host-scripts.ts';
import { programMarker } from './host-program.ts';
import type { Elevation } from '../actions/elevation.ts';

/** A line that the host wrote down; `at` by the host's clock, in ms. */
export interface HostStep {
  readonly at: number;
  readonly token: number;
  readonly step: string;
  readonly text: string;
}

/** Where a change stands on a host, as its own files tell. */
export interface HostStanding {
  /** `none` when nothing is left but the journal: it never began, was confirmed, or was taken back. */
  readonly state: 'none' | 'begun' | 'armed' | 'applied' | 'restoring' | 'not-restored';
  /** All that the host wrote down of this change, oldest first. */
  readonly steps: readonly HostStep[];
  /** Exit code of the program; 0 when it was only read. */
  readonly exitCode: number;
}

export type HostVerb =
  /** `data`: of the program, see `programData`. `folders`: of the copies that validators want; made with the rest. */
  | {
      readonly verb: 'apply';
      readonly data: string;
      readonly deadmanS: number;
      readonly folders?: readonly string[];
    }
  | { readonly verb: 'confirm' }
  | { readonly verb: 'restore'; readonly why: string }
  /** From now on every older token is refused. */
  | { readonly verb: 'fence' }
  | { readonly verb: 'read' };

/** How a change's program is reached on one host. */
export interface HostReach {
  readonly access: HostAccess;
  readonly scripts: ChangeScripts;
  readonly base: string;
  readonly elevation: Exclude<Elevation, 'unknown'>;
  readonly password: string | null;
}

/** `anew`: over a connection made for it, as a proof that the host can still be reached. */
export interface HowToAsk {
  readonly anew?: boolean;
}

const longest = { apply: 1_200_000, confirm: 60_000, restore: 1_200_000, fence: 60_000, read: 20_000 } as const;

/**
 * Does one thing of a change on a host and reads what the host wrote down. The program outlives this connection: after
 * `lost`, `timeout` or `protocol` (it was killed) ask again with `read`. Rejects with ProblemError; `permission` and `authentication` for the way to root.
 */
export async function onHost(
  reach: HostReach,
  id: string,
  token: number,
  act: HostVerb,
  how: HowToAsk = {},
): Promise<HostStanding> {
  const { access, scripts, base } = reach;
  const words = [base, id, act.verb, String(token), ...moreWords(act)];
  const input = act.verb === 'apply' ? `${programMarker}${act.data}${scripts.change}` : '';
  const { command, stdin } = asRoot(reach, ['sh', '-c', scripts.start, 'quarterdeck-change', ...words], input);
  const inShell = how.anew ? null : inShellOf(reach, words, act);
  const result = await access.exec(command, {
    timeoutMs: longest[act.verb],
    maxBytes: 512 * 1024,
    ...(stdin === '' ? {} : { stdin }),
    ...(inShell === null ? {} : { inShell }),
    anew: how.anew ?? false,
  });
  const text = new TextDecoder().decode(result.stdout);
  const said = cleanLine(new TextDecoder().decode(result.stderr));
  if (result.lost) throw fail('lost', 'the connection was lost while the host worked on the change');
  const standing = readStanding(text, id);
  if (standing) return standing;
  if (/incorrect password|try again|no password was provided|a password is required/i.test(said))
    throw fail('authentication', 'sudo did not accept the password', { hint: 'Give the password of the login user.' });
  const ended = `its program ended before it told what became of it (exit code ${result.exitCode})`;
  throw fail('protocol', said === '' ? ended : `the host did not run the change: ${said}`);
}

function moreWords(act: HostVerb): string[] {
  if (act.verb === 'apply') return [String(act.deadmanS), ...(act.folders ?? [])];
  return act.verb === 'restore' ? [act.why] : [];
}

/** The same for the resident shell, which holds the scripts; null where a password is to be typed. For root no other shell is started. */
function inShellOf({ elevation }: HostReach, words: readonly string[], act: HostVerb): string | null {
  if (elevation === 'root') {
    const program = act.verb === 'apply' ? `qd_program=${quote(act.data)}$qd_change\n` : '';
    return `${program}set -- ${commandLine(words)}\neval "$qd_start"`;
  }
  if (elevation !== 'sudo') return null;
  const command = `sudo -n sh -c "$qd_start" quarterdeck-change ${commandLine(words)}`;
  if (act.verb !== 'apply') return command;
  return `printf %s%s ${quote(`${programMarker}${act.data}`)} "$qd_change" | ${command}`;
}

/** The command and its input for root's rights; a password goes ahead of the input, never on the command line. */
function asRoot(
  { elevation, password }: HostReach,
  words: readonly string[],
  input: string,
): { command: string; stdin: string } {
  const line = commandLine(words);
  switch (elevation) {
    case 'root':
      return { command: line, stdin: input };
    case 'sudo':
      return { command: `sudo -n ${line}`, stdin: input };
    case 'sudo-password':
      if (password === null) {
        throw fail('authentication', 'sudo asks for a password on this host', {
          hint: 'Give the password of the login user.',
        });
      }
      return { command: `sudo -k -S -p ${quote('')} ${line}`, stdin: `${password}\n${input}` };
    case 'none':
      throw fail('permission', 'this user may not become root on this host', {
        hint: 'Log in as root or as a user that may use sudo.',
      });
    default:
      return elevation satisfies never;
  }
}

const states = ['none', 'begun', 'armed', 'applied', 'restoring', 'not-restored'] as const;

/** Reads what the start script prints; null when it was cut short or is something else. */
export function readStanding(text: string, id: string): HostStanding | null {
  const head = /(?:^|\n)== quarterdeck change (\d{1,3}) ([a-z-]+)\n/.exec(text);
  if (!head || !text.endsWith('\n== end\n')) return null;
  const state = states.find((one) => one === head[2]);
  if (!state) return null;
  const steps: HostStep[] = [];
  for (const line of text.slice(head.index + head[0].length, -'== end\n'.length).split('\n')) {
    const [at, of, token, step, ...words] = line.split(' ');
    if (of !== id || !step || !/^\d{1,12}$/.test(at ?? '') || !/^\d{1,16}$/.test(token ?? '')) continue;
    steps.push({
      at: Number(at) * 1000,
      token: Number(token),
      step: cleanLine(step, 40),
      text: cleanLine(words.join(' '), 2000),
    });
  }
  return { state, steps, exitCode: Number(head[1]) };
}
