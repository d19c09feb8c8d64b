import { createStore, type StoreApi } from 'zustand/vanilla';
import type { UnitVerb } from '#shared/contract/unit.ts';

/** The one dialog that is open over the view; features open each other's dialogs only through here. */
export type Dialog =
  | { readonly kind: 'palette' }
  | { readonly kind: 'keyboard' }
  | { readonly kind: 'host-keys' }
  | { readonly kind: 'prompts' }
  | { readonly kind: 'maintenance'; readonly hosts: readonly string[] }
  | { readonly kind: 'reboot'; readonly hosts: readonly string[] }
  | { readonly kind: 'unit-action'; readonly hosts: readonly string[]; readonly unit: string; readonly verb: UnitVerb }
  | { readonly kind: 'update-act'; readonly hosts: readonly string[] }
  | { readonly kind: 'restart-units'; readonly hosts: readonly string[] }
  | { readonly kind: 'save-view' };

/** Which dialog is open; null when none is. */
export type Dialogs = StoreApi<{ readonly open: Dialog | null }>;

/** Makes the dialog place of one window, closed. */
export function createDialogs(): Dialogs {
  return createStore<{ readonly open: Dialog | null }>(() => ({ open: null }));
}
