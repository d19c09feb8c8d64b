import { type Problem, toProblem } from '#shared/contract/problem.ts';
import type { JournalStore, StoreLease, StoreNews } from '../changes/journal-store.ts';
import type { Scope } from '../lib/scope.ts';

const leaseS = 15;
const retryMs = 2000;
/** Who may not write there will hardly be allowed to two seconds later. */
const refusedRetryMs = 60_000;
/** A store that does not answer must not hold up the end; the key then goes with its lease. */
const goodbyeMs = 1000;

/**
 * A key that is kept in the store over lost leases, lost connections and its deletion by others, until the scope ends.
 * `told` says why it is not there, and null when it is.
 */
export class Announcement {
  readonly #store: JournalStore;
  readonly #key: string;
  readonly #value: string;
  readonly #scope: Scope;
  readonly #told: (problem: Problem | null) => void;
  #lease: StoreLease | null = null;
  /** The revision at which it was put last; null while it is not there. */
  #putAt: number | null = null;
  #putting = false;
  #turn = 0;

  constructor(store: JournalStore, key: string, value: string, scope: Scope, told: (problem: Problem | null) => void) {
    this.#store = store;
    this.#key = key;
    this.#value = value;
    this.#scope = scope;
    this.#told = told;
    scope.add(() => this.#letGo());
    this.#begin();
  }

  /** What the store says of keys: this one may have been deleted. */
  heard({ reset, revision, changed, gone }: StoreNews): void {
    if (this.#putAt === null || revision < this.#putAt) return;
    const isGone = reset ? !changed.some(({ key }) => key === this.#key) : gone.includes(this.#key);
    if (!isGone) return;
    this.#putAt = null;
    this.#begin();
  }

  #begin(): void {
    if (this.#putting || this.#scope.ended) return;
    this.#putting = true;
    this.#put().then(
      () => {
        this.#putting = false;
        // Its lease may have been lost in the very moment.
        if (this.#putAt === null) this.#begin();
        else this.#told(null);
      },
      (error: unknown) => {
        this.#putting = false;
        if (this.#scope.ended) return;
        const problem = toProblem(error);
        this.#told(problem);
        const refused = problem.code === 'permission' || problem.code === 'authentication';
        this.#scope.after(refused ? refusedRetryMs : retryMs, () => this.#begin());
      },
    );
  }

  async #put(): Promise<void> {
    await this.#letGo();
    const turn = ++this.#turn;
    const lease = await this.#store.lease(leaseS, (problem) => {
      if (turn !== this.#turn) return;
      this.#lease = null;
      this.#putAt = null;
      if (this.#scope.ended) return;
      this.#told(problem);
      this.#begin();
    });
    this.#lease = lease;
    if (this.#scope.ended) return this.#letGo();
    try {
      const { revision } = await this.#store.commit([], [{ put: this.#key, value: this.#value, lease: lease.id }]);
      if (this.#lease === lease) this.#putAt = revision;
    } catch (error) {
      await this.#letGo();
      throw error;
    }
  }

  async #letGo(): Promise<void> {
    const lease = this.#lease;
    this.#lease = null;
    this.#putAt = null;
    this.#turn++;
    if (!lease) return;
    const { promise: waited, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, goodbyeMs);
    await Promise.race([lease.release().catch(() => {}), waited]);
    clearTimeout(timer);
  }
}
