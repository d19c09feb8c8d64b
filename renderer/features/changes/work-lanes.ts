import type { HostChange } from '#shared/contract/change.ts';
import type { RebootObstacle } from '#shared/contract/reboot.ts';
import { hasFailed } from '#shared/lib/change/verbs.ts';
import type { Sign } from '../../words/states.ts';
import { hostSigns } from './change-signs.ts';

/** A host of a roll-out, without what it wrote down. */
export type WorkHost = Omit<HostChange, 'evidence'>;

/** The columns that hosts move through, left to right; the last ones are where they end. */
export const workColumns = [
  'waiting',
  'checking',
  'downloading',
  'staged',
  'held',
  'rebooting',
  'verifying',
  'done',
  'rolled-back',
  'failed',
  'skipped',
] as const;
export type WorkColumn = (typeof workColumns)[number];

/** Shown whether a host is there or not, so that columns do not move while hosts do. */
const always: ReadonlySet<WorkColumn> = new Set<WorkColumn>([
  'waiting',
  'downloading',
  'held',
  'rebooting',
  'verifying',
  'done',
  'failed',
]);

export const columnSigns: Record<WorkColumn, Sign> = {
  waiting: { tone: 'unknown', shape: 'ring', word: 'waiting' },
  checking: { tone: 'moving', shape: 'dots', word: 'checking' },
  downloading: { tone: 'moving', shape: 'arrow', word: 'downloading' },
  staged: { tone: 'moving', shape: 'ring', word: 'staged' },
  held: { tone: 'attention', shape: 'pause', word: 'waits to reboot' },
  rebooting: { tone: 'moving', shape: 'slash', word: 'rebooting' },
  verifying: { tone: 'moving', shape: 'question', word: 'verifying' },
  done: { tone: 'good', shape: 'disc', word: 'done' },
  'rolled-back': { tone: 'bad', shape: 'slash', word: 'rolled back' },
  failed: { tone: 'bad', shape: 'cross', word: 'failed' },
  skipped: { tone: 'purpose', shape: 'slash', word: 'skipped' },
};

const waitsFor: Record<RebootObstacle['by'], string> = {
  mode: 'operate mode',
  quorum: 'quorum',
  window: 'its window',
  lock: 'the lock',
  person: 'a person',
  rate: 'its rate',
};

/** The column of a host: how it ended, else how far its work is. */
export function columnOf({ state, work }: Pick<WorkHost, 'state' | 'work'>): WorkColumn {
  if (state === 'waiting') return 'waiting';
  if (state === 'done' || state === 'unchanged') return work?.rolledBack ? 'rolled-back' : 'done';
  if (state === 'restored') return work && !work.rolledBack ? 'failed' : 'rolled-back';
  if (state === 'undone' || state === 'undoing') return 'rolled-back';
  if (state === 'skipped') return 'skipped';
  if (hasFailed({ state })) return 'failed';
  switch (work?.phase) {
    case undefined:
      return state === 'verifying' || state === 'confirming' ? 'verifying' : 'checking';
    case 'waiting':
      return 'held';
    case 'rolling-back':
      return 'rolled-back';
    default:
      return work?.phase ?? 'checking';
  }
}

/** A host as it is drawn: shape, colour, and the words of its tooltip. */
export function signOf(host: WorkHost): Sign {
  const column = columnOf(host);
  const { state, work } = host;
  if (column === 'failed') return hostSigns[state];
  if (column === 'rolled-back' && (state === 'undoing' || work?.phase === 'rolling-back') && host.endedAt === null)
    return { tone: 'moving', shape: 'arrow', word: 'rolling back' };
  if (column === 'downloading' && typeof work?.progress === 'number')
    return { ...columnSigns.downloading, word: `downloading, ${Math.floor(work.progress * 100)} %` };
  if (column === 'held' && work?.waitsFor) return { ...columnSigns.held, word: `waits for ${waitsFor[work.waitsFor]}` };
  return columnSigns[column];
}

/** One wave: its hosts by column, each in the order in which they come. */
export interface WorkLane {
  readonly wave: number;
  readonly size: number;
  /** Hosts that are through, however they ended. */
  readonly over: number;
  readonly cells: Readonly<Record<WorkColumn, readonly WorkHost[]>>;
}

/** What hosts of a column wait for, and how many do. */
export interface WorkWait {
  readonly by: RebootObstacle['by'] | null;
  readonly text: string;
  readonly hosts: number;
}

export interface WorkLayout {
  readonly lanes: readonly WorkLane[];
  /** The columns that are drawn. */
  readonly columns: readonly WorkColumn[];
  readonly counts: Readonly<Record<WorkColumn, number>>;
  /** What hosts wait for by now, in their own sentences, the most frequent first. */
  readonly waits: readonly WorkWait[];
}

/** A roll-out as lanes of waves over columns of phases. */
export function layOutWork(hosts: readonly WorkHost[]): WorkLayout {
  const lanes = new Map<number, { size: number; over: number; cells: Record<WorkColumn, WorkHost[]> }>();
  const counts = byColumn(() => 0);
  const waits = new Map<string, { by: WorkWait['by']; hosts: number }>();
  for (const host of hosts) {
    let lane = lanes.get(host.wave);
    if (!lane) lanes.set(host.wave, (lane = { size: 0, over: 0, cells: byColumn((): WorkHost[] => []) }));
    const column = columnOf(host);
    lane.cells[column].push(host);
    lane.size++;
    if (host.endedAt !== null || ends.has(column)) lane.over++;
    counts[column]++;
    if (column === 'held') {
      const text = host.text || `It ${signOf(host).word}.`;
      const wait = waits.get(text) ?? { by: host.work?.waitsFor ?? null, hosts: 0 };
      waits.set(text, { ...wait, hosts: wait.hosts + 1 });
    }
  }
  return {
    lanes: [...lanes].toSorted(([a], [b]) => a - b).map(([wave, lane]) => ({ wave, ...lane })),
    columns: workColumns.filter((column) => always.has(column) || counts[column] > 0),
    counts,
    waits: [...waits].map(([text, wait]) => ({ text, ...wait })).toSorted((a, b) => b.hosts - a.hosts),
  };
}

const ends: ReadonlySet<WorkColumn> = new Set<WorkColumn>(['done', 'failed', 'skipped']);

function byColumn<T>(make: () => T): Record<WorkColumn, T> {
  return Object.fromEntries(workColumns.map((column) => [column, make()])) as Record<WorkColumn, T>;
}

/** Hosts of one cell that are drawn: of very many, those that come first, until all are asked for. */
export function drawnOf(cell: readonly WorkHost[], most: number): readonly WorkHost[] {
  return cell.length <= most ? cell : cell.slice(0, most);
}

/** Where an arrow leads from a host: along its cell, then to the next cell of its lane or lane of its column that has hosts. */
export function stepFrom(
  { lanes, columns }: Pick<WorkLayout, 'lanes' | 'columns'>,
  host: string,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Home' | 'End',
  most: number,
): string | null {
  const order = lanes.flatMap((lane) => columns.flatMap((column) => drawnOf(lane.cells[column], most)));
  const at = order.findIndex((each) => each.host === host);
  if (at === -1) return order[0]?.host ?? null;
  const from = order[at];
  if (key === 'Home') return order[0]?.host ?? null;
  if (key === 'End') return order.at(-1)?.host ?? null;
  if (key === 'ArrowLeft') return order[Math.max(0, at - 1)]?.host ?? null;
  if (key === 'ArrowRight') return order[Math.min(order.length - 1, at + 1)]?.host ?? null;
  if (!from) return null;
  const [column, lane] = [columnOf(from), lanes.findIndex(({ wave }) => wave === from.wave)];
  const others = key === 'ArrowDown' ? lanes.slice(lane + 1) : lanes.slice(0, Math.max(0, lane)).toReversed();
  const same = others.find(({ cells }) => cells[column].length > 0);
  const any = same ?? others[0];
  const cell = same
    ? same.cells[column]
    : columns.map((each) => any?.cells[each] ?? []).find(({ length }) => length > 0);
  return cell?.[0]?.host ?? host;
}
