import type { Vault } from '#core/lib/vault.ts';

/** A vault that holds its secrets in memory and saves all of them, one save after the other, whenever one changes. */
export function keepSecrets(
  initial: Readonly<Record<string, string>>,
  save: (values: Record<string, string>) => Promise<void>,
): Vault {
  const kept = new Map(Object.entries(initial));
  let last: Promise<void> = Promise.resolve();
  const saveNext = () => {
    const values = Object.fromEntries(kept);
    // An earlier save that failed was told to its own caller.
    last = last.catch(() => {}).then(() => save(values));
    return last;
  };
  return {
    available: true,
    list: async () => [...kept.keys()].sort(),
    get: async (name) => kept.get(name) ?? null,
    set: (name, value) => {
      kept.set(name, value);
      return saveNext();
    },
    delete: async (name) => {
      if (kept.delete(name)) await saveNext();
    },
  };
}
