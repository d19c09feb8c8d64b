import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { resolvePath } from '../redirect.ts';
import { complain } from './text-input.ts';

const fullPath = (call: CommandCall, path: string) => resolvePath(call.variable('PWD') || '/home/core', path);

async function mkdir(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['m', 'mode']);
  let status = 0;
  for (const path of flags.rest) {
    const problem = call.host.files.makeFolder(fullPath(call, path), call.user, flags.has('p', 'parents'));
    if (problem) status = await complain(call, `mkdir: cannot create directory '${path}': ${problem}`);
  }
  return status;
}

async function rmdir(call: CommandCall): Promise<number> {
  let status = 0;
  for (const path of readFlags(call.words).rest) {
    const problem = call.host.files.removeFolder(fullPath(call, path));
    if (problem) status = await complain(call, `rmdir: failed to remove '${path}': ${problem}`);
  }
  return status;
}

async function cmp(call: CommandCall): Promise<number> {
  const [one = '', other = ''] = readFlags(call.words).rest;
  const texts = [one, other].map((path) => call.host.files.read(fullPath(call, path), call.user));
  if (typeof texts[0] !== 'string' || typeof texts[1] !== 'string') return 2;
  return texts[0] === texts[1] ? 0 : 1;
}

/** Mode and owner of a simulated file are always the same; what is only about them succeeds where the file exists. */
async function attributes(call: CommandCall): Promise<number> {
  const [, ...paths] = readFlags(call.words).rest;
  const missing = paths.find((path) => !call.host.files.exists(fullPath(call, path)));
  if (missing === undefined) return 0;
  return complain(call, `${call.name}: cannot access '${missing}': No such file or directory`);
}

/** Commands for folders, and for what a simulated disk needs no work for: bringing to disk, locking among changes. */
export const folderCommands: CommandTable = {
  mkdir,
  rmdir,
  cmp,
  chmod: attributes,
  chown: attributes,
  sync: () => 0,
  flock: () => 0,
};
