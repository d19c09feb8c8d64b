import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFacts } from '#shared/contract/host.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';
import { type HostRestarts, hostRestarts } from '#shared/contract/restart.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { commandLine } from '../../lib/shell-quote.ts';
import { hostScriptFolder } from '../host-scripts.ts';
import { scriptSections } from '../script-sections.ts';
import { readOldUnits } from './old-units.ts';

const limits = { timeoutMs: 100_000, maxBytes: 400_000 };
let texts: { readonly script: string; readonly awk: string } | null = null;

/**
 * Reads which units of a host still run files that were replaced or removed: one pass over all processes, as root where that
 * costs no question, else over the login user's own. Rejects with ProblemError when the host did not answer.
 */
export async function readOldFiles(
  access: HostAccess,
  facts: Pick<HostFacts, 'elevation'>,
  now: () => number,
): Promise<HostRestarts> {
  const { host } = access;
  texts ??= {
    script: readFileSync(join(hostScriptFolder(), 'old-files.sh'), 'utf8'),
    awk: readFileSync(join(hostScriptFolder(), 'old-files.awk'), 'utf8'),
  };
  const word = facts.elevation === 'sudo' ? 'sudo' : 'plain';
  const command = commandLine(['/bin/sh', '-c', texts.script, 'quarterdeck-old-files', word, texts.awk]);
  const result = await access.exec(`exec ${command}`, limits);
  if (result.lost) throw fail('lost', 'the connection was lost while its processes were looked at', { host });
  const sections = scriptSections(result.stdout);
  if (!sections.complete) throw fail('protocol', 'the host did not tell which files its processes run', { host });
  const problem = (code: Problem['code'], message: string): Problem => ({ code, message, host });
  const none = { readAt: now(), sees: 'own' as const, units: [], isPart: false };
  if (!sections.has('old'))
    return { ...none, problem: problem('permission', 'sudo did not let its processes be read') };
  if (sections.value('seen', 'awk') === 'no')
    return { ...none, problem: problem('unsupported', 'awk is not there, with which its processes are looked at') };
  const sees = sections.value('seen', 'all') === 'yes' && sections.value('seen', 'root') === 'yes' ? 'all' : 'own';
  const checked = hostRestarts.safeParse({ readAt: now(), sees, ...readOldUnits(sections), problem: null });
  if (!checked.success)
    throw fail('protocol', `its processes are told as they cannot be: ${checked.error.issues[0]?.path.join('.')}`, {
      host,
    });
  return checked.data;
}
