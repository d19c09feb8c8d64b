import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { takeFocus } from './take-focus.ts';
import { TableHead } from './table-head.tsx';
import './virtual-table.css';

/** A column as the table needs it; those that are `flexible` share the room that is left, by these weights. */
export interface TableColumn {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly align?: 'start' | 'end';
  readonly flexible?: number;
  readonly sortable?: boolean;
}

export interface TableSort {
  readonly column: string;
  readonly descending: boolean;
}

/** Where a row stands: `top` in CSS pixels, `index` from 0, `id` for aria-activedescendant. */
export interface RowPlace {
  readonly top: number;
  readonly index: number;
  readonly id: string;
}

export interface VirtualTableProps {
  readonly label: string;
  readonly columns: readonly TableColumn[];
  /** What stands in the head instead of a column's title, by the column's id. */
  readonly heads?: Readonly<Record<string, React.ReactNode>>;
  /** Keys of all rows in order; only those near the screen are drawn. */
  readonly rows: readonly string[];
  readonly renderRow: (key: string, place: RowPlace) => React.ReactNode;
  /** The row under the cursor, kept in sight. */
  readonly cursor?: string | null;
  readonly sort?: TableSort;
  readonly onSort?: (column: string) => void;
  readonly onResize?: (column: string, width: number) => void;
  /** Told which rows are drawn, whenever that changes. */
  readonly onVisible?: (keys: readonly string[]) => void;
  readonly multiselect?: boolean;
  readonly rowHeight?: number;
}

const headHeight = 28;

/** A grid of fixed-height rows of which only the visible ones exist. */
export function VirtualTable(props: VirtualTableProps) {
  const { label, columns, rows, renderRow, cursor = null, onVisible, rowHeight = 28 } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef(`grid-${label.replaceAll(/\W+/g, '-').toLowerCase()}`).current;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const items = virtual.getVirtualItems();
  const cursorIndex = cursor === null ? -1 : rows.indexOf(cursor);

  useLayoutEffect(() => {
    if (cursorIndex === -1) return;
    virtual.scrollToIndex(cursorIndex, { align: 'auto' });
    takeFocus(scroller.current);
    // oxlint-disable-next-line react/exhaustive-deps -- only a moved cursor scrolls, a new order does not
  }, [cursor]);

  const visible = items.map(({ index }) => rows[index] ?? '').join('\n');
  useEffect(() => {
    onVisible?.(visible === '' ? [] : visible.split('\n'));
  }, [visible, onVisible]);

  const template = columns
    .map((column) => (column.flexible ? `minmax(${column.width}px, ${column.flexible}fr)` : `${column.width}px`))
    .join(' ');
  const minWidth = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <div
      className="vtable"
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.multiselect || undefined}
      aria-activedescendant={items.some(({ index }) => index === cursorIndex) ? `${grid}-${cursorIndex}` : undefined}
      tabIndex={0}
      style={{ '--columns': template, '--table-width': `${minWidth}px` } as React.CSSProperties}
    >
      <TableHead {...props} />
      <div className="vtable-body" role="rowgroup" style={{ height: rows.length * rowHeight }}>
        {items.map(({ index, start }) =>
          renderRow(rows[index] ?? '', { top: start - headHeight, index, id: `${grid}-${index}` }),
        )}
      </div>
    </div>
  );
}

/** One row of a VirtualTable; its children are TableCells. */
export function TableRow({
  place,
  label,
  cursor = false,
  selected,
  className = '',
  children,
  ...rest
}: Omit<React.ComponentProps<'div'>, 'id' | 'role'> & {
  readonly place: RowPlace;
  readonly label: string;
  readonly cursor?: boolean;
  readonly selected?: boolean;
}) {
  return (
    <div
      {...rest}
      role="row"
      id={place.id}
      aria-label={label}
      aria-rowindex={place.index + 2}
      aria-selected={selected}
      className={`vtable-row ${cursor ? 'vtable-cursor' : ''} ${selected ? 'vtable-selected' : ''} ${className}`}
      style={{ transform: `translateY(${place.top}px)` }}
    >
      {children}
    </div>
  );
}

/** One cell. */
export function TableCell({
  align = 'start',
  className = '',
  children,
  title,
}: {
  readonly align?: 'start' | 'end' | undefined;
  readonly className?: string;
  readonly title?: string | undefined;
  readonly children?: React.ReactNode;
}) {
  return (
    <div role="gridcell" className={`vtable-cell vtable-${align} ${className}`} title={title}>
      {children}
    </div>
  );
}
