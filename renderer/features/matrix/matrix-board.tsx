import { useMemo, useRef, useState } from 'react';
import type { ComparedFile } from '#shared/contract/change.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { useOperate } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { TextField, Tick } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { valueWords, wishedValue } from './cell-words.ts';
import { type Matrix, type MatrixColumn, unfolded } from './matrix.ts';
import { MatrixGrid, type CellPlace } from './matrix-grid.tsx';
import { type PendingEdits, withEdit, withoutEdit } from './pending-edits.ts';
import { PlanEdits } from './plan-edits.tsx';
import { movedPlace, useMatrixKeys } from './use-matrix-keys.ts';

const noEdits: PendingEdits = new Map();
const noCells: ReadonlySet<string> = new Set();

/** The matrix of one file, what is selected and wished in it, and the plan of that. */
export function MatrixBoard({
  cluster,
  path,
  matrix,
  files,
  texts,
}: {
  readonly cluster: string;
  readonly path: string;
  readonly matrix: Matrix;
  readonly files: readonly ComparedFile[];
  /** What was read, by hash. */
  readonly texts: Readonly<Record<string, string>>;
}) {
  const operate = useOperate();
  const [filter, setFilter] = useState('');
  const [onlyOdd, setOnlyOdd] = useState(true);
  const [open, setOpen] = useState<ReadonlySet<string>>(noCells);
  const [at, setAt] = useState<CellPlace>({ row: 0, column: 0 });
  const [anchor, setAnchor] = useState<CellPlace | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<string>>(noCells);
  const [edits, setEdits] = useState<PendingEdits>(noEdits);
  const [editing, setEditing] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const form = useRef<{ plan: () => void }>(null);

  const columns = useMemo(
    () => matrix.columns.flatMap((one) => (open.has(one.key) && one.hosts.length > 1 ? unfolded(one) : [one])),
    [matrix, open],
  );
  const rows = useMemo(() => {
    const words = filter.trim().toLowerCase();
    const wished = new Set([...edits.values()].flatMap((own) => [...own.keys()]));
    const fresh = [...wished].filter((key) => !matrix.rows.some((row) => row.key === key));
    const all = [...matrix.rows, ...fresh.map((key) => ({ key, usual: null, agreeing: matrix.hosts, equal: true }))];
    const says = ({ key, usual }: (typeof all)[number]) => `${key}=${usual ?? ''}`.toLowerCase().includes(words);
    return all.filter((row) => (!onlyOdd || !row.equal || wished.has(row.key)) && says(row));
  }, [matrix, filter, onlyOdd, edits]);
  const equal = matrix.rows.filter((row) => row.equal).length;
  const cursor = movedPlace(at, 0, 0, rows.length, columns.length);
  const row = rows[cursor.row];
  const column = columns[cursor.column];
  const idOf = (place: CellPlace) => `${rows[place.row]?.key} ${columns[place.column]?.key}`;

  const go = (to: CellPlace, extend: boolean) => {
    setEditing(null);
    setAt(to);
    const from = anchor ?? cursor;
    setAnchor(extend ? from : null);
    if (extend) setPicked(new Set(cellsBetween(from, to).map(idOf)));
  };
  /** What an edit is of: the selected cells row by row, or the one under the cursor. */
  const targets = (): Map<string, MatrixColumn[]> => {
    const found = new Map<string, MatrixColumn[]>();
    for (const one of rows) {
      const wanted = columns.filter(({ key, settings }) => settings && picked.has(`${one.key} ${key}`));
      if (wanted.length > 0) found.set(one.key, wanted);
    }
    if (found.size === 0 && row && column?.settings) found.set(row.key, [column]);
    return found;
  };
  const wish = (what: ReadonlyMap<string, readonly MatrixColumn[]>, value: string | null): boolean => {
    let next: PendingEdits = edits;
    for (const [key, some] of what) {
      const made = withEdit(path, next, some, key, value);
      if ('code' in made) {
        setProblem(made);
        return false;
      }
      next = made;
    }
    setEdits(next);
    setProblem(null);
    return true;
  };
  const current = row && column ? wishedValue(column, row.key, edits) : undefined;
  const setAll = () => {
    if (row && current !== undefined) wish(new Map([[row.key, matrix.columns]]), current);
  };
  const edit = (place: CellPlace) => {
    const [of, under] = [rows[place.row], columns[place.column]];
    if (!operate || !of || !under?.settings) return;
    setAt(place);
    setProblem(null);
    setEditing(wishedValue(under, of.key, edits) ?? '');
  };
  const unfold = (one: MatrixColumn) => {
    const key =
      matrix.columns.find(({ key, hosts }) => key === one.key || hosts.includes(one.hosts[0] ?? ''))?.key ?? '';
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
    setPicked(noCells);
  };
  useMatrixKeys({
    operate,
    move: (down, across, extend) => go(movedPlace(cursor, down, across, rows.length, columns.length), extend),
    open: () => edit(cursor),
    toggle: () => {
      const next = new Set(picked);
      if (!next.delete(idOf(cursor))) next.add(idOf(cursor));
      setPicked(next);
    },
    selectRow: () => setPicked(new Set(columns.map(({ key }) => `${row?.key} ${key}`))),
    setAll,
    remove: () => wish(targets(), null),
    unfold: () => column && unfold(column),
    leave: () => {
      if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
      setPicked(noCells);
    },
    plan: () => form.current?.plan(),
  });
  return (
    <section aria-label="Settings of the hosts" className="matrix-found">
      <div className="matrix-bar">
        <div id="matrix-filter">
          <TextField
            label="Filter settings"
            placeholder="A name or a value"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </div>
        <Keys keys="/" />
        <Tick label="Only those that differ" checked={onlyOdd} onChange={setOnlyOdd} />
        <span className="faint" data-testid="matrix-sum">
          {onlyOdd ? `${count(equal, 'setting')} ${equal === 1 ? 'is' : 'are'} the same on all and folded away` : ''}
        </span>
        {operate && row && current !== undefined && (
          <Button onClick={setAll}>
            Set all to {valueWords(current).slice(0, 30)} <Keys keys="=" />
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <EmptyNote
          title={matrix.rows.length === 0 ? 'No settings here' : filter === '' ? 'All the same' : 'No such setting'}
        >
          <p>{emptyWords(matrix, filter)}</p>
          {matrix.columns.map(({ key, sign, note, hosts }) =>
            sign ? (
              <p key={key}>
                {count(hosts.length, 'host')}: {sign.word} {note}
              </p>
            ) : null,
          )}
        </EmptyNote>
      ) : (
        <MatrixGrid
          columns={columns}
          rows={rows}
          hosts={matrix.hosts}
          edits={edits}
          cursor={cursor}
          isSelected={(place) => picked.has(idOf(place))}
          onCursor={go}
          onOpen={edit}
          onUnfold={unfold}
          foldable={({ key }) => !matrix.columns.some((one) => one.key === key)}
          editing={editing}
          editingProblem={problem}
          onDone={(value) => {
            // What was opened and left as it was is no wish to take an empty setting out.
            if ((value ?? '') === editing || wish(targets(), value)) setEditing(null);
          }}
          onLeave={() => setEditing(null)}
        />
      )}
      {problem && editing === null && <ProblemNote problem={problem} />}
      {!operate && (
        <p className="faint">
          This cluster is only observed. Changing settings needs the Operate mode, under{' '}
          <a href={printRoute({ view: 'settings', cluster, tab: 'general' })}>Settings</a>.
        </p>
      )}
      {edits.size > 0 && (
        <PlanEdits
          ref={form}
          cluster={cluster}
          path={path}
          columns={matrix.columns}
          files={files}
          texts={texts}
          edits={edits}
          onUndo={(one) => setEdits(withoutEdit(edits, one))}
        />
      )}
    </section>
  );
}

function cellsBetween(from: CellPlace, to: CellPlace): CellPlace[] {
  const cells: CellPlace[] = [];
  for (let row = Math.min(from.row, to.row); row <= Math.max(from.row, to.row); row++)
    for (let column = Math.min(from.column, to.column); column <= Math.max(from.column, to.column); column++)
      cells.push({ row, column });
  return cells;
}

function emptyWords({ rows, hosts }: Matrix, filter: string): string {
  if (rows.length === 0) return 'None of the hosts has settings in this file that are understood.';
  if (filter !== '') return 'No setting has this in its name or its usual value.';
  return `${count(rows.length, 'setting')} and ${count(hosts, 'host')}: every host says the same.`;
}
