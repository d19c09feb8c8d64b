import { useRef } from 'react';
import type { TableColumn, VirtualTableProps } from './virtual-table.tsx';

const narrowest = 36;

/** The head of a VirtualTable: a click sorts, dragging an edge resizes. */
export function TableHead({ columns, sort, onSort, onResize }: VirtualTableProps) {
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
              aria-sort={direction}
              className={`vtable-title vtable-${column.align ?? 'start'}`}
            >
              {column.sortable && onSort ? (
                <button type="button" onClick={() => onSort(column.id)}>
                  <span className="cut">{column.title}</span>
                  {direction && <span aria-hidden="true">{direction === 'ascending' ? '↑' : '↓'}</span>}
                </button>
              ) : (
                <span className={column.title === '' ? 'unseen' : 'cut'}>{column.title || column.id}</span>
              )}
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
  const set = (width: number) => onResize(column.id, Math.round(Math.max(narrowest, width)));
  return (
    <div
      className="vtable-edge"
      aria-hidden="true"
      onPointerDown={(event) => {
        const cell = event.currentTarget.parentElement;
        start.current = { x: event.clientX, width: cell?.getBoundingClientRect().width ?? column.width };
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
