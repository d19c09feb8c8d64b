import type { ComparedFile } from '#shared/contract/change.ts';
import { readSettings } from '#shared/formats/settings/settings.ts';
import type { Sign } from '../../words/states.ts';

/** Hosts whose file is the same to the byte, or that have none that can be read; one column. */
export interface MatrixColumn {
  readonly key: string;
  readonly hosts: readonly string[];
  /** What it says; null where there is nothing to read. */
  readonly settings: ReadonlyMap<string, string> | null;
  readonly text: string;
  /** How it stands, where there are no settings. */
  readonly sign: Sign | null;
  /** Why, or what in it is not understood. */
  readonly note: string;
  /** In how many settings it says something else than most. */
  readonly odd: number;
}

/** One setting over all columns. */
export interface MatrixRow {
  readonly key: string;
  /** What most hosts say; null: most do not set it. */
  readonly usual: string | null;
  readonly agreeing: number;
  /** Whether every host says the same. */
  readonly equal: boolean;
}

export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
  /** Hosts whose settings could be read. */
  readonly hosts: number;
}

/** Puts files side by side: the largest group of equal ones first, hosts without one last; settings in the order of the files. */
export function matrixOf(
  path: string,
  files: readonly ComparedFile[],
  texts: Readonly<Record<string, string>>,
): Matrix {
  const groups = new Map<string, ComparedFile[]>();
  for (const file of files) {
    const key = file.kind === 'file' ? file.hash : `${file.kind} ${file.reason?.message ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const columns = [...groups].map(([key, alike]) => columnOf(path, key, alike, texts));
  columns.sort((a, b) => Number(b.settings !== null) - Number(a.settings !== null) || b.hosts.length - a.hosts.length);
  const read = columns.filter(({ settings }) => settings !== null);
  const keys = new Set(read.flatMap(({ settings }) => [...(settings?.keys() ?? [])]));
  const hosts = read.reduce((sum, column) => sum + column.hosts.length, 0);
  const rows = [...keys].map((key) => rowOf(key, read, hosts));
  const odd = ({ settings }: MatrixColumn) =>
    settings === null ? 0 : rows.filter(({ key, usual }) => (settings.get(key) ?? null) !== usual).length;
  return { columns: columns.map((column) => ({ ...column, odd: odd(column) })), rows, hosts };
}

/** The column with each of its hosts as one of its own. */
export function unfolded(column: MatrixColumn): MatrixColumn[] {
  return column.hosts.map((host) => ({ ...column, key: `${column.key} ${host}`, hosts: [host] }));
}

function columnOf(
  path: string,
  key: string,
  alike: readonly ComparedFile[],
  texts: Readonly<Record<string, string>>,
): MatrixColumn {
  const [first] = alike;
  const hosts = alike.map(({ host }) => host);
  const nothing = { key, hosts, settings: null, text: '', odd: 0 };
  if (!first || first.kind !== 'file') {
    return { ...nothing, sign: signs[first?.kind ?? 'failed'], note: first?.reason?.message ?? '' };
  }
  const text = texts[first.hash];
  if (text === undefined) return { ...nothing, sign: signs.large, note: 'not text, or larger than 256 KiB' };
  const { settings, problems } = readSettings(path, text);
  const [problem] = problems;
  const line = problem?.place ? `line ${problem.place.line}: ` : '';
  const note = problem ? line + problem.message + (problems.length > 1 ? ` and ${problems.length - 1} more` : '') : '';
  if (settings.length === 0 && problem) return { ...nothing, text, sign: signs.broken, note };
  return { key, hosts, text, sign: null, note, odd: 0, settings: new Map(settings.map((one) => [one.key, one.value])) };
}

function rowOf(key: string, columns: readonly MatrixColumn[], hosts: number): MatrixRow {
  const counts = new Map<string | null, number>();
  for (const column of columns) {
    const value = column.settings?.get(key) ?? null;
    counts.set(value, (counts.get(value) ?? 0) + column.hosts.length);
  }
  const [usual = null, agreeing = 0] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return { key, usual, agreeing, equal: agreeing === hosts };
}

const signs: Record<ComparedFile['kind'] | 'large' | 'broken', Sign> = {
  file: { tone: 'good', shape: 'disc', word: 'read' },
  absent: { tone: 'away', shape: 'slash', word: 'no such file' },
  link: { tone: 'unknown', shape: 'question', word: 'a link' },
  other: { tone: 'unknown', shape: 'question', word: 'not a file' },
  unreadable: { tone: 'unknown', shape: 'question', word: 'not readable' },
  failed: { tone: 'bad', shape: 'cross', word: 'not reached' },
  large: { tone: 'unknown', shape: 'question', word: 'not text' },
  broken: { tone: 'attention', shape: 'triangle', word: 'not understood' },
};
