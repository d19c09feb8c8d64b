import type { StoreApi } from 'zustand/vanilla';
import { firstPreferences, type Preferences } from '#shared/contract/preferences.ts';
import { toProblem } from '#shared/contract/problem.ts';
import type { Link } from '../link/link.ts';
import type { Notices } from './notices.ts';
import type { Replica } from './replica.ts';

const settleMs = 250;
const names = Object.keys(firstPreferences) as (keyof Preferences)[];

/** What keeping preferences needs of the window. */
export interface KeptBy {
  readonly link: Pick<Link, 'call' | 'status'>;
  readonly replica: Pick<Replica, 'section' | 'onSection'>;
  readonly preferences: StoreApi<Preferences>;
  readonly notices: Pick<Notices, 'watch'>;
  readonly wait: (run: () => void, ms: number) => () => void;
}

/**
 * Keeps the window's preferences and the core's the same: what is changed here is saved there when it has settled, what is
 * changed in another window counts here too. Answers the way to save at once, for when the window goes.
 */
export function keepPreferences({ link, replica, preferences, notices, wait }: KeptBy): () => void {
  const unsaved = new Set<keyof Preferences>();
  let adopting = false;
  let callOff: (() => void) | null = null;

  const save = () => {
    callOff?.();
    callOff = null;
    if (unsaved.size === 0 || link.status.getState().state !== 'open') return;
    const said = preferences.getState();
    const saving = [...unsaved];
    const changes = Object.fromEntries(saving.map((name) => [name, said[name]]));
    const forget = () => {
      for (const name of saving) if (preferences.getState()[name] === said[name]) unsaved.delete(name);
    };
    const work = link.call('preferences.save', changes).then(forget, (error: unknown) => {
      // Said again when there is a line again.
      if (toProblem(error).code === 'lost') return;
      forget();
      throw error;
    });
    notices.watch('Keeping your preferences', work);
  };
  preferences.subscribe((now, before) => {
    if (adopting) return;
    for (const name of names) if (now[name] !== before[name]) unsaved.add(name);
    callOff?.();
    callOff = wait(save, settleMs);
  });
  link.status.subscribe(({ state }) => {
    if (state === 'open') save();
  });
  replica.onSection('app', '', 'preferences', () => {
    const kept = replica.section('app', '', 'preferences');
    if (!kept) return;
    const news = names.filter((name) => !unsaved.has(name)).map((name) => [name, kept[name]]);
    adopting = true;
    preferences.setState(Object.fromEntries(news) as Partial<Preferences>);
    adopting = false;
  });
  return save;
}
