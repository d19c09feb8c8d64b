import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SshConfig } from '#shared/formats/ssh-config/config-tree.ts';
import { type ConfigRoot, loadSshConfig, type SourceText } from '#shared/formats/ssh-config/load.ts';
import { globFiles } from './glob-files.ts';

/** Where ssh's configuration is; the system's file is read after the user's. */
export interface SshConfigPlace {
  readonly userFile: string;
  /** Null reads none. */
  readonly systemFile: string | null;
  readonly home: string;
}

const maxFileBytes = 1_000_000;

/** Reads both configurations with all that they include; files that are absent or unreadable say nothing, as with ssh. */
export async function readSshConfig(place: SshConfigPlace): Promise<SshConfig> {
  const roots: ConfigRoot[] = [];
  const user = await readText(place.userFile);
  if (user !== null) roots.push({ file: place.userFile, text: user, owner: 'user' });
  const system = place.systemFile === null ? null : await readText(place.systemFile);
  if (place.systemFile !== null && system !== null)
    roots.push({ file: place.systemFile, text: system, owner: 'system' });
  return loadSshConfig(roots, async (pattern) => {
    const sources: SourceText[] = [];
    if (pattern.startsWith('~') && !pattern.startsWith('~/')) return sources;
    const absolute = pattern.startsWith('~/') ? join(place.home, pattern.slice(2)) : pattern;
    for (const file of await globFiles(absolute)) {
      const text = await readText(file);
      if (text !== null) sources.push({ file, text });
    }
    return sources;
  });
}

/** The text of a regular file of at most 1 MB, or null; a pipe or a device is never waited for. */
async function readText(file: string): Promise<string | null> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const about = await handle.stat();
      if (!about.isFile() || about.size > maxFileBytes) return null;
      return (await handle.readFile()).toString('utf8');
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
