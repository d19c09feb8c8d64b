import { memo } from 'react';
import { useStale } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import type { MenuPlace } from '../../ui/menu.tsx';
import { TableCell, TableRow } from '../../ui/virtual-table.tsx';
import { fleetCells } from './fleet-cells.tsx';

interface FleetRowProps {
  readonly cluster: string;
  readonly host: string;
  readonly top: number;
  readonly index: number;
  readonly id: string;
  readonly columns: readonly string[];
  readonly cursor: boolean;
  readonly selected: boolean;
  readonly onPress: (host: string, event: React.MouseEvent) => void;
  readonly onToggle: (host: string) => void;
  readonly onOpen: (host: string) => void;
  readonly onMenu: (host: string, place: MenuPlace) => void;
}

/** One host; its cells render on their own, the row only when it moves, is selected, or goes quiet. */
export const FleetRow = memo(function FleetRow(props: FleetRowProps) {
  const { cluster, host, columns, onPress, onToggle, onOpen, onMenu } = props;
  const stale = useStale(host);
  const href = printRoute({ view: 'host', cluster, host, tab: 'overview', unit: null });
  return (
    <TableRow
      place={props}
      label={host}
      cursor={props.cursor}
      selected={props.selected}
      className={stale ? 'fleet-stale' : ''}
      data-stale={stale}
      onClick={(event) => onPress(host, event)}
      onDoubleClick={() => onOpen(host)}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(host, { x: event.clientX, y: event.clientY });
      }}
    >
      <TableCell className="fleet-select">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={props.selected}
          aria-label={`Select ${host}`}
          onClick={(event) => event.stopPropagation()}
          onChange={() => onToggle(host)}
        />
      </TableCell>
      {columns.map((column) => {
        const Cell = fleetCells[column];
        return Cell ? <Cell key={column} host={host} href={href} /> : <TableCell key={column} />;
      })}
    </TableRow>
  );
});
