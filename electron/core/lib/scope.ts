/** Something that must be ended; called once, in reverse order of adding. */
export type Ending = () => void | Promise<void>;

const open = new Set<Scope>();

/** Names of the scopes not ended yet; tests fail when any is left. */
export function openScopes(): string[] {
  return [...open].map((scope) => scope.name);
}

/**
 * Structured lifetime: everything that holds something (socket, timer, child process, listener) belongs to a Scope.
 * Ending a scope aborts its signal, ends its children, then runs its endings last-first; errors are gathered.
 */
export class Scope {
  readonly name: string;
  readonly #abort = new AbortController();
  readonly #endings: Ending[] = [];
  #ended: Promise<void> | null = null;

  constructor(name: string) {
    this.name = name;
    open.add(this);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  /** Runs `ending` when the scope ends; at once when it already has. Returns a function that forgets it. */
  add(ending: Ending): () => void {
    if (this.#ended) {
      void ending();
      return () => {};
    }
    this.#endings.push(ending);
    return () => {
      const at = this.#endings.indexOf(ending);
      if (at >= 0) this.#endings.splice(at, 1);
    };
  }

  /** A scope that ends with this one, or earlier by itself. */
  child(name: string): Scope {
    const scope = new Scope(`${this.name}/${name}`);
    const forget = this.add(() => scope.end());
    scope.add(forget);
    return scope;
  }

  /** A repeating timer that never keeps the process alive; none once the scope has ended. */
  every(ms: number, run: () => void): () => void {
    if (this.#ended) return () => {};
    const timer = setInterval(run, ms);
    timer.unref();
    const forget = this.add(() => clearInterval(timer));
    return () => {
      clearInterval(timer);
      forget();
    };
  }

  /** A one-shot timer; returns a function that cancels it; none once the scope has ended. */
  after(ms: number, run: () => void): () => void {
    if (this.#ended) return () => {};
    const timer = setTimeout(() => {
      forget();
      run();
    }, ms);
    const forget = this.add(() => clearTimeout(timer));
    timer.unref();
    return () => {
      clearTimeout(timer);
      forget();
    };
  }

  /** Ends everything; safe to call again. Rejects with the first error after all endings ran. */
  end(): Promise<void> {
    this.#ended ??= this.#run();
    return this.#ended;
  }

  async #run(): Promise<void> {
    open.delete(this);
    this.#abort.abort();
    let first: unknown;
    for (const ending of this.#endings.splice(0).reverse()) {
      try {
        await ending();
      } catch (error) {
        first ??= error;
      }
    }
    if (first !== undefined) throw first;
  }
}
