import type { HostUpdate } from '#shared/contract/update.ts';

const mostNames = 50;

/** The packages of `dnf check-update`: `NAME.ARCH VERSION REPOSITORY`, up to the list of what they would replace. */
function namesOf(lines: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const line of lines) {
    if (/^(Obsoleting|Security:)/.test(line)) break;
    const name = /^([\w+.-]{1,128})\.(?:noarch|x86_64|aarch64|i686|ppc64le|s390x)\s+\S+\s+\S+$/.exec(line)?.[1];
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** What waits; null unless dnf ended as it does where it knows (0: nothing, 100: something). */
export function readDnfPending(check: readonly string[], security: readonly string[]): HostUpdate['pending'] {
  const exit = /^exit=(\d{1,3})$/.exec(check[0] ?? '')?.[1];
  if (exit !== '0' && exit !== '100') return null;
  const all = namesOf(check.slice(1));
  const grave = [...namesOf(security)].filter((name) => all.has(name));
  const rest = [...all].filter((name) => !grave.includes(name));
  return { total: all.size, security: grave.length, held: 0, names: [...grave, ...rest].slice(0, mostNames) };
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
