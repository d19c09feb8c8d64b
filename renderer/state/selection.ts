import { isGroupKey } from './group-key.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** Which hosts are selected, where the cursor stands (on a host or on a group's heading), and where a range began. */
export interface Selection {
  readonly hosts: ReadonlySet<string>;
  readonly cursor: string | null;
  readonly anchor: string | null;
}

export const nothingSelected: Selection = { hosts: new Set(), cursor: null, anchor: null };

/** Makes the selection of one window. */
export function createSelection(): StoreApi<Selection> {
  return createStore<Selection>(() => nothingSelected);
}

/** Adds or removes one host; a range may begin here. */
export function toggled(selection: Selection, host: string): Selection {
  const hosts = new Set(selection.hosts);
  if (!hosts.delete(host)) hosts.add(host);
  return { hosts, cursor: host, anchor: host };
}

/** Adds all of these hosts, or takes all of them away when none of them is missing. */
export function toggledAll(selection: Selection, these: readonly string[]): Selection {
  const hosts = new Set(selection.hosts);
  const all = howManyOf(hosts, these) === 'all';
  for (const host of these)
    if (all) hosts.delete(host);
    else hosts.add(host);
  return { ...selection, hosts, anchor: null };
}

/** How many of these hosts are selected. */
export function howManyOf(selected: ReadonlySet<string>, these: readonly string[]): 'none' | 'some' | 'all' {
  const some = these.some((host) => selected.has(host));
  return some ? (these.every((host) => selected.has(host)) ? 'all' : 'some') : 'none';
}

/** Adds all hosts between the anchor and `host`, in the order they are listed; headings between them do not count. */
export function extended(selection: Selection, host: string, listed: readonly string[]): Selection {
  const from = listed.indexOf(selection.anchor ?? selection.cursor ?? host);
  const to = listed.indexOf(host);
  const hosts = new Set(selection.hosts);
  if (to !== -1) {
    const start = from === -1 ? to : from;
    for (const one of listed.slice(Math.min(start, to), Math.max(start, to) + 1)) if (!isGroupKey(one)) hosts.add(one);
  }
  return { hosts, cursor: host, anchor: selection.anchor ?? selection.cursor ?? host };
}

/** Moves the cursor by `steps` in the listed order, stopping at both ends; from nowhere it starts at the near end. */
export function moved(selection: Selection, steps: number, listed: readonly string[]): Selection {
  const at = selection.cursor === null ? -1 : listed.indexOf(selection.cursor);
  const from = at === -1 && steps < 0 ? listed.length : at;
  const cursor = listed[Math.max(0, Math.min(listed.length - 1, from + steps))] ?? null;
  return { ...selection, cursor, anchor: null };
}

/** The selected hosts in listed order, else the one under the cursor, else none. */
export function chosen(selection: Selection, listed: readonly string[]): string[] {
  if (selection.hosts.size > 0) {
    const seen = listed.filter((host) => selection.hosts.has(host));
    const unseen = [...selection.hosts].filter((host) => !listed.includes(host));
    return [...seen, ...unseen];
  }
  return selection.cursor !== null && listed.includes(selection.cursor) ? [selection.cursor] : [];
}
