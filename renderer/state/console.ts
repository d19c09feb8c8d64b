import { createContext, useContext } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import type { Link } from '../link/link.ts';
import type { Clock } from './clock.ts';
import type { Dialogs } from './dialogs.ts';
import type { Notices } from './notices.ts';
import type { Preferences } from '#shared/contract/preferences.ts';
import type { Replica } from './replica.ts';
import type { Router } from './router.ts';
import type { Selection } from './selection.ts';
import type { Ticker } from './ticker.ts';

/** Everything a view works with, made once per window. */
export interface Console {
  readonly link: Link;
  readonly replica: Replica;
  readonly clock: Clock;
  readonly ticker: Ticker;
  readonly router: Router;
  readonly preferences: StoreApi<Preferences>;
  readonly selection: StoreApi<Selection>;
  readonly dialogs: Dialogs;
  readonly notices: Notices;
}

export const ConsoleContext = createContext<Console | null>(null);

/** The window's console; throws outside of it, which is a bug. */
export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (!console) throw new Error('no console around this component');
  return console;
}
