import type { RecordOf } from '#shared/contract/records.ts';
import { type HostUpdate, updateAgents } from '#shared/contract/update.ts';
import type { FirstSeen, UpdateGroup, UpdateGroups } from '#shared/contract/update-policy.ts';
import { standingOf } from '#shared/lib/update/behind.ts';
import { offerFor, type Offers, offersOf, withOffersSeen } from '#shared/lib/update/offers.ts';

/** How the hosts of no group are named in addresses. */
export const noGroup = '-';
/** How a group that is to be made is named there. */
export const newGroup = '+';

/** A version and how many hosts of a cell it is about. */
export interface VersionCount {
  readonly version: string;
  readonly hosts: number;
  /** Since when it is offered, as far as it is known. */
  readonly since: number | null;
}

/** The hosts of one group on one channel. */
export interface BoardCell {
  readonly hosts: readonly string[];
  /** What they run, the most first. */
  readonly running: readonly VersionCount[];
  /** What they are offered. */
  readonly offered: readonly VersionCount[];
  readonly behind: number;
  readonly blocked: number;
  readonly failed: number;
  readonly updating: number;
  readonly reboot: number;
}

/** One channel of one agent. */
export interface BoardColumn {
  /** `agent/channel`, as addresses name it. */
  readonly key: string;
  readonly agent: HostUpdate['agent'] | 'unread';
  readonly channel: string;
  readonly hosts: number;
}

export interface BoardRow {
  /** Null for the hosts of no group. */
  readonly group: UpdateGroup | null;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly behind: number;
  readonly cells: ReadonlyMap<string, BoardCell>;
}

/** Groups down, channels across. */
export interface Board {
  readonly columns: readonly BoardColumn[];
  readonly rows: readonly BoardRow[];
  /** False while nothing of the groups could be read: which hosts belong to which is not known. */
  readonly isRead: boolean;
  readonly offers: Offers;
}

type Hosts = ReadonlyMap<string, RecordOf<'host'>>;

const busy: ReadonlySet<string> = new Set(['checking', 'downloading', 'finalizing']);
const usualChannels = ['stable', 'beta', 'testing', 'alpha', 'next'];

/** Lays all hosts out by their group and what they follow. */
export function boardOf(told: UpdateGroups, hosts: Hosts): Board {
  const grouped = new Set(told.groups.flatMap((group) => group.hosts));
  const free = [...hosts.keys()].filter((name) => !grouped.has(name));
  const columns = new Map<string, BoardColumn>();
  const offers = withOffersSeen(offersOf(hosts.values()), told.firstSeen);
  const rowOf = (group: UpdateGroup | null, names: readonly string[]): BoardRow => {
    const parts = new Map<string, string[]>();
    for (const name of names) {
      const host = hosts.get(name);
      if (!host?.identity) continue;
      const column = columnOf(host);
      const known = columns.get(column.key);
      columns.set(column.key, { ...column, hosts: (known?.hosts ?? 0) + 1 });
      const part = parts.get(column.key) ?? [];
      part.push(name);
      parts.set(column.key, part);
    }
    const cells = new Map([...parts].map(([key, its]) => [key, cellOf(group, its, hosts, told.firstSeen, offers)]));
    const behind = [...cells.values()].reduce((sum, cell) => sum + cell.behind, 0);
    return { group, name: group?.policy.group ?? noGroup, hosts: names, behind, cells };
  };
  const rows = told.groups.map((group) => rowOf(group, group.hosts));
  if (free.length > 0 || rows.length === 0) rows.push(rowOf(null, free));
  const isRead = told.problem === null || told.groups.length > 0;
  return { rows, isRead, offers, columns: [...columns.values()].toSorted(byUse) };
}

/** The column that a host is in. */
export function columnOf({ update }: RecordOf<'host'>): Omit<BoardColumn, 'hosts'> {
  const agent = update?.agent ?? 'unread';
  const channel = update?.channel ?? '';
  return { key: `${agent}/${channel}`, agent, channel };
}

function cellOf(
  group: UpdateGroup | null,
  names: readonly string[],
  hosts: Hosts,
  seen: readonly FirstSeen[],
  offers: Offers,
): BoardCell {
  const running = new Map<string, number>();
  const offered = new Map<string, number>();
  const sum = { behind: 0, blocked: 0, failed: 0, updating: 0, reboot: 0 };
  let of: Pick<FirstSeen, 'agent' | 'channel'> = { agent: 'none', channel: '' };
  const add = (counts: Map<string, number>, version: string) => counts.set(version, (counts.get(version) ?? 0) + 1);
  for (const name of names) {
    const update = hosts.get(name)?.update;
    if (!update) continue;
    of = { agent: update.agent, channel: update.channel ?? '' };
    add(running, update.running || 'unknown');
    const offer = offerFor(update, offers);
    if (offer !== null) add(offered, offer);
    const standing = standingOf(update, group?.policy.target ?? { kind: 'offered' }, offers);
    if (standing.is === 'behind') sum.behind++;
    if (standing.is === 'blocked') sum.blocked++;
    if (update.phase === 'failed' || update.problem) sum.failed++;
    if (busy.has(update.phase)) sum.updating++;
    if (update.rebootNeeded) sum.reboot++;
  }
  const since = (version: string) =>
    seen.find((one) => one.agent === of.agent && one.channel === of.channel && one.version === version)?.at ?? null;
  const listed = (counts: ReadonlyMap<string, number>): VersionCount[] =>
    [...counts]
      .map(([version, count]) => ({ version, hosts: count, since: since(version) }))
      .toSorted((a, b) => b.hosts - a.hosts || (a.version < b.version ? 1 : -1));
  return { hosts: names, running: listed(running), offered: listed(offered), ...sum };
}

function byUse(a: BoardColumn, b: BoardColumn): number {
  const agents: readonly string[] = [...updateAgents, 'none', 'unread'];
  const place = ({ channel }: BoardColumn) => {
    const at = usualChannels.indexOf(channel);
    return at < 0 ? usualChannels.length : at;
  };
  return agents.indexOf(a.agent) - agents.indexOf(b.agent) || place(a) - place(b) || (a.channel < b.channel ? -1 : 1);
}
