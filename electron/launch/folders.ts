import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where the console keeps things when no option says otherwise. */
export interface Folders {
  /** Activity log, saved views, vault. */
  readonly dataDir: string;
  /** Cluster files. */
  readonly configDir: string;
}

interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** XDG folders on Linux, their counterparts on macOS and Windows. A relative XDG path is ignored, as its specification asks. */
export function defaultFolders(
  machine: Machine = { platform: process.platform, env: process.env, home: homedir() },
): Folders {
  const { platform, env, home } = machine;
  const absolute = (name: string, otherwise: string) => {
    const value = env[name];
    return value && isAbsolute(value) ? value : otherwise;
  };
  if (platform === 'darwin') {
    const base = join(home, 'Library', 'Application Support', 'Quarterdeck');
    return { dataDir: base, configDir: join(base, 'clusters') };
  }
  if (platform === 'win32') {
    return {
      dataDir: join(absolute('LOCALAPPDATA', join(home, 'AppData', 'Local')), 'Quarterdeck'),
      configDir: join(absolute('APPDATA', join(home, 'AppData', 'Roaming')), 'Quarterdeck', 'clusters'),
    };
  }
  return {
    dataDir: join(absolute('XDG_DATA_HOME', join(home, '.local', 'share')), 'quarterdeck'),
    configDir: join(absolute('XDG_CONFIG_HOME', join(home, '.config')), 'quarterdeck', 'clusters'),
  };
}
