/** Keeps secrets between runs: Electron's safeStorage, or the file vault of `serve`. Values never reach a log. */
export interface Vault {
  /** False when nothing can be kept; the window then does not offer to remember. */
  readonly available: boolean;
  /** The names of what is kept, in order. */
  list(): Promise<string[]>;
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

/** The same vault, that tells after each change what it keeps. */
export function toldVault(vault: Vault, told: (names: string[]) => void): Vault {
  const tell = async () => told(await vault.list());
  return {
    available: vault.available,
    list: () => vault.list(),
    get: (name) => vault.get(name),
    set: (name, value) => vault.set(name, value).then(tell),
    delete: (name) => vault.delete(name).then(tell),
  };
}
