import type { ComparedFile } from '#shared/contract/change.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { settleElevation } from '../actions/elevation.ts';
import { onceConnected } from '../actions/once-connected.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import { readFiles } from './read-files.ts';

const atOnce = 20;

export interface ComparedFiles {
  readonly files: ComparedFile[];
  /** By hash. */
  readonly texts: Record<string, string>;
}

/** One file over many hosts, once they are connected; a host that cannot be read has the reason. */
export async function compareFile(
  around: ActionSurroundings,
  script: string,
  hosts: readonly string[],
  path: string,
  password: string | null,
): Promise<ComparedFiles> {
  await onceConnected(around, hosts);
  const texts: Record<string, string> = {};
  const limiter = new Limiter(atOnce);
  const files = await Promise.all(
    hosts.map((host) =>
      limiter.run(async () => {
        const { compared, text } = await compareOn(around, script, host, path, password);
        if (text !== null) texts[compared.hash] = text;
        return compared;
      }),
    ),
  );
  return { files, texts };
}

/**
 * What stands at a path of one host. Read as the login user; as root only where that user may not, and sudo asks for no
 * password or one was given.
 */
async function compareOn(
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
