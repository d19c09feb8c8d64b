import { z } from 'zod';
import { changeId } from '#shared/contract/change.ts';
import { epochMs } from '#shared/contract/ids.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { updateAgents } from '#shared/contract/update.ts';
import { groupName } from '#shared/contract/update-policy.ts';
import type { JournalStore, StoredEntry, StoreGuard, StoreNews } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import type { Log } from '../lib/log.ts';
import type { AutomaticRun } from './automatic.ts';

/** Below the store's root; one key for a version of an agent in a group. */
export const runPrefix = 'update-runs/';
const mostRuns = 5000;

const storedRun = z.object({
  v: z.literal(1),
  group: groupName,
  agent: z.enum(updateAgents),
  to: z.string().min(1).max(200),
  /** Of packages: the hosts with what waited on each, as `packages-set.ts` names them. */
  covers: z
    .array(z.string().regex(/^[0-9a-f]{12}$/))
    .max(5000)
    .optional(),
  change: changeId,
  by: z.string().max(300),
  console: z.string().max(100),
  at: epochMs,
  started: z.boolean(),
});

/** Which roll-outs consoles began by themselves, as all consoles of the cluster see it. */
export class AutomaticRuns {
  readonly #log: Log;
  readonly #runs = new Map<string, { readonly run: AutomaticRun; readonly group: string; readonly modified: number }>();
  /** Of keys that cannot be read: their versions count as begun, as nobody knows better. */
  readonly #unread = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  clear(): void {
    this.#runs.clear();
    this.#unread.clear();
  }

  take({ reset, changed, gone }: StoreNews): void {
    if (reset) this.clear();
    for (const key of gone) {
      this.#runs.delete(key);
      this.#unread.delete(key);
    }
    for (const entry of changed) this.#read(entry);
  }

  of(group: string): AutomaticRun[] {
    return [...this.#runs.values()].filter((one) => one.group === group).map(({ run }) => run);
  }

  /** Claims a version for a group, in place of exactly the claim that was seen; false when another console was faster. */
  async claim(store: JournalStore, group: string, run: AutomaticRun, over: AutomaticRun | null): Promise<boolean> {
    const key = keyOf(group, run);
    if (this.#unread.has(key)) return false;
    const before = over && this.#runs.get(key);
    const guard: StoreGuard = before ? { key, is: 'modified', at: before.modified } : { key, is: 'absent' };
    const { made } = await store.commit([guard], [{ put: key, value: JSON.stringify({ v: 1, group, ...run }) }]);
    return made;
  }

  /** Writes down that it began; who is not the first to say so changes nothing. */
  async started(store: JournalStore, group: string, run: AutomaticRun): Promise<void> {
    const key = keyOf(group, run);
    const before = this.#runs.get(key);
    if (!before) return;
    const value = JSON.stringify({ v: 1, group, ...run, started: true });
    await store.commit([{ key, is: 'modified', at: before.modified }], [{ put: key, value }]);
  }

  #read(entry: StoredEntry): void {
    this.#unread.delete(entry.key);
    try {
      const { v: _v, group, covers, ...rest } = parseStored(storedRun, entry);
      const run = covers ? { ...rest, covers } : rest;
      if (this.#runs.size < mostRuns) this.#runs.set(entry.key, { run, group, modified: entry.modified });
    } catch (error) {
      this.#runs.delete(entry.key);
      this.#unread.add(entry.key);
      this.#log.warn('an automatic roll-out in etcd cannot be read', { key: entry.key, why: toProblem(error).message });
    }
  }
}

function keyOf(group: string, { agent, to }: Pick<AutomaticRun, 'agent' | 'to'>): string {
  return `${runPrefix}${group}/${agent}/${encodeURIComponent(to)}`;
}
