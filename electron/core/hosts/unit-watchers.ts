import type { UnitsItem } from '#shared/contract/streams.ts';

type Listener = (item: UnitsItem) => void;

/** Who follows which host's unit list; the worker is asked once for all who do. */
export class UnitWatchers {
  readonly #ask: (host: string, on: boolean) => void;
  readonly #listeners = new Map<string, Set<Listener>>();
  /** Listeners that have not had the whole list yet: changes before it mean nothing to them. */
  readonly #awaiting = new Map<string, Set<Listener>>();

  constructor(ask: (host: string, on: boolean) => void) {
    this.#ask = ask;
  }

  /** Returns a function that stops. Each listener's first item is the whole list. */
  watch(host: string, listener: Listener): () => void {
    const own: Listener = (item) => listener(item);
    const all = this.#listeners.get(host) ?? new Set();
    this.#listeners.set(host, all.add(own));
    const awaiting = this.#awaiting.get(host) ?? new Set();
    this.#awaiting.set(host, awaiting.add(own));
    this.#ask(host, true);
    return () => {
      awaiting.delete(own);
      if (!all.delete(own) || all.size > 0) return;
      this.#listeners.delete(host);
      this.#awaiting.delete(host);
      this.#ask(host, false);
    };
  }

  tell(host: string, item: UnitsItem): void {
    const awaiting = this.#awaiting.get(host);
    for (const listener of this.#listeners.get(host) ?? []) {
      if (awaiting?.has(listener)) {
        if (!item.reset) continue;
        awaiting.delete(listener);
      }
      listener(item);
    }
  }
}
