import { parseArgs } from 'node:util';
import type { Folders } from '../launch/folders.ts';
import { launchOptions, readLaunch, type Launch } from '../launch/launch-options.ts';

/** Reads the app's command line; Chromium's own switches and file names among it are left to others. */
export function parseArguments(argv: readonly string[], folders: Folders): Launch {
  const { values } = parseArgs({ args: [...argv], options: launchOptions, strict: false, allowPositionals: true });
  return readLaunch(values, folders);
}
