import { useVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef } from 'react';
import type { Problem } from '#shared/contract/problem.ts';
import { SignMark, SignWord } from '../../ui/sign-mark.tsx';
import { takeFocus } from '../../ui/take-focus.ts';
import { useWidth } from '../../ui/use-width.ts';
import { count, some } from '../../words/amounts.ts';
import { CellEditor } from './cell-editor.tsx';
import { cellWords } from './cell-words.ts';
import type { MatrixColumn, MatrixRow } from './matrix.ts';
import type { PendingEdits } from './pending-edits.ts';

/** A place in the matrix as it is shown, from 0. */
export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

interface MatrixGridProps {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
  /** How many hosts could be read. */
  readonly hosts: number;
  readonly edits: PendingEdits;
  readonly cursor: CellPlace;
  readonly isSelected: (place: CellPlace) => boolean;
  readonly onCursor: (place: CellPlace, extend: boolean) => void;
  readonly onOpen: (place: CellPlace) => void;
  readonly onUnfold: (column: MatrixColumn) => void;
  readonly foldable: (column: MatrixColumn) => boolean;
  /** The value that is typed in the cell under the cursor; null while none is. */
  readonly editing: string | null;
  readonly editingProblem: Problem | null;
  readonly onDone: (value: string | null) => void;
  readonly onLeave: () => void;
}

const rowHeight = 28;
const headHeight = 46;
const nameWidth = 250;
const narrowest = 176;
const widest = 360;
/** Below the last row while something is typed there. */
const editorHeight = 96;

/** Settings down, hosts across; only what is near the screen exists. Names and hosts stay in sight. */
export function MatrixGrid(props: MatrixGridProps) {
  const { columns, rows, cursor } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const room = (useWidth(scroller) - nameWidth) / Math.max(1, columns.length);
  const columnWidth = Math.floor(Math.max(narrowest, Math.min(widest, room)));
  const down = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => columnWidth,
    overscan: 2,
    scrollMargin: nameWidth,
    scrollPaddingStart: nameWidth,
  });
  useLayoutEffect(() => across.measure(), [across, columnWidth]);
  useLayoutEffect(() => {
    if (rows.length === 0) return;
    down.scrollToIndex(cursor.row, { align: 'auto' });
    across.scrollToIndex(cursor.column, { align: 'auto' });
    takeFocus(scroller.current);
    // oxlint-disable-next-line react/exhaustive-deps -- only a moved cursor scrolls
  }, [cursor.row, cursor.column]);
  useLayoutEffect(() => {
    if (props.editing === null) scroller.current?.focus({ preventScroll: true });
  }, [props.editing]);
  const shown = across.getVirtualItems();
  const width = nameWidth + columns.length * columnWidth;
  return (
    <div
      ref={scroller}
      className="matrix-grid"
      role="grid"
      aria-label="Settings by host"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={rows.length > 0 ? cellId(cursor) : undefined}
      tabIndex={0}
      style={{ '--matrix-height': `${headHeight + rows.length * rowHeight + 2}px` } as React.CSSProperties}
    >
      <div className="matrix-head" role="rowgroup" style={{ width, height: headHeight }}>
        <div role="row" className="matrix-row" aria-rowindex={1}>
          <div role="columnheader" className="matrix-name" style={{ width: nameWidth }}>
            Setting
          </div>
          {shown.map(({ index, start }) => {
            const column = columns[index];
            return (
              column && (
                <Head key={column.key} {...props} column={column} index={index} left={start} width={columnWidth} />
              )
            );
          })}
        </div>
      </div>
      <div
        className="matrix-body"
        role="rowgroup"
        style={{ width, height: rows.length * rowHeight + (props.editing === null ? 0 : editorHeight) }}
      >
        {down.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <div
              key={row.key}
              role="row"
              aria-rowindex={index + 2}
              className={`matrix-row ${index === cursor.row ? 'matrix-cursor-row' : ''}`}
              style={{ transform: `translateY(${start - headHeight}px)`, width }}
            >
              <div role="rowheader" className="matrix-name mono" style={{ width: nameWidth }} title={row.key}>
                <span className="cut">{row.key}</span>
              </div>
              {shown.map((at) => {
                const column = columns[at.index];
                const place = { row: index, column: at.index };
                return (
                  column && (
                    <Cell
                      key={column.key}
                      {...props}
                      place={place}
                      of={row}
                      column={column}
                      left={at.start}
                      width={columnWidth}
                    />
                  )
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const cellId = ({ row, column }: CellPlace) => `matrix-${row}-${column}`;

function Head({
  column,
  index,
  left,
  width,
  foldable,
  onUnfold,
}: MatrixGridProps & {
  readonly column: MatrixColumn;
  readonly index: number;
  readonly left: number;
  readonly width: number;
}) {
  const [only = ''] = column.hosts;
  const many = column.hosts.length > 1;
  const differs = { tone: 'attention', shape: 'triangle', word: `differs in ${count(column.odd, 'setting')}` } as const;
  const sign = column.sign ?? (column.odd > 0 ? differs : null);
  const words = many ? count(column.hosts.length, 'host') : only;
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      className="matrix-title"
      style={{ left, width }}
      title={`${some(column.hosts, 40)}${column.note === '' ? '' : `: ${column.note}`}`}
    >
      {many || foldable(column) ? (
        <button type="button" className="link-button cut" onClick={() => onUnfold(column)}>
          {words}
          <span className="unseen">{many ? ' that are equal: show each' : ': fold with its equals'}</span>
        </button>
      ) : (
        <b className="cut">{words}</b>
      )}
      {sign ? <SignWord sign={sign} /> : <span className="faint cut">{column.note || 'as most'}</span>}
    </div>
  );
}

function Cell(
  props: MatrixGridProps & {
    readonly place: CellPlace;
    readonly of: MatrixRow;
    readonly column: MatrixColumn;
    readonly left: number;
    readonly width: number;
  },
) {
  const { place, of: row, column, left, width, cursor, editing } = props;
  const { state, value, becomes, title } = cellWords(column, row, props.hosts, props.edits);
  const here = place.row === cursor.row && place.column === cursor.column;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid has the keys of its cells
    <div
      role="gridcell"
      id={cellId(place)}
      aria-colindex={place.column + 2}
      aria-selected={props.isSelected(place)}
      className={`matrix-cell matrix-${state} ${here ? 'matrix-cursor' : ''}`}
      style={{ left, width }}
      title={title}
      onClick={(event) => props.onCursor(place, event.shiftKey)}
      onDoubleClick={() => props.onOpen(place)}
    >
      {state === 'odd' && <SignMark tone="attention" shape="triangle" size={10} />}
      {state === 'edited' && <SignMark tone="moving" shape="arrow" size={10} />}
      <span className="cut">
        {state === 'edited' ? <s>{value}</s> : value}
        {state === 'edited' && ` → ${becomes}`}
      </span>
      {state === 'odd' && <span className="unseen"> differs</span>}
      {here && editing !== null && (
        <CellEditor
          label={`${row.key} on ${count(column.hosts.length, 'host')}`}
          value={editing}
          problem={props.editingProblem}
          onDone={props.onDone}
          onLeave={props.onLeave}
        />
      )}
    </div>
  );
}
