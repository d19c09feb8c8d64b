import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';

const storageKey = 'quarterdeck.preferences';

const columnChoice = z.object({ id: z.string().max(100), width: z.number().min(20).max(2000).nullable() });

/** What one person likes in this window; kept in its local storage, never in the core. */
export const preferences = z.object({
  theme: z.enum(['system', 'dark', 'light']).catch('system'),
  railCollapsed: z.boolean().catch(false),
  detailWidth: z.number().min(280).max(1400).catch(420),
  /** Null means the columns the console came with; a null width means the column's own. */
  fleetColumns: z.array(columnChoice).max(60).nullable().catch(null),
  unitTypes: z.string().max(40).catch('service'),
  /** 0 is as much as there is. */
  historyMinutes: z.number().catch(0),
  /** How a text with a form is edited. */
  textView: z.enum(['text', 'form', 'both']).catch('text'),
});
export type Preferences = z.infer<typeof preferences>;
export type ColumnChoice = z.infer<typeof columnChoice>;

/** A place for texts, as `localStorage` is; it may throw when the browser forbids it. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The preferences kept in `texts`; what is broken or missing there becomes the default, what cannot be kept is not. */
export function createPreferences(texts: TextStore): StoreApi<Preferences> {
  const store = createStore<Preferences>(() => preferences.parse(read(texts)));
  store.subscribe((state) => {
    try {
      texts.setItem(storageKey, JSON.stringify(state));
    } catch {
      // A full or forbidden storage must not break the window.
    }
  });
  return store;
}

function read(texts: TextStore): unknown {
  try {
    const value: unknown = JSON.parse(texts.getItem(storageKey) ?? '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
