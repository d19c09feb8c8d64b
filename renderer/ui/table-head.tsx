import { useRef } from 'react';
import type { TableColumn, VirtualTableProps } from './virtual-table.tsx';

const narrowest = 36;
const widest = 2000;

/** The head of a VirtualTable: a click sorts; dragging an edge resizes, or the arrow keys on it. */
export function TableHead({ columns, heads = {}, sort, onSort, onResize }: VirtualTableProps) {
  return (
    <div className="vtable-head" role="rowgroup">
      <div className="vtable-head-row" role="row">
        {columns.map((column) => {
          const sorted = sort?.column === column.id;
          const direction = sorted ? (sort.descending ? 'descending' : 'ascending') : undefined;
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-label={column.title || undefined}
              aria-sort={direction}
              className={`vtable-title vtable-${column.align ?? 'start'}`}
            >
              {heads[column.id] ??
                (column.sortable && onSort ? (
                  <button type="button" onClick={() => onSort(column.id)}>
                    <span className="cut">{column.title}</span>
                    {direction && <span aria-hidden="true">{direction === 'ascending' ? '↑' : '↓'}</span>}
                  </button>
                ) : (
                  <span className={column.title === '' ? 'unseen' : 'cut'}>{column.title || column.id}</span>
                ))}
              {onResize && column.title !== '' && <ResizeEdge column={column} onResize={onResize} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function ResizeEdge({
  column,
  onResize,
}: {
  readonly column: TableColumn;
  readonly onResize: (column: string, width: number) => void;
}) {
  const start = useRef({ x: 0, width: 0 });
  const set = (width: number) => onResize(column.id, Math.round(Math.max(narrowest, Math.min(widest, width))));
  const widthOf = (edge: HTMLElement) => edge.parentElement?.getBoundingClientRect().width ?? column.width;
  return (
    <div
      className="vtable-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.title}`}
      aria-valuenow={column.width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      onKeyDown={(event) => {
        const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (steps === undefined) return;
        event.preventDefault();
        set(widthOf(event.currentTarget) + steps * (event.shiftKey ? 40 : 8));
      }}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width: widthOf(event.currentTarget) };
        event.currentTarget.setPointerCapture(event.pointerId);
        event.stopPropagation();
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        set(start.current.width + event.clientX - start.current.x);
      }}
    />
  );
}
