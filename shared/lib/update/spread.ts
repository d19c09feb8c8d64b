import type { DatedSpread, SpreadDay } from '../../contract/update-spread.ts';

/** How many hosts of a group run a version of a channel. */
export interface SpreadCount {
  /** Empty for hosts of no group. */
  readonly group: string;
  readonly agent: string;
  readonly channel: string;
  readonly version: string;
  readonly hosts: number;
}

/** What ran where from a moment on. */
export interface SpreadSample {
  readonly at: number;
  readonly counts: readonly SpreadCount[];
}

const slotMs = 300_000;
const dayMs = 86_400_000;
const slotsOfDay = dayMs / slotMs;
/** More kinds of hosts than this are folded into one. */
const mostKinds = 300;
/** What a day may take in etcd. */
export const mostBytes = 100_000;

type State = ReadonlyMap<string, number>;

/** The day of UTC that a moment is in, `2026-11-29`. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** A day with a sample more; null where nothing changed since its last. A sample replaces what was counted in its slot. */
export function withSample(day: SpreadDay | null, sample: SpreadSample): SpreadDay | null {
  const states = day ? statesOf(day) : [];
  const slot = Math.max(Math.floor((sample.at % dayMs) / slotMs), states.at(-1)?.slot ?? 0);
  const state = stateOf(sample.counts);
  const last = states.at(-1);
  if (last && sameState(last.state, state)) return null;
  const before = last?.slot === slot ? states.slice(0, -1) : states;
  const previous = before.at(-1);
  // A count that went and came back within a slot was no change.
  const next = previous && sameState(previous.state, state) ? before : [...before, { slot, state }];
  return fitting(next);
}

/** The samples of some days, each as far as the next. */
export function samplesOf(days: readonly DatedSpread[]): SpreadSample[] {
  return days
    .toSorted((a, b) => (a.day < b.day ? -1 : 1))
    .flatMap(({ day, spread }) => {
      const start = Date.parse(`${day}T00:00:00Z`);
      return statesOf(spread).map(({ slot, state }) => ({
        at: start + slot * slotMs,
        counts: [...state].map(([key, hosts]): SpreadCount => {
          const [group = '', agent = '', channel = '', version = ''] = JSON.parse(key) as string[];
          return { group, agent, channel, version, hosts };
        }),
      }));
    });
}

/** Half of the rows again and again, until it is no larger than a day may be; the last one stays. */
function fitting(states: readonly { slot: number; state: State }[]): SpreadDay {
  let kept = states;
  for (;;) {
    const packed = packedOf(kept);
    if (kept.length <= 1 || JSON.stringify(packed).length <= mostBytes) return packed;
    kept = kept.filter((_, at) => (kept.length - 1 - at) % 2 === 0);
  }
}

function packedOf(states: readonly { slot: number; state: State }[]): SpreadDay {
  const at = new Map<string, number>();
  const keys: SpreadDay['keys'] = [];
  const indexOf = (key: string) => {
    const known = at.get(key);
    if (known !== undefined) return known;
    at.set(key, keys.length);
    keys.push(JSON.parse(key) as SpreadDay['keys'][number]);
    return keys.length - 1;
  };
  let before: State = new Map();
  const rows = states.map(({ slot, state }) => {
    const row = [slot];
    for (const [key, hosts] of state) if (before.get(key) !== hosts) row.push(indexOf(key), hosts);
    for (const key of before.keys()) if (!state.has(key)) row.push(indexOf(key), 0);
    before = state;
    return row;
  });
  return { v: 1, keys, rows };
}

function statesOf({ keys, rows }: SpreadDay): { slot: number; state: State }[] {
  const state = new Map<string, number>();
  return rows.map(([slot = 0, ...pairs]) => {
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const key = keys[pairs[at] ?? -1];
      if (!key) continue;
      const text = JSON.stringify(key);
      const hosts = pairs[at + 1] ?? 0;
      if (hosts === 0) state.delete(text);
      else state.set(text, hosts);
    }
    return { slot: Math.min(slot, slotsOfDay - 1), state: new Map(state) };
  });
}

function stateOf(counts: readonly SpreadCount[]): State {
  const state = new Map<string, number>();
  const add = (key: readonly string[], hosts: number) => {
    const text = JSON.stringify(key.map((part) => part.slice(0, 200)));
    if (hosts > 0) state.set(text, (state.get(text) ?? 0) + hosts);
  };
  const largest = counts.toSorted((a, b) => b.hosts - a.hosts);
  for (const { group, agent, channel, version, hosts } of largest.slice(0, mostKinds))
    add([group, agent, channel, version], hosts);
  for (const { hosts } of largest.slice(mostKinds)) add(['', '', '', 'others'], hosts);
  return state;
}

function sameState(a: State, b: State): boolean {
  return a.size === b.size && [...a].every(([key, hosts]) => b.get(key) === hosts);
}
