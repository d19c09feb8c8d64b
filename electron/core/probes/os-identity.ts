import type { HostFacts } from '#shared/contract/host.ts';

/** Reads `KEY=value` lines with shell quoting, as in os-release; keys not in capitals are passed over. */
export function assignments(lines: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of lines) {
    const found = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (found?.[1] !== undefined) values.set(found[1], unquote(found[2] ?? ''));
  }
  return values;
}

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (!quoted) return text;
  return quoted[1] === '"' ? (quoted[2] ?? '').replaceAll(/\\(["\\$`])/g, '$1') : (quoted[2] ?? '');
}

/** Which family of layout and updates an os-release stands for. */
export function familyOf(os: ReadonlyMap<string, string>): HostFacts['family'] {
  const id = (os.get('ID') ?? '').toLowerCase();
  const like = (os.get('ID_LIKE') ?? '').toLowerCase().split(/\s+/);
  if (id === 'flatcar') return 'flatcar';
  if (id === 'coreos') return 'container-linux';
  if (id === 'fedora') return os.get('VARIANT_ID') === 'coreos' ? 'fedora-coreos' : 'fedora';
  if (id === 'debian' || id === 'ubuntu' || id === 'rhel') return id;
  if (like.includes('rhel')) return 'rhel';
  if (like.includes('ubuntu')) return 'ubuntu';
  if (like.includes('debian')) return 'debian';
  if (like.includes('fedora')) return 'fedora';
  return 'other';
}

/** The names an os-release gives its system. */
export function osNames(os: ReadonlyMap<string, string>): HostFacts['os'] {
  return {
    id: os.get('ID') ?? '',
    variant: os.get('VARIANT_ID') ?? '',
    version: os.get('VERSION_ID') ?? os.get('BUILD_ID') ?? '',
    pretty: os.get('PRETTY_NAME') ?? os.get('NAME') ?? 'unknown system',
  };
}

const coreosChannels: Record<string, string> = { '0': 'alpha', '1': 'beta', '2': 'stable', '3': 'lts' };
const fcosStreams: Record<string, string> = { '1': 'next', '2': 'testing', '3': 'stable' };

/** The update channel or stream: GROUP of update.conf, else what the version says by convention; null on other systems. */
export function channelOf(os: ReadonlyMap<string, string>, updateConf: ReadonlyMap<string, string>): string | null {
  const family = familyOf(os);
  if (family === 'flatcar' || family === 'container-linux') {
    return updateConf.get('GROUP') ?? coreosChannels[(os.get('VERSION_ID') ?? '').split('.')[1] ?? ''] ?? null;
  }
  if (family !== 'fedora-coreos') return null;
  return fcosStreams[(os.get('OSTREE_VERSION') ?? os.get('VERSION_ID') ?? '').split('.')[2] ?? ''] ?? null;
}
