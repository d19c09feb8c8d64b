/** What is written in a file, as far as an editor can help with it. */
export const fileLanguages = [
  'unit',
  'network',
  'netdev',
  'link',
  'journald',
  'resolved',
  'timesyncd',
  'logind',
  'networkd',
  'manager',
  'yaml',
  'json',
  'toml',
  'shell',
  'nginx',
  'settings',
  'plain',
] as const;
export type FileLanguage = (typeof fileLanguages)[number];

const unitKinds = 'service|socket|timer|mount|automount|swap|path|slice|scope|target';

/** By path, the first that fits. */
const rules: readonly (readonly [RegExp, FileLanguage])[] = [
  [new RegExp(`/systemd/(?:system|user)/(?:.*/)?[^/]+\\.(?:${unitKinds})(?:\\.d/[^/]+\\.conf)?$`), 'unit'],
  [/\/systemd\/network\/(?:.*\/)?[^/]+\.network(?:\.d\/[^/]+\.conf)?$/, 'network'],
  [/\/systemd\/network\/(?:.*\/)?[^/]+\.netdev(?:\.d\/[^/]+\.conf)?$/, 'netdev'],
  [/\/systemd\/network\/(?:.*\/)?[^/]+\.link(?:\.d\/[^/]+\.conf)?$/, 'link'],
  ...(['journald', 'resolved', 'timesyncd', 'logind', 'networkd'] as const).map(
    (daemon) => [new RegExp(`/systemd/${daemon}(?:@[^/]+)?\\.conf(?:\\.d/[^/]+\\.conf)?$`), daemon] as const,
  ),
  [/\/systemd\/(?:system|user)\.conf(?:\.d\/[^/]+\.conf)?$/, 'manager'],
  [/\.ya?ml$|\.bu$/, 'yaml'],
  [/\.json$|\.ign$/, 'json'],
  [/\.toml$/, 'toml'],
  [/\.(?:sh|bash)$|\/\.?(?:profile|bashrc)$/, 'shell'],
  [/\/nginx\/.*$/, 'nginx'],
  [
    /\.(?:conf|cfg|ini|env|link|nmconnection|container|repo)$|\/sshd?_config(?:\.d\/[^/]+)?$|\/(?:os-release|environment)$/,
    'settings',
  ],
];

/** What is written in a host's file, told by its path. */
export function languageOf(path: string): FileLanguage {
  return rules.find(([fits]) => fits.test(path))?.[1] ?? 'plain';
}
