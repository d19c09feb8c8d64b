import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFacts } from '#shared/contract/host.ts';
import { fail } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { commandLine } from '../../lib/shell-quote.ts';
import { hostScriptFolder } from '../../probes/host-scripts.ts';
import { scriptSections, type ScriptSections } from '../../probes/script-sections.ts';

const limits = { timeoutMs: 45_000, maxBytes: 400_000 };

const texts = new Map<string, string>();

/** The text of a script of resources/host, read once. */
export function scriptText(name: string): string {
  let text = texts.get(name);
  if (text === undefined) texts.set(name, (text = readFileSync(join(hostScriptFolder(), `${name}.sh`), 'utf8')));
  return text;
}

/** Runs a script of resources/host and reads its sections. Rejects with ProblemError when it did not come to its end. */
export async function runScript(access: HostAccess, name: string, words: readonly string[]): Promise<ScriptSections> {
  const { host } = access;
  const command = commandLine(['/bin/sh', '-c', scriptText(name), `quarterdeck-${name}`, ...words]);
  const result = await access.exec(`exec ${command}`, limits);
  if (result.lost) throw fail('lost', 'the connection was lost while the update agent was read', { host });
  const sections = scriptSections(result.stdout);
  if (!sections.complete) {
    const said = cleanLine(new TextDecoder().decode(result.stderr), 200);
    throw fail('protocol', `the host did not tell about its updates${said ? `: ${said}` : ''}`, { host });
  }
  return sections;
}

/** The way to root for reading alone: a word of the scripts, `sudo` only where it is known to ask for nothing. */
export function rootWord(facts: HostFacts): 'sudo' | 'plain' {
  return facts.elevation === 'sudo' ? 'sudo' : 'plain';
}
