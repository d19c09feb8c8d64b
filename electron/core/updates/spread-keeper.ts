import type { FirstSeen } from '#shared/contract/update-policy.ts';
import { type DatedSpread, datedSpread, spreadDay } from '#shared/contract/update-spread.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { dayOf, type SpreadCount, withSample } from '#shared/lib/update/spread.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { JournalStore, StoreGuard } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { seenOffers, storedFirstSeen, withSeen } from './first-seen.ts';

const prefix = 'update-spread/';
const seenKey = `${prefix}first-seen`;
const keptDays = 90;
const dayMs = 86_400_000;
const lookEveryMs = 30_000;
const hourMs = 3_600_000;
/** A fleet that has just been opened is read host by host: half of it is not the fleet. */
const settlesMs = 120_000;
const attempts = 3;
const mostSeen = 200;

type Version = Omit<FirstSeen, 'at'>;

export interface SpreadKeeperOptions {
  readonly around: ActionSurroundings;
  readonly scope: Scope;
  readonly log: Log;
  readonly groupOf: (host: string) => string | null;
  /** When the versions that are offered now were first seen. */
  readonly seen: (seen: readonly FirstSeen[]) => void;
}

/** Keeps which versions ran where over time: a key a day, changes only, ninety days. Any console may write; who is late reads again. */
export class SpreadKeeper {
  readonly #options: SpreadKeeperOptions;
  readonly #openedAt = performance.now();
  #store: JournalStore | null = null;
  #moved = true;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | null = null;
  #tidied = '';

  constructor(options: SpreadKeeperOptions) {
    this.#options = options;
    const { around, scope } = options;
    scope.add(
      around.records.onChange(([kind, , section]) => {
        if (kind === 'host' && (section === 'update' || section === 'identity' || section === 'facts'))
          this.#moved = true;
        if (kind === 'cluster' && section === 'updateGroups') this.#moved = true;
      }),
    );
    scope.every(lookEveryMs / 10, () => this.#look());
    scope.add(async () => {
      this.#store = null;
      await this.#writing;
    });
  }

  use(store: JournalStore | null): void {
    this.#store = store;
    this.#sampledAt = Number.NEGATIVE_INFINITY;
    this.#tidied = '';
    this.#moved = true;
  }

  /** The last days, the oldest first. */
  async read(days: number): Promise<DatedSpread[]> {
    if (!this.#store) return [];
    const from = dayOf(this.#options.around.now() - (days - 1) * dayMs);
    const { entries } = await this.#store.list(prefix);
    return entries.flatMap((entry) => {
      const parsed = datedSpread.shape.day.safeParse(entry.key.slice(prefix.length));
      if (!parsed.success || parsed.data < from) return [];
      try {
        return [{ day: parsed.data, spread: parseStored(spreadDay, entry) }];
      } catch (error) {
        this.#options.log.warn('a day of versions cannot be read', { key: entry.key, why: toProblem(error).message });
        return [];
      }
    });
  }

  #look(): void {
    const store = this.#store;
    if (!store || this.#writing || !this.#settled()) return;
    const now = performance.now();
    const due = now - this.#sampledAt >= hourMs || (this.#moved && now - this.#sampledAt >= lookEveryMs);
    if (!due) return;
    this.#moved = false;
    this.#sampledAt = now;
    this.#writing = this.#write(store)
      .catch((error: unknown) => {
        this.#moved = true;
        this.#options.log.warn(`versions could not be written down: ${toProblem(error).message}`);
      })
      .finally(() => (this.#writing = null));
  }

  #settled(): boolean {
    const { records } = this.#options.around;
    const hosts = records.ids('host');
    if (hosts.length === 0) return false;
    if (performance.now() - this.#openedAt > settlesMs) return true;
    return hosts.every((host) => records.get('host', host, 'update') !== undefined);
  }

  async #write(store: JournalStore): Promise<void> {
    const { around } = this.#options;
    const at = around.now();
    const day = dayOf(at);
    const { counts, offered, running } = this.#count();
    const stored = await this.#amend(store, seenKey, (entry) => {
      const before = entry && parseStored(storedFirstSeen, entry);
      return { was: before, next: withSeen(before, { offered, running }, at, day) };
    });
    this.#options.seen(seenOffers(stored, offered, dayOf(at - dayMs)));
    await this.#amend(store, prefix + day, (entry) => {
      const before = entry && parseStored(spreadDay, entry);
      return { was: before, next: withSample(before, { at, counts }) };
    });
    if (this.#tidied === day) return;
    const oldest = dayOf(at - (keptDays - 1) * dayMs);
    const { entries } = await store.list(prefix);
    const old = entries
      .map(({ key }) => key)
      .filter((key) => /^\d{4}-/.test(key.slice(prefix.length)) && key.slice(prefix.length) < oldest);
    for (let from = 0; from < old.length; from += 50)
      await store.commit(
        [],
        old.slice(from, from + 50).map((key) => ({ delete: key })),
      );
    this.#tidied = day;
  }

  /** Writes what `edit` makes of a key, in observe mode nothing; answers what stands there then. */
  async #amend<T>(
    store: JournalStore,
    key: string,
    edit: (entry: Awaited<ReturnType<JournalStore['get']>>) => { was: T | null; next: T | null },
  ): Promise<T | null> {
    for (let attempt = 1; ; attempt++) {
      const entry = await store.get(key);
      const { was, next } = edit(entry);
      if (next === null || this.#options.around.mode() !== 'operate') return next ?? was;
      const guard: StoreGuard = entry ? { key, is: 'modified', at: entry.modified } : { key, is: 'absent' };
      const { made } = await store.commit([guard], [{ put: key, value: JSON.stringify(next) }]);
      if (made || attempt === attempts) return next;
    }
  }

  #count(): { counts: SpreadCount[]; offered: Version[]; running: Version[] } {
    const { around, groupOf } = this.#options;
    const counts = new Map<string, SpreadCount>();
    const offered = new Map<string, Version>();
    const running = new Map<string, Version>();
    for (const host of around.records.ids('host')) {
      const update = around.records.get('host', host, 'update');
      if (!update) continue;
      const of = { agent: update.agent, channel: update.channel ?? '' };
      const one = { group: groupOf(host) ?? '', ...of, version: update.running };
      const key = JSON.stringify(one);
      counts.set(key, { ...one, hosts: (counts.get(key)?.hosts ?? 0) + 1 });
      const see = (versions: Map<string, Version>, version: string | null) => {
        if (version) versions.set(JSON.stringify([of, version]), { ...of, version });
      };
      see(offered, update.offered);
      see(running, update.running);
    }
    const most = <T>(versions: Map<string, T>) => [...versions.values()].slice(0, mostSeen);
    return { counts: [...counts.values()], offered: most(offered), running: most(running) };
  }
}
