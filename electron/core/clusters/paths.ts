import { posix, win32 } from 'node:path';

/** Where the console keeps what is its own. */
export interface ConsolePaths {
  /** The folder of cluster files. */
  readonly configDir: string;
  /** Activity log, saved views, maintenance marks. */
  readonly dataDir: string;
}

/**
 * The console's folders: XDG's on Linux and wherever XDG variables hold absolute paths, `Library/Application Support` on
 * macOS, AppData on Windows. Nothing is made here.
 */
export function consolePaths(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): ConsolePaths {
  if (platform === 'win32') {
    const roaming = env['APPDATA'] || win32.join(home, 'AppData', 'Roaming');
    const local = env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
    return {
      configDir: win32.join(roaming, 'Quarterdeck', 'clusters'),
      dataDir: win32.join(local, 'Quarterdeck'),
    };
  }
  const library = posix.join(home, 'Library', 'Application Support', 'Quarterdeck');
  const config =
    xdg(env['XDG_CONFIG_HOME']) ?? (platform === 'darwin' ? library : posix.join(home, '.config', 'quarterdeck'));
  const data =
    xdg(env['XDG_DATA_HOME']) ?? (platform === 'darwin' ? library : posix.join(home, '.local/share/quarterdeck'));
  return { configDir: posix.join(config, 'clusters'), dataDir: data };
}

/** XDG asks that paths that are not absolute be ignored. */
function xdg(value: string | undefined): string | null {
  return value?.startsWith('/') ? posix.join(value, 'quarterdeck') : null;
}
