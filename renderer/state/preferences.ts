import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Preferences, readPreferences } from '#shared/contract/preferences.ts';

/** The preferences that the shell wrote into the page, so that its first drawing is right; the core's when it speaks. */
export function createPreferences(page: Pick<Document, 'querySelector'>): StoreApi<Preferences> {
  const stamp = page.querySelector<HTMLMetaElement>('meta[name="quarterdeck-preferences"]')?.content;
  return createStore<Preferences>(() => readPreferences(parsed(stamp ?? '')));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
