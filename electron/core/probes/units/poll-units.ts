import { fail } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { HostAccess } from '../../hosts/host-access.ts';
import { commandLine } from '../../lib/shell-quote.ts';
import type { ListedUnit } from './listed-unit.ts';
import { parseListUnits } from './parse-list-units.ts';

const options = ['--all', '--full', '--plain', '--no-legend', '--no-pager', '--output=json'];
const command = commandLine(['env', 'LC_ALL=C', 'SYSTEMD_COLORS=0', 'systemctl', 'list-units', ...options]);
const maxListBytes = 8 * 1024 * 1024;

/** Lists a host's units with systemctl; rejects with a ProblemError that says in words why it could not. */
export async function pollUnits(access: HostAccess): Promise<ListedUnit[]> {
  const { host } = access;
  const result = await access.exec(command, { timeoutMs: 20_000, maxBytes: maxListBytes });
  if (result.lost) throw fail('lost', 'the connection was lost while systemctl ran', { host });
  if (result.truncated) throw fail('protocol', 'systemctl printed more than 8 MiB', { host });
  if (result.exitCode === 127) throw fail('unsupported', 'there is no systemctl on this host', { host });
  const text = Buffer.from(result.stdout).toString('utf8');
  if (result.exitCode !== 0) {
    const said = cleanLine(Buffer.from(result.stderr).toString('utf8'), 200) || `exit code ${result.exitCode}`;
    // Says so itself, and it stays so until the host is booted otherwise, which ends the connection.
    const absent = said.includes('not been booted with systemd');
    throw fail(absent ? 'unsupported' : 'refused', `systemctl failed: ${said}`, { host });
  }
  return parseListUnits(text);
}
