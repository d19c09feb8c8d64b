import type { HostUpdate } from '#shared/contract/update.ts';
import { packageSet } from '../package-set.ts';

const mostNames = 50;

/**
 * Reads the `Inst` lines of `apt-get -s`: `Inst NAME [OLD] (NEW ORIGINS [ARCH])`. A package without an old version is new,
 * brought by others. Security is what an origin says of itself.
 */
export function readPending(lines: readonly string[], held: readonly string[]): NonNullable<HostUpdate['pending']> {
  let total = 0;
  let security = 0;
  const names: string[] = [];
  const first: string[] = [];
  const versions: [name: string, isSecurity: boolean][] = [];
  for (const line of lines) {
    const [, name = '', origins = ''] =
      /^Inst ([a-z0-9][a-z0-9+.:-]{0,127}) \[[^\]]{1,200}\] \(([^)]{0,400})\)?/.exec(line) ?? [];
    if (name === '') continue;
    total++;
    const isSecurity = /-security|Debian-Security|ESM/i.test(origins);
    if (isSecurity) security++;
    (isSecurity ? first : names).push(name);
    versions.push([`${name} ${origins.split(' ')[0]}`, isSecurity]);
  }
  const heldNames = held.filter((name) => /^[a-z0-9][a-z0-9+.:-]{0,127}$/.test(name));
  return {
    total,
    security,
    held: heldNames.length,
    names: [...first, ...names].slice(0, mostNames),
    set: packageSet(versions.map(([version]) => version)),
    securitySet: packageSet(versions.filter(([, isSecurity]) => isSecurity).map(([version]) => version)),
  };
}

/** The packages that `apt-mark showhold` names; since when, nobody wrote down. */
export function heldPackages(held: readonly string[]): NonNullable<HostUpdate['holds']> {
  const names = held.filter((name) => /^[a-z0-9][a-z0-9+.:-]{0,127}$/.test(name));
  return names.slice(0, 100).map((version) => ({ version, by: '', since: null }));
}

/** Whether a switch is on, by the words that apt itself takes for it. */
export function isOnInApt(conf: ReadonlyMap<string, readonly string[]>, name: string): boolean {
  return /^(?:true|yes|on|with|enable|[1-9]\d*)$/i.test(conf.get(name)?.at(-1) ?? '');
}

/** Reads `apt-config dump` lines, `Name "value";`, lists as repeated names. */
export function readAptConf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const conf = new Map<string, string[]>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([\w:-]{1,200}) "(.{0,300})";$/.exec(line) ?? [];
    if (name === '' || value === '') continue;
    const list = conf.get(name.replace(/::$/, '')) ?? [];
    list.push(value);
    conf.set(name.replace(/::$/, ''), list);
  }
  return conf;
}
