import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { elevate, type Elevation } from '../actions/elevation.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { commandLine } from '../lib/shell-quote.ts';
import { hostScriptFolder } from '../probes/host-scripts.ts';
import { scriptSections, type ScriptSections } from '../probes/script-sections.ts';

const limits = { timeoutMs: 20_000, maxBytes: 100_000 };
const texts = new Map<string, string>();

/** How a script gets root's rights; null runs it as the login user. */
export interface WayToRoot {
  readonly elevation: Exclude<Elevation, 'unknown'>;
  readonly password: string | null;
}

/** Runs a script of resources/host about reboots. Rejects with `lost` when its connection broke; what it said until then is `said`. */
export async function runRebootScript(
  access: HostAccess,
  name: 'reboot' | 'people' | 'warn',
  words: readonly string[],
  root: WayToRoot | null,
): Promise<{ readonly said: ScriptSections; readonly lost: boolean }> {
  let text = texts.get(name);
  if (text === undefined) texts.set(name, (text = readFileSync(join(hostScriptFolder(), `${name}.sh`), 'utf8')));
  const argv = ['/bin/sh', '-c', text, `quarterdeck-${name}`, ...words];
  const { command, stdin } = root
    ? elevate(access.host, argv, root.elevation, root.password)
    : { command: `exec ${commandLine(argv)}`, stdin: null };
  const result = await access.exec(command, { ...limits, ...(stdin === null ? {} : { stdin }) });
  const said = scriptSections(result.stdout);
  if (!result.lost && !said.complete) {
    const why = cleanLine(new TextDecoder().decode(result.stderr), 200);
    const wrong = stdin !== null && /incorrect password|try again|no password was provided/i.test(why);
    if (wrong) throw fail('authentication', 'sudo did not accept the password', { host: access.host });
    throw fail('protocol', `the host did not answer${why ? `: ${why}` : ''}`, { host: access.host });
  }
  return { said, lost: result.lost };
}
