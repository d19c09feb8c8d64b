import type { HostUpdate } from '#shared/contract/update.ts';
import { packageSet } from '../package-set.ts';

const mostNames = 50;

/** The packages of `dnf check-update`: `NAME.ARCH VERSION REPOSITORY`, up to the list of what they would replace. */
function versionsOf(lines: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const line of lines) {
    if (/^(Obsoleting|Security:)/.test(line)) break;
    const [, name, version = ''] =
      /^([\w+.-]{1,128})\.(?:noarch|x86_64|aarch64|i686|ppc64le|s390x)\s+(\S+)\s+\S+$/.exec(line) ?? [];
    if (name !== undefined) names.set(name, version);
  }
  return names;
}

/** What waits; null unless dnf ended as it does where it knows (0: nothing, 100: something). */
export function readDnfPending(check: readonly string[], security: readonly string[]): HostUpdate['pending'] {
  const exit = /^exit=(\d{1,3})$/.exec(check[0] ?? '')?.[1];
  if (exit !== '0' && exit !== '100') return null;
  const all = versionsOf(check.slice(1));
  const grave = new Map([...versionsOf(security)].filter(([name]) => all.has(name)));
  const rest = [...all.keys()].filter((name) => !grave.has(name));
  const setOf = (packages: ReadonlyMap<string, string>) => packageSet([...packages].map((one) => one.join(' ')));
  return {
    total: all.size,
    security: grave.size,
    held: 0,
    names: [...grave.keys(), ...rest].slice(0, mostNames),
    set: setOf(all),
    securitySet: setOf(grave),
  };
}

/** The packages of `dnf versionlock list`, `NAME-EPOCH:VERSION-RELEASE.*` or `Package name: NAME`; undefined without that plugin. */
export function lockedPackages(lines: readonly string[]): HostUpdate['holds'] {
  if (lines[0] !== 'exit=0') return undefined;
  const names = lines.slice(1).flatMap((line) => {
    const [, old, now] =
      /^(?:([\w+.-]{1,128})-\d{1,9}:[^\s-]{1,100}-[^\s-]{1,100}|Package name: ([\w+.-]{1,128}))$/.exec(line) ?? [];
    return old ?? now ?? [];
  });
  return [...new Set(names)].slice(0, 100).map((version) => ({ version, by: '', since: null }));
}
