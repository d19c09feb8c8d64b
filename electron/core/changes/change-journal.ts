import type { ChangePlan, ChangeProgress, HostChange } from '#shared/contract/change.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';
import type { JournalStore, StoredEntry, StoreGuard, StoreStep } from './journal-store.ts';
import {
  keys,
  ownerRecord,
  parse,
  planKeys,
  readChange,
  storedClaim,
  type StoredChange,
  storedProgress,
  text,
  type Wish,
} from './stored-change.ts';
import { putPlan } from './stored-plan.ts';

/** The right to drive one change: every write says so, and is refused once somebody else has it. */
export interface Ownership {
  readonly id: string;
  /** Grows with every owner; hosts refuse older ones. */
  readonly token: number;
  readonly lost: Problem | null;
  writeProgress(progress: ChangeProgress): Promise<void>;
  /** With `claim` nobody else's change may touch the host until it is let go. */
  writeHost(host: HostChange, claim: 'take' | 'let-go' | 'keep'): Promise<void>;
  dropWish(key: string): Promise<void>;
  release(): Promise<void>;
}

/** Said of a change whose plan is not the one that was proposed. */
export const alteredText = 'the plan in the journal was altered';

const leaseS = 10;

/** Reads and writes changes; everything that is read is checked, and what does not hold is told as `protocol`. */
export class ChangeJournal {
  readonly store: JournalStore;
  readonly #now: () => number;

  constructor(store: JournalStore, now: () => number) {
    this.store = store;
    this.#now = now;
  }

  /** Writes the plan down; from then on every console sees it. */
  async create(plan: ChangePlan, progress: ChangeProgress): Promise<void> {
    // Its parts come first: they make no change until the key is there that names them.
    if (await this.store.get(keys.plan(plan.id))) throw fail('conflict', `there is a change ${plan.id} already`);
    const head = await putPlan(this.store, planKeys(plan.id), plan);
    const { made } = await this.store.commit(
      [{ key: keys.plan(plan.id), is: 'absent' }],
      [
        { put: keys.plan(plan.id), value: head },
        { put: keys.progress(plan.id), value: text({ v: 1, progress }) },
      ],
    );
    if (!made) throw fail('conflict', `there is a change ${plan.id} already`);
  }

  /** Rejects with `refused` when the plan was altered since; `as-it-is` only to look at it, or to give it up. */
  async load(id: string, plan: 'whole' | 'as-it-is' = 'whole'): Promise<StoredChange> {
    const { entries } = await this.store.list(keys.change(id));
    const stored = readChange(id, new Map(entries.map((entry) => [entry.key, entry])));
    if (stored.altered && plan === 'whole') {
      throw fail('refused', alteredText, { hint: 'Somebody wrote there past Quarterdeck. Stop it, and plan it anew.' });
    }
    return stored;
  }

  /** Whatever anybody may write about a plan that nobody drives yet: an approval, or that it was given up. */
  async amendProgress(id: string, amend: (progress: ChangeProgress) => ChangeProgress): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const entry = await this.store.get(keys.progress(id));
      if (!entry) throw fail('not-found', `there is no change ${id}`);
      const { progress } = parse(storedProgress, entry);
      const { made } = await this.store.commit(
        [{ key: keys.progress(id), is: 'modified', at: entry.modified }],
        [{ put: keys.progress(id), value: text({ v: 1, progress: amend(progress) }) }],
      );
      if (made) return;
    }
    throw fail('busy', `change ${id} is being written by others; try again`);
  }

  async wish(id: string, wish: Omit<Wish, 'v' | 'at'>): Promise<void> {
    const at = this.#now();
    const key = `${keys.wishes(id)}${at}-${Math.random().toString(36).slice(2, 8)}`;
    await this.store.commit(
      [{ key: keys.owner(id), is: 'modified', at: (await this.#owner(id)).modified }],
      [{ put: key, value: text({ v: 1, ...wish, at }) }],
    );
  }

  async #owner(id: string): Promise<StoredEntry> {
    const entry = await this.store.get(keys.owner(id));
    if (!entry) throw fail('refused', 'nobody drives this change now', { hint: 'Take it over first.' });
    return entry;
  }

  /** Takes the right to drive a change; `conflict` says who has it. `onLost` is told once when it is gone. */
  async own(
    id: string,
    owner: { console: string; person: string },
    onLost: (problem: Problem) => void,
  ): Promise<Ownership> {
    const state: { lost: Problem | null } = { lost: null };
    const lose = (problem: Problem) => {
      if (state.lost) return;
      state.lost = problem;
      onLost(problem);
    };
    const lease = await this.store.lease(leaseS, lose);
    const record = text({ v: 1, ...owner, at: this.#now() });
    const { made } = await this.store.commit(
      [
        { key: keys.owner(id), is: 'absent' },
        // A change that was deleted is not brought to life by its owner's key.
        { key: keys.plan(id), is: 'created', at: (await this.store.get(keys.plan(id)))?.created ?? 0 },
      ],
      [{ put: keys.owner(id), value: record, lease: lease.id }],
    );
    const entry = made ? await this.store.get(keys.owner(id)) : null;
    if (!entry) {
      await lease.release();
      throw await this.#refusal(id);
    }
    const token = entry.created;
    const mine: StoreGuard = { key: keys.owner(id), is: 'created', at: token };
    const write = async (guards: readonly StoreGuard[], steps: readonly StoreStep[]): Promise<boolean> => {
      if (state.lost) throw fail('conflict', state.lost.message);
      const { made: written } = await this.store.commit([mine, ...guards], steps);
      if (written) return true;
      const now = await this.store.get(keys.owner(id));
      if (now?.created === token) return false;
      const refusal = now
        ? await this.#refusal(id)
        : fail('lost', `the right to drive change ${id} ran out, or was taken away`);
      lose(refusal.problem);
      throw refusal;
    };
    return {
      id,
      token,
      get lost() {
        return state.lost;
      },
      writeProgress: async (progress) => {
        await write([], [{ put: keys.progress(id), value: text({ v: 1, progress }) }]);
      },
      writeHost: async (host, claim) => {
        const put: StoreStep = { put: keys.host(id, host.host), value: text({ v: 1, host }) };
        const claimKey = keys.claim(host.host);
        if (claim === 'keep') {
          await write([], [put]);
          return;
        }
        const held = await this.store.get(claimKey);
        const other = held ? parse(storedClaim, held).change : null;
        if (claim === 'let-go') {
          await write([], other === id ? [put, { delete: claimKey }] : [put]);
          return;
        }
        if (held && other !== id) throw fail('busy', `change ${other} works on ${host.host} now`, { host: host.host });
        const guard: StoreGuard = held
          ? { key: claimKey, is: 'modified', at: held.modified }
          : { key: claimKey, is: 'absent' };
        const taken = { put: claimKey, value: text({ v: 1, change: id, at: this.#now() }) };
        if (!(await write([guard], [put, taken])))
          throw fail('busy', `another change began on ${host.host} this moment`, { host: host.host });
      },
      dropWish: async (key) => {
        await write([], [{ delete: key }]);
      },
      release: () => lease.release(),
    };
  }

  async #refusal(id: string) {
    const entry = await this.store.get(keys.owner(id));
    if (!entry) return fail('conflict', `change ${id} is no longer driven from here`);
    const { person, console } = parse(ownerRecord, entry);
    return fail('conflict', `${person} drives this change from ${console}`, {
      hint: 'Ask for it to be handed over, or wait until that console is gone.',
    });
  }
}
