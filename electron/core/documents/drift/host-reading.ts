import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { type Elevation, settleElevation } from '../../actions/elevation.ts';
import type { ActionSurroundings } from '../../actions/unit-actions.ts';
import { type FoundFile, readFiles } from '../../changes/read-files.ts';
import { readUnits } from '../../changes/unit-undo.ts';

/** What stood at a path, when. */
export interface PathReading {
  readonly found: FoundFile;
  readonly readAt: number;
  readonly asRoot: boolean;
}

/** What was last read on a host. */
export interface HostReading {
  readonly files: ReadonlyMap<string, PathReading>;
  /** UnitFileState, empty for a unit that is not there. */
  readonly units: ReadonlyMap<string, { readonly state: string; readonly readAt: number }>;
  /** Why the last attempt came to nothing; null when it did not. */
  readonly problem: Problem | null;
  /** Why what the login user may not read was not read as root. */
  readonly rootProblem: Problem | null;
  /** What sudo answered once it was asked; `unknown` before. */
  readonly elevation: Elevation;
}

export const unread: HostReading = {
  files: new Map(),
  units: new Map(),
  problem: null,
  rootProblem: null,
  elevation: 'unknown',
};

/** With `asked` a person is acting, and sudo may be tried out; `elevation` is what it answered before. */
export interface Asking {
  readonly asked: boolean;
  readonly password: string | null;
  readonly elevation?: Elevation;
}

/** sshd hands a command on as one argument, which the kernel limits to 128 KiB. */
const mostPathsAtOnce = 100;
const mostUnitsAtOnce = 100;
/** What was read with a password is kept for so long while reading without one tells nothing. */
const keepRootMs = 24 * 3_600_000;

/** Reads a host's files without their texts, and how its units stand. Never rejects: what could not be had is in the answer. */
export async function readHost(
  around: ActionSurroundings,
  script: string,
  host: string,
  wanted: { readonly paths: readonly string[]; readonly units: readonly string[] },
  before: HostReading,
  asking: Asking,
): Promise<HostReading> {
  try {
    const readAt = around.now();
    const known = { ...asking, elevation: before.elevation };
    const { found, asRoot, rootProblem, elevation } = await readAll(around, script, host, wanted.paths, known, 0);
    const units = new Map<string, { state: string; readAt: number }>();
    for (let at = 0; at < wanted.units.length; at += mostUnitsAtOnce) {
      const some = await readUnits(around.hosts.access(host), wanted.units.slice(at, at + mostUnitsAtOnce));
      for (const [unit, { file }] of some) units.set(unit, { state: file, readAt });
    }
    const files = new Map<string, PathReading>();
    for (const [at, path] of wanted.paths.entries()) {
      const now = found[at];
      const was = before.files.get(path);
      if (now?.kind === 'unreadable' && was?.asRoot && readAt - was.readAt < keepRootMs) files.set(path, was);
      else if (now) files.set(path, { found: now, readAt, asRoot: asRoot.has(path) });
    }
    return { files, units, problem: null, rootProblem, elevation };
  } catch (error) {
    return { ...before, problem: { ...toProblem(error), host } };
  }
}

/** Reads as the login user, and again as root what that user may not read, where a way to root is known. */
export async function readAll(
  around: ActionSurroundings,
  script: string,
  host: string,
  paths: readonly string[],
  asking: Asking,
  mostShown?: number,
): Promise<{
  found: FoundFile[];
  asRoot: ReadonlySet<string>;
  rootProblem: Problem | null;
  elevation: Elevation;
}> {
  const access = around.hosts.access(host);
  const read = async (some: readonly string[], root: Parameters<typeof readFiles>[3]) => {
    const all: FoundFile[] = [];
    const atOnce = mostShown === 0 ? mostPathsAtOnce : 20;
    for (let at = 0; at < some.length; at += atOnce)
      all.push(...(await readFiles(access, script, some.slice(at, at + atOnce), root, mostShown)));
    return all;
  };
  const found = await read(paths, null);
  const closed = paths.filter((_, at) => found[at]?.kind === 'unreadable');
  let elevation: Elevation = around.records.get('host', host, 'facts')?.elevation ?? 'unknown';
  if (elevation === 'unknown') elevation = asking.elevation ?? 'unknown';
  if (closed.length === 0) return { found, asRoot: new Set(), rootProblem: null, elevation };
  if (elevation === 'unknown' && asking.asked) elevation = await settleElevation(access, elevation);
  const rootProblem = whyNotRoot(elevation, asking.password);
  if (rootProblem || elevation === 'unknown') return { found, asRoot: new Set(), rootProblem, elevation };
  try {
    const asRoot = await read(closed, { elevation, password: asking.password });
    for (const [at, path] of closed.entries()) {
      const better = asRoot[at];
      if (better) found[paths.indexOf(path)] = better;
    }
    return { found, asRoot: new Set(closed), rootProblem: null, elevation };
  } catch (error) {
    return { found, asRoot: new Set(), rootProblem: toProblem(error), elevation };
  }
}

function whyNotRoot(elevation: Elevation, password: string | null): Problem | null {
  if (elevation === 'none')
    return { code: 'permission', message: 'only root may read it, and the login user may not become root' };
  if (elevation === 'unknown')
    return {
      code: 'permission',
      message: 'only root may read it, and whether sudo asks for a password is not known yet',
      hint: 'Check the document to find out.',
    };
  if (elevation === 'sudo-password' && password === null)
    return {
      code: 'authentication',
      message: 'only root may read it, and sudo asks for a password',
      hint: 'Check the document with the password of the login user.',
    };
  return null;
}
