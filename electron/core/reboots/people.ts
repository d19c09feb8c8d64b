import { fail } from '#shared/contract/problem.ts';
import type { LoggedIn } from '#shared/contract/reboot.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import type { ScriptSections } from '../probes/script-sections.ts';
import { runRebootScript } from './host-script.ts';

const most = 50;

/** Who is logged in on a host now. Rejects with ProblemError when that cannot be read. */
export async function peopleOn(access: HostAccess): Promise<LoggedIn[]> {
  const { said, lost } = await runRebootScript(access, 'people', [], null);
  if (lost) throw fail('lost', 'the connection was lost while it was read who is logged in', { host: access.host });
  return readPeople(said);
}

/** People alone: sessions without a terminal or a screen are programs, and this console's own is none of them. */
export function readPeople(sections: ScriptSections): LoggedIn[] {
  const found = new Map<string, LoggedIn>();
  const own = sections.value('sessions', 'own');
  for (const session of sessionsOf(sections.lines('sessions'))) {
    const at = (name: string) => session.get(name) ?? '';
    const tty = at('TTY') || at('Display');
    const isPerson = at('Class') === '' || at('Class').startsWith('user');
    if (tty === '' || !isPerson || at('State') === 'closing' || (own !== '' && at('session') === own)) continue;
    found.set(tty, person(at('Name'), tty, at('RemoteHost')));
  }
  // What utmp tells is of those whom logind does not know.
  for (const line of sections.lines('who')) {
    const [, name, tty, from = ''] = /^(\S{1,64})\s+(\S{1,64})\s.*?(?:\(([^)]{1,253})\))?$/.exec(line) ?? [];
    if (name !== undefined && tty !== undefined && !found.has(tty)) found.set(tty, person(name, tty, from));
  }
  return [...found.values()].slice(0, most);
}

/** `ann on pts/0 and bob on tty1`. */
export function peopleInWords(people: readonly LoggedIn[]): string {
  const all = people.map(({ name, tty }) => `${name} on ${tty}`);
  const shown = all.length > 4 ? [...all.slice(0, 3), `${all.length - 3} more`] : all;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

function person(name: string, tty: string, from: string): LoggedIn {
  return { name: cleanLine(name, 60) || 'somebody', tty: cleanLine(tty, 60), from: cleanLine(from, 120) };
}

function sessionsOf(lines: readonly string[]): Map<string, string>[] {
  const sessions: Map<string, string>[] = [];
  for (const line of lines) {
    const at = line.indexOf('=');
    const [key, value] = [line.slice(0, at), line.slice(at + 1)];
    if (key === 'session') sessions.push(new Map());
    sessions.at(-1)?.set(key, value);
  }
  return sessions;
}
