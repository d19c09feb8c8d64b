import type { UpdatePolicy } from '../../contract/update-policy.ts';
import type { HostRecord } from '../filter/fields.ts';
import { groupsBy } from './groups-of.ts';

/** A move of hosts between groups: which policies become otherwise, and who cannot be moved so. */
export interface GroupMove {
  readonly policies: readonly { readonly before: UpdatePolicy; readonly after: UpdatePolicy }[];
  readonly moved: readonly string[];
  readonly stay: readonly { readonly host: string; readonly why: string }[];
}

/**
 * Makes hosts members of a group, or (null) of none. Selectors stay as they are; a host that they put there anyway is no
 * member, and one that a selector keeps somewhere cannot be moved to no group.
 */
export function moveToGroup(
  policies: readonly UpdatePolicy[],
  hosts: readonly (readonly [name: string, host: HostRecord])[],
  to: string | null,
  nowMs: number,
): GroupMove {
  const now = groupsBy(policies);
  const leaving = new Set(hosts.map(([name]) => name));
  const without = policies.map((policy) => ({
    ...policy,
    members: policy.members.filter((member) => !leaving.has(member)),
  }));
  const bySelectors = groupsBy(without);
  const joining: string[] = [];
  const moved: string[] = [];
  const stay: { host: string; why: string }[] = [];
  for (const [name, host] of hosts) {
    const found = bySelectors(host, nowMs);
    if (now(host, nowMs) === to)
      stay.push({ host: name, why: to === null ? 'it is in no group' : `it is in ${to} already` });
    else if (found !== to && to === null)
      stay.push({ host: name, why: `the selector of ${found} finds it: change its labels or that selector` });
    else {
      moved.push(name);
      if (found !== to) joining.push(name);
    }
  }
  const staying = new Set(stay.map(({ host }) => host));
  const changed = policies.flatMap((before) => {
    const kept = before.members.filter((member) => !leaving.has(member) || staying.has(member));
    const members = [...kept, ...(before.group === to ? joining : [])].toSorted();
    const same = members.join(' ') === before.members.toSorted().join(' ');
    return same ? [] : [{ before, after: { ...before, members } }];
  });
  return { policies: changed, moved, stay };
}
