import {
  layOutWork,
  type WorkColumn,
  workColumns,
  type WorkHost,
  type WorkLane,
  type WorkLayout,
} from './work-lanes.ts';

/**
 * Lays a roll-out out again and again: what looks as it did - a cell, a lane, the columns - is the very one of the time
 * before, so that only what moved is drawn again. Records are made anew with every patch, so hosts are compared by their looks.
 */
export function layoutKeeper(): (hosts: readonly WorkHost[]) => WorkLayout {
  let before: WorkLayout | null = null;
  return (hosts) => {
    const next = layOutWork(hosts);
    before = before === null ? next : keepWhatIsTheSame(before, next);
    return before;
  };
}

/** Whether a host is drawn as before. */
export function looksTheSame(a: WorkHost, b: WorkHost): boolean {
  return (
    a === b ||
    (a.host === b.host &&
      a.wave === b.wave &&
      a.state === b.state &&
      a.text === b.text &&
      a.endedAt === b.endedAt &&
      a.work?.phase === b.work?.phase &&
      a.work?.progress === b.work?.progress &&
      a.work?.waitsFor === b.work?.waitsFor &&
      a.work?.rolledBack === b.work?.rolledBack)
  );
}

function keepWhatIsTheSame(before: WorkLayout, next: WorkLayout): WorkLayout {
  const lanes = next.lanes.map((lane) =>
    keepLane(
      before.lanes.find(({ wave }) => wave === lane.wave),
      lane,
    ),
  );
  // A column that hosts only pass through stays once it was there: all others would move with it.
  const wanted = workColumns.filter((column) => before.columns.includes(column) || next.columns.includes(column));
  const columns = wanted.length === before.columns.length ? before.columns : wanted;
  return { ...next, lanes, columns };
}

function keepLane(before: WorkLane | undefined, next: WorkLane): WorkLane {
  if (!before) return next;
  const keptOf = (column: WorkColumn) =>
    isEqual(before.cells[column], next.cells[column], looksTheSame) ? before.cells[column] : next.cells[column];
  const cells = Object.fromEntries(workColumns.map((column) => [column, keptOf(column)])) as WorkLane['cells'];
  const isSame = workColumns.every((column) => cells[column] === before.cells[column]);
  return isSame ? before : { ...next, cells };
}

function isEqual<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((one, at) => same(one, b[at] as T));
}
