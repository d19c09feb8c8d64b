import type { ComparedFile } from '#shared/contract/change.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { settleElevation } from '../actions/elevation.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { readFiles } from './read-files.ts';

/**
 * What stands at a path of one host. Read as the login user; as root only where that user may not, and sudo asks for no
 * password or one was given.
 */
export async function compareOn(
  around: ActionSurroundings,
  script: string,
  host: string,
  path: string,
  password: string | null,
): Promise<{ compared: ComparedFile; text: string | null }> {
  const none = { host, hash: '', mode: '', owner: '', modifiedAt: null, reason: null };
  try {
    const access = around.hosts.access(host);
    let [found] = await readFiles(access, script, [path], null);
    if (found?.kind === 'unreadable') {
      const elevation = await settleElevation(
        access,
        around.records.get('host', host, 'facts')?.elevation ?? 'unknown',
      );
      if (elevation === 'sudo' || (elevation === 'sudo-password' && password !== null))
        [found] = await readFiles(access, script, [path], { elevation, password });
    }
    if (found?.kind !== 'file') return { compared: { ...none, kind: found?.kind ?? 'failed' }, text: null };
    const { state, modifiedS, text } = found;
    const compared: ComparedFile = {
      ...none,
      kind: 'file',
      hash: state.hash,
      mode: state.mode,
      owner: `${state.uid}:${state.gid}`,
      modifiedAt: modifiedS * 1000,
    };
    return { compared, text };
  } catch (error) {
    return { compared: { ...none, kind: 'failed', reason: { ...toProblem(error), host } }, text: null };
  }
}
