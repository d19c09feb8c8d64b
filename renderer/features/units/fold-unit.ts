import type { HostsOfUnit, UnitFilesOverHosts } from '#shared/contract/unit.ts';
import type { Problem } from '#shared/contract/problem.ts';

/** One unit on one host: its state as it is followed live, what it is made of as it was last read. */
export interface UnitOnHost {
  readonly host: string;
  /** The active state; `not loaded` while only its absence from the list is known, `not there` once that was read. */
  readonly state: string;
  readonly sub: string;
  readonly job: string;
  /** Null when there is no text, or it was not read. */
  readonly variant: string | null;
  readonly needDaemonReload: boolean;
  readonly paths: readonly string[];
  readonly reason: Problem | null;
}

/** Hosts on which a unit is the same: in the same state and made of the same texts. */
export interface UnitGroup {
  readonly key: string;
  readonly state: string;
  readonly variant: string | null;
  readonly hosts: readonly UnitOnHost[];
}

const none = { sub: '', job: '' };

/** What is known of a unit on every host, in the order of their names. */
export function unitOnHosts(live: HostsOfUnit, files: UnitFilesOverHosts | null): UnitOnHost[] {
  const read = new Map(files?.hosts.map((one) => [one.host, one]));
  const about = (host: string) => {
    const one = read.get(host);
    const { variant = null, needDaemonReload = false, paths = [], reason = null } = one ?? {};
    return { host, variant, needDaemonReload, paths, reason };
  };
  const loaded = live.hosts.map(({ host, unit }) => {
    const state = unit.load === 'masked' && unit.active === 'inactive' ? 'masked' : unit.active;
    return { ...about(host), state, sub: unit.sub, job: unit.job };
  });
  // systemd forgets a unit that nothing wants and that does not run: only asking tells whether it is there.
  const without = live.without.map((host) => {
    const one = read.get(host);
    const known = one && !one.reason ? (one.load === 'loaded' ? one.active : one.load) : 'not loaded';
    return { ...about(host), ...none, state: known === 'not-found' ? 'not there' : known };
  });
  const unread = live.unread.map((host) => ({ ...about(host), ...none, state: 'not known' }));
  return [...loaded, ...without, ...unread].toSorted((a, b) => collator.compare(a.host, b.host));
}

const collator = new Intl.Collator('en', { numeric: true });
const order = ['failed', 'activating', 'deactivating', 'reloading', 'active', 'inactive', 'masked', 'not loaded'];
const last = ['not there', 'not known'];

/** Where a state stands among others: the failed first, hosts that tell nothing last. */
export function stateRank(state: string): number {
  if (last.includes(state)) return order.length + 1 + last.indexOf(state);
  const at = order.indexOf(state);
  return at === -1 ? order.length : at;
}

/** The unit's texts over the hosts, what most have first. */
export function variantsOf(hosts: readonly UnitOnHost[]): { readonly variant: string; readonly hosts: string[] }[] {
  const variants = new Map<string, string[]>();
  for (const { host, variant } of hosts)
    if (variant !== null) variants.set(variant, [...(variants.get(variant) ?? []), host]);
  return [...variants]
    .map(([variant, its]) => ({ variant, hosts: its }))
    .toSorted((a, b) => b.hosts.length - a.hosts.length);
}

/** Folds hosts by state and texts: the failed first, then those whose texts most have. */
export function foldUnit(hosts: readonly UnitOnHost[]): UnitGroup[] {
  const ranks = new Map(variantsOf(hosts).map(({ variant }, at) => [variant, at]));
  const groups = new Map<string, UnitGroup & { hosts: UnitOnHost[] }>();
  for (const one of hosts) {
    const key = JSON.stringify([one.state, one.variant, one.reason?.message ?? '']);
    const group = groups.get(key);
    if (group) group.hosts.push(one);
    else groups.set(key, { key, state: one.state, variant: one.variant, hosts: [one] });
  }
  const rank = ({ variant }: UnitGroup) => (variant === null ? ranks.size : (ranks.get(variant) ?? 0));
  return [...groups.values()].toSorted(
    (a, b) => stateRank(a.state) - stateRank(b.state) || rank(a) - rank(b) || b.hosts.length - a.hosts.length,
  );
}

/** `46 active · 1 failed · 1 inactive`. */
export function stateWords(hosts: readonly UnitOnHost[]): string {
  const counts = new Map<string, number>();
  for (const { state } of hosts) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .toSorted(([a], [b]) => stateRank(a) - stateRank(b))
    .map(([state, number]) => `${number.toLocaleString('en')} ${state}`)
    .join(' · ');
}

/** `44 same · 2 differ`; empty while nothing was read. */
export function variantWords(hosts: readonly UnitOnHost[]): string {
  const [most, ...others] = variantsOf(hosts);
  if (!most) return '';
  const differ = others.reduce((sum, one) => sum + one.hosts.length, 0);
  return `${most.hosts.length} same${differ === 0 ? '' : ` · ${differ} ${differ === 1 ? 'differs' : 'differ'}`}`;
}

/** Drop-ins that a person may remove, with the hosts that have them: those below /etc and /run, not what a package brought. */
export function removableDropIns(
  hosts: readonly UnitOnHost[],
): { readonly path: string; readonly hosts: readonly string[] }[] {
  const dropIns = new Map<string, string[]>();
  for (const { host, paths } of hosts)
    for (const path of paths)
      if (/^\/(etc|run)\/systemd\/system\/[^/]+\.d\/[^/]+\.conf$/.test(path))
        dropIns.set(path, [...(dropIns.get(path) ?? []), host]);
  return [...dropIns]
    .map(([path, its]) => ({ path, hosts: its }))
    .toSorted((a, b) => b.hosts.length - a.hosts.length || (a.path < b.path ? -1 : 1));
}

/** The texts of a unit as one, each under its path, as `systemctl cat` shows them. */
export function wholeText(texts: readonly { readonly path: string; readonly text: string }[]): string {
  return texts.map(({ path, text }) => `# ${path}\n${text.endsWith('\n') ? text : `${text}\n`}`).join('\n');
}
