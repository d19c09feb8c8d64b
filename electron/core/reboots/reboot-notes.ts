import { z } from 'zod';
import { fail } from '#shared/contract/problem.ts';
import { holderId, lockGroup } from '#shared/contract/reboot-lock.ts';
import type { JournalStore, StoredEntry } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';

/** A slot that a console took for a host, so that whichever console comes next gives exactly that one back. */
const heldSlot = z.object({
  v: z.literal(1),
  kind: z.enum(['locksmith', 'airlock', 'fleet-lock']),
  /** As it was asked for, and as the lock calls it. */
  asked: lockGroup,
  group: lockGroup,
  id: holderId,
  /** Of a FleetLock server; empty for a lock in etcd. */
  url: z.string().max(2000),
  decision: z.string().max(200),
  /** The boot that it was taken for. */
  bootId: z.string().max(100),
  by: z.string().max(300),
  at: z.number(),
});
export type HeldSlot = Omit<z.infer<typeof heldSlot>, 'v'>;

/** The one host with a member of etcd that a console has told to go down. */
const goingDown = z.object({
  v: z.literal(1),
  host: z.string().min(1).max(253),
  bootId: z.string().max(100),
  by: z.string().max(300),
  at: z.number(),
});
export type GoingDown = Omit<z.infer<typeof goingDown>, 'v'>;

const heldPrefix = 'reboots/held/';
const heldKey = (host: string) => heldPrefix + host;
const goingKey = 'reboots/etcd-member';

/** What the consoles of a cluster must know of each other's reboots, kept beside the journal of changes. */
export class RebootNotes {
  #store: JournalStore | null = null;

  use(store: JournalStore | null): void {
    this.#store = store;
  }

  async held(host: string): Promise<HeldSlot | null> {
    const entry = await this.#there().get(heldKey(host));
    return entry && parseStored(heldSlot, entry);
  }

  async allHeld(): Promise<[host: string, slot: HeldSlot][]> {
    if (!this.#store) return [];
    const { entries } = await this.#store.list(heldPrefix);
    return entries.map((entry) => [entry.key.slice(heldPrefix.length), parseStored(heldSlot, entry)]);
  }

  /** False when another console has noted one meanwhile. */
  async keep(host: string, slot: HeldSlot): Promise<boolean> {
    const key = heldKey(host);
    const value = JSON.stringify({ v: 1, ...slot });
    return (await this.#there().commit([{ key, is: 'absent' }], [{ put: key, value }])).made;
  }

  async forget(host: string): Promise<void> {
    await this.#there().commit([], [{ delete: heldKey(host) }]);
  }

  async going(): Promise<{ readonly going: GoingDown; readonly entry: StoredEntry } | null> {
    const entry = await this.#there().get(goingKey);
    return entry && { going: parseStored(goingDown, entry), entry };
  }

  /** Takes the place of what was read, null for none. False when another one was quicker. */
  async claim(going: GoingDown, before: StoredEntry | null): Promise<boolean> {
    const guard = before
      ? ({ key: goingKey, is: 'modified', at: before.modified } as const)
      : ({ key: goingKey, is: 'absent' } as const);
    return (await this.#there().commit([guard], [{ put: goingKey, value: JSON.stringify({ v: 1, ...going }) }])).made;
  }

  async unclaim(host: string): Promise<void> {
    const found = await this.going();
    if (found?.going.host !== host) return;
    await this.#there().commit([{ key: goingKey, is: 'modified', at: found.entry.modified }], [{ delete: goingKey }]);
  }

  #there(): JournalStore {
    if (this.#store) return this.#store;
    throw fail('unreachable', 'where reboots are written down cannot be reached now');
  }
}
