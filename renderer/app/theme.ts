import type { StoreApi } from 'zustand/vanilla';
import type { Preferences } from '#shared/contract/preferences.ts';

/** Keeps the page's theme at what the person chose, or at the system's while they chose none. */
export function followTheme(page: Window, preferences: StoreApi<Preferences>): void {
  const system = page.matchMedia('(prefers-color-scheme: light)');
  const apply = () => {
    const { theme } = preferences.getState();
    page.document.documentElement.dataset['theme'] = theme === 'system' ? (system.matches ? 'light' : 'dark') : theme;
  };
  system.addEventListener('change', apply);
  preferences.subscribe(apply);
  apply();
}
