/** The ways of writing settings that are understood here. */
export type SettingsFormat = 'unit' | 'networkd' | 'sshd' | 'sysctl' | 'assignments' | 'ini' | 'json' | 'yaml' | 'toml';

/** By path, the first that matches. */
const byPath: readonly (readonly [RegExp, SettingsFormat])[] = [
  [/\/sshd_config$|\/sshd_config\.d\/[^/]+\.conf$/, 'sshd'],
  [/\/sysctl\.conf$|\/sysctl\.d\/[^/]+\.conf$/, 'sysctl'],
  [/\.(network|netdev|link)$|\.(network|netdev|link)\.d\/[^/]+\.conf$/, 'networkd'],
  [/\.(service|socket|timer|mount|automount|path|slice|target|swap|scope|nspawn)(\.d\/[^/]+\.conf)?$/, 'unit'],
  [/\/systemd\/([^/]+\.conf\.d\/)?[^/]+\.conf$/, 'unit'],
  [/\.(json|ign)$/, 'json'],
  [/\.ya?ml$/, 'yaml'],
  [/\.toml$/, 'toml'],
  [/\.(ini|repo)$/, 'ini'],
  [/\/(os-release|lsb-release|machine-info|locale\.conf|vconsole\.conf|environment|update\.conf)$/, 'assignments'],
  [/\.env$|^\/etc\/(default|sysconfig)\//, 'assignments'],
];

/** The format of a file; null when neither its path nor its text tells one. */
export function formatOf(path: string, text: string): SettingsFormat | null {
  const named = byPath.find(([matches]) => matches.test(path))?.[1];
  if (named) return named;
  const lines = text.split('\n', 400).map((line) => line.trim());
  const meant = lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'));
  const [first] = meant;
  if (first === undefined) return null;
  if (first.startsWith('{')) return 'json';
  if (first.startsWith('[') && first.endsWith(']')) return 'ini';
  if (meant.every((line) => /^[A-Za-z_]\w*=/.test(line))) return 'assignments';
  return meant.every((line) => /^[\w.-]{1,100} {0,40}=/.test(line)) ? 'ini' : null;
}
