/** Keeps secrets between runs: Electron's safeStorage, or the file vault of `serve`. Values never reach a log. */
export interface Vault {
  /** False when nothing can be kept; the window then does not offer to remember. */
  readonly available: boolean;
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}
