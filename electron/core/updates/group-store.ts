import { z } from 'zod';
import { epochMs } from '#shared/contract/ids.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { type GroupSaving, groupName, type UpdatePolicy, updatePolicy } from '#shared/contract/update-policy.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { JournalStore, StoredEntry, StoreGuard, StoreNews } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';

/** Below the store's root; one key a group. */
export const groupPrefix = 'update-groups/';
/** Groups that one cluster may have. */
export const mostGroups = 200;

const storedGroup = z.object({
  v: z.literal(1),
  policy: updatePolicy,
  by: z
    .string()
    .max(300)
    .transform((text) => cleanLine(text, 300)),
  at: epochMs,
});

/** A policy as it is kept, with who saved it and the revision of its key. */
export interface KeptGroup {
  readonly policy: UpdatePolicy;
  readonly revision: number;
  readonly by: string;
  readonly at: number;
}

/** Writes all of these policies at one revision, or none of them; throws `conflict` with who was there first. */
export async function saveGroups(
  store: JournalStore,
  savings: readonly GroupSaving[],
  by: string,
  at: number,
): Promise<number> {
  const guards = savings.map(({ policy, base }) => guardOf(policy.group, base));
  const steps = savings.map(({ policy }) => ({
    put: groupPrefix + policy.group,
    value: JSON.stringify({ v: 1, policy, by, at }),
  }));
  const { made, revision } = await store.commit(guards, steps);
  if (made) return revision;
  for (const { policy, base } of savings) await refuseMoved(store, policy.group, base);
  throw fail('busy', 'the groups are being written by others', { hint: 'Try again.' });
}

export async function removeGroup(store: JournalStore, group: string, base: number): Promise<void> {
  const { made } = await store.commit([guardOf(group, base)], [{ delete: groupPrefix + group }]);
  if (made) return;
  await refuseMoved(store, group, base);
  throw fail('busy', `the group ${group} is being written by others`, { hint: 'Try again.' });
}

function guardOf(group: string, base: number | null): StoreGuard {
  const key = groupPrefix + group;
  return base === null ? { key, is: 'absent' } : { key, is: 'modified', at: base };
}

async function refuseMoved(store: JournalStore, group: string, base: number | null): Promise<void> {
  const entry = await store.get(groupPrefix + group);
  if (entry === null) {
    if (base === null) return;
    throw fail('conflict', `somebody removed the group ${group} meanwhile`, { hint: 'Save it as a new one.' });
  }
  if (entry.modified === base) return;
  const { by, at } = readGroup(entry);
  const when = new Date(at).toISOString();
  throw fail(
    'conflict',
    base === null
      ? `there is a group ${group} already: ${by} saved it at ${when}`
      : `${by} saved the group ${group} at ${when}, as revision ${entry.modified}; you edited revision ${base}`,
    { hint: 'Read it again, then save.' },
  );
}

/** Checks what lies at a group's key; throws `protocol`. */
export function readGroup(entry: StoredEntry): KeptGroup {
  const group = entry.key.slice(groupPrefix.length);
  const { policy, by, at } = parseStored(storedGroup, entry);
  if (policy.group !== group) throw fail('protocol', `${entry.key} holds the policy of ${policy.group}`);
  return { policy, by, at, revision: entry.modified };
}

/** The groups of a store as a watch tells of them; what cannot be read is said by its key. */
export class HeardGroups {
  readonly groups = new Map<string, KeptGroup>();
  readonly broken = new Map<string, Problem>();

  take({ reset, changed, gone }: StoreNews): void {
    if (reset) {
      this.groups.clear();
      this.broken.clear();
    }
    for (const key of gone) this.#forget(key.slice(groupPrefix.length));
    for (const entry of changed) {
      const name = entry.key.slice(groupPrefix.length);
      this.broken.delete(name);
      try {
        if (!groupName.safeParse(name).success) throw fail('protocol', `${entry.key} is not the name of a group`);
        if (this.groups.size >= mostGroups && !this.groups.has(name))
          throw fail('refused', `more than ${mostGroups} groups are not read`);
        this.groups.set(name, readGroup(entry));
      } catch (error) {
        // A policy that cannot be read must not go on as it was: hosts would be updated by what somebody took back.
        this.groups.delete(name);
        if (this.broken.size < mostGroups) this.broken.set(name, toProblem(error));
      }
    }
  }

  #forget(name: string): void {
    this.groups.delete(name);
    this.broken.delete(name);
  }
}
