import { z } from 'zod';
import {
  type ChangePlan,
  changeProgress,
  type ChangeProgress,
  changeVerbs,
  hostChange,
  type HostChange,
} from '#shared/contract/change.ts';
import { epochMs, hostName } from '#shared/contract/ids.ts';
import { fail } from '#shared/contract/problem.ts';
import type { StoredEntry } from './journal-store.ts';
import { readPlan, type ReadPlan } from './stored-plan.ts';

/** Who drives a change; the key is bound to a lease, so that it goes when its console does. */
export const ownerRecord = z.object({ v: z.literal(1), console: z.string(), person: z.string(), at: epochMs });
/** What somebody who does not drive a change asks of whoever does. */
export const wishRecord = z.object({
  v: z.literal(1),
  verb: z.enum(changeVerbs),
  host: z.union([hostName, z.array(hostName).min(1).max(5000)]).nullable(),
  by: z.string(),
  at: epochMs,
});
export type Wish = z.infer<typeof wishRecord>;
export const storedProgress = z.object({ v: z.literal(1), progress: changeProgress });
const storedHost = z.object({ v: z.literal(1), host: hostChange });
export const storedClaim = z.object({ v: z.literal(1), change: z.string(), at: epochMs });

/** Where everything of a change lies, below the store's root; see resources/decisions/0005-changes-that-cannot-hurt.md. */
export const keys = {
  all: 'changes/',
  change: (id: string) => `changes/${id}/`,
  plan: (id: string) => `changes/${id}/plan`,
  body: (id: string) => `changes/${id}/body/`,
  texts: (id: string) => `changes/${id}/texts/`,
  content: (id: string, hash: string) => `changes/${id}/contents/${hash}`,
  progress: (id: string) => `changes/${id}/progress`,
  owner: (id: string) => `changes/${id}/owner`,
  host: (id: string, host: string) => `changes/${id}/hosts/${host}`,
  wishes: (id: string) => `changes/${id}/wishes/`,
  claim: (host: string) => `claims/${host}`,
} as const;

/** A change as the journal holds it. */
export interface StoredChange {
  readonly plan: ChangePlan;
  /** The plan is not the one that was written down at first: it must not be driven. */
  readonly altered: boolean;
  readonly progress: ChangeProgress;
  readonly hosts: ReadonlyMap<string, HostChange>;
  readonly owner: { readonly record: z.infer<typeof ownerRecord>; readonly token: number } | null;
  readonly wishes: readonly { readonly key: string; readonly wish: Wish }[];
}

/** Where a plan and its parts lie. */
export const planKeys = (id: string) => ({
  plan: keys.plan(id),
  body: keys.body(id),
  texts: keys.texts(id),
  content: (hash: string) => keys.content(id, hash),
});

/** Puts a change together from its entries by their keys; `not-found` when its plan is not among them. */
export function readChange(id: string, byKey: ReadonlyMap<string, StoredEntry>): StoredChange {
  const planEntry = byKey.get(keys.plan(id));
  const progressEntry = byKey.get(keys.progress(id));
  if (!planEntry || !progressEntry) throw fail('not-found', `there is no change ${id}`);
  const { plan, altered } = planOf(id, planEntry, byKey);
  const ownerEntry = byKey.get(keys.owner(id));
  const hosts = new Map<string, HostChange>();
  const wishes: StoredChange['wishes'][number][] = [];
  const hostKeys = `${keys.change(id)}hosts/`;
  for (const entry of byKey.values()) {
    if (entry.key.startsWith(hostKeys)) {
      const host = hostOf(entry);
      hosts.set(host.host, host);
    } else if (entry.key.startsWith(keys.wishes(id))) wishes.push({ key: entry.key, wish: parse(wishRecord, entry) });
  }
  return {
    plan,
    altered,
    progress: parse(storedProgress, progressEntry).progress,
    hosts,
    owner: ownerEntry ? { record: parse(ownerRecord, ownerEntry), token: ownerEntry.created } : null,
    wishes,
  };
}

interface KnownPlan extends ReadPlan {
  /** Every entry it was read from. */
  readonly from: readonly StoredEntry[];
}

/** Plans by the entries they were read from: a plan never changes, what it comes to is looked at again and again. */
const readPlans = new WeakMap<StoredEntry, KnownPlan>();

function planOf(id: string, entry: StoredEntry, byKey: ReadonlyMap<string, StoredEntry>): ReadPlan {
  const known = readPlans.get(entry);
  if (known?.from.every((one) => byKey.get(one.key) === one)) return known;
  const from: StoredEntry[] = [];
  const noted = {
    get(key: string) {
      const found = byKey.get(key);
      if (found) from.push(found);
      return found;
    },
  };
  const { plan, altered } = readPlan(id, noted, planKeys(id));
  // Whatever an altered plan calls itself, it is told as the change whose keys it stands below.
  const read = { plan: plan.id === id ? plan : { ...plan, id }, altered };
  readPlans.set(entry, { ...read, from });
  return read;
}

/** Hosts by the entry they were read from: with a thousand of them, each word of one would cost all others too. */
const readHosts = new WeakMap<StoredEntry, HostChange>();

function hostOf(entry: StoredEntry): HostChange {
  const known = readHosts.get(entry);
  if (known) return known;
  const { host } = parse(storedHost, entry);
  readHosts.set(entry, host);
  return host;
}

/** As it is written down. */
export const text = (value: unknown): string => JSON.stringify(value);

/** An entry as it must be; rejects with `protocol` that names its key. */
export function parse<T extends z.ZodType>(schema: T, entry: StoredEntry): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(entry.value);
  } catch {
    throw fail('protocol', `${entry.key} in the journal is not JSON`, { hint: 'Somebody else wrote there; see who.' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw fail('protocol', `${entry.key} in the journal: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`, {
    hint: 'It was written by a newer Quarterdeck, or by something else.',
  });
}
