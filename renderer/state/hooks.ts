import { useCallback, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Kind, RecordOf, SectionName, Sections } from '#shared/contract/records.ts';
import { defaultThresholds, type Thresholds } from '#shared/contract/cluster.ts';
import { oldReading } from '../words/readings.ts';
import { ago } from '../words/times.ts';
import { useConsole } from './console.ts';
import { heardAt, isStale, quietSince } from './heard.ts';
import type { Preferences } from '#shared/contract/preferences.ts';
import type { Route } from './routes.ts';

/** One section of one record; the component renders only when that section changes. */
export function useSection<K extends Kind, S extends SectionName<K>>(
  kind: K,
  id: string,
  section: S,
): Sections[K][S] | undefined {
  const { replica } = useConsole();
  const subscribe = useCallback(
    (listener: () => void) => replica.onSection(kind, id, section, listener),
    [replica, kind, id, section],
  );
  return useSyncExternalStore(subscribe, () => replica.section(kind, id, section));
}

/** All records of a kind; renders on every change of any of them, so not for rows. */
export function useRecords<K extends Kind>(kind: K): ReadonlyMap<string, RecordOf<K>> {
  const { replica } = useConsole();
  return useStore(replica.store, (state) => state.records[kind] as ReadonlyMap<string, RecordOf<K>>);
}

/** The core's time, renewed once a second. */
export function useNow(): number {
  const { ticker } = useConsole();
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}

/** Something told from the time, renewed once a second; renders only when what is told changes. */
export function useFromTime<T extends string | number | boolean | null>(tell: (now: number) => T): T {
  const { ticker } = useConsole();
  return useSyncExternalStore(ticker.subscribe, () => tell(ticker.now()));
}

/**
 * Something told from sections of one host and the time; renders only when what is told changes, however often the
 * sections do. `sections` and `tell` have to stay the same from one rendering to the next.
 */
export function useTold<T extends string | number | boolean | null>(
  name: string,
  sections: readonly SectionName<'host'>[],
  tell: (host: RecordOf<'host'>, now: number) => T,
): T {
  const { replica, ticker } = useConsole();
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [ticker.subscribe(listener)];
      for (const section of sections) stops.push(replica.onSection('host', name, section, listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [replica, ticker, name, sections],
  );
  return useSyncExternalStore(subscribe, () =>
    tell(replica.store.getState().records.host.get(name) ?? nothing, ticker.now()),
  );
}

const nothing: RecordOf<'host'> = {};
const voice: readonly SectionName<'host'>[] = ['link', 'load'];

/** Whether a host's values are too old to look live. */
export function useStale(name: string): boolean {
  const { silentSeconds } = useThresholds();
  const tell = useCallback((host: RecordOf<'host'>, now: number) => isStale(host, now, silentSeconds), [silentSeconds]);
  return useTold(name, voice, tell);
}

/** When a host that is quiet by now was last heard, null while it speaks: times that run on it stand still there. */
export function useQuietSince(name: string): number | null {
  const { silentSeconds } = useThresholds();
  const tell = useCallback(
    (host: RecordOf<'host'>, now: number) => quietSince(host, now, silentSeconds),
    [silentSeconds],
  );
  return useTold(name, voice, tell);
}

/** When a host last said anything, as `now`, `14 s ago` or `never`, ticking. */
export function useSeen(name: string): string {
  return useTold(name, voice, tellSeen);
}

const read: readonly SectionName<'host'>[] = ['link', 'readings', 'facts', 'disks'];
const tellOldFacts = (host: RecordOf<'host'>, now: number) => oldReading(host, 'facts', now);
const tellOldDisks = (host: RecordOf<'host'>, now: number) => oldReading(host, 'disks', now);

/** Why a host's facts or disks are not those of now, in words with their age; null while they are. */
export function useOldReading(name: string, what: 'facts' | 'disks'): string | null {
  return useTold(name, read, what === 'facts' ? tellOldFacts : tellOldDisks);
}

function tellSeen(host: RecordOf<'host'>, now: number): string {
  const at = heardAt(host);
  return at === null ? 'never' : ago(at, now);
}

/** The open cluster's health thresholds. */
export function useThresholds(): Thresholds {
  return useSection('cluster', '', 'about')?.thresholds ?? defaultThresholds;
}

/** Whether hosts may be changed from here; the core refuses all the same. */
export function useOperate(): boolean {
  return useSection('cluster', '', 'about')?.mode === 'operate';
}

/** Where the window is. */
export function useRoute(): Route {
  return useStore(useConsole().router.store, (state) => state.route);
}

/** One preference and the way to change it. */
export function usePreference<N extends keyof Preferences>(name: N): [Preferences[N], (value: Preferences[N]) => void] {
  const { preferences } = useConsole();
  const value = useStore(preferences, (state) => state[name]);
  const set = useCallback(
    (next: Preferences[N]) => preferences.setState({ [name]: next } as Pick<Preferences, N>),
    [preferences, name],
  );
  return [value, set];
}
