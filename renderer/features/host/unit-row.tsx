import type { Unit } from '#shared/contract/unit.ts';
import { For } from '../../parts/since.tsx';
import type { MenuPlace } from '../../ui/menu.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { type RowPlace, TableCell, TableRow } from '../../ui/virtual-table.tsx';
import { unitSign } from '../../words/states.ts';

/** One unit of the list. */
export function UnitRow({
  unit,
  place,
  cursor,
  href,
  quietSince,
  onPress,
  onMenu,
}: {
  readonly unit: Unit;
  readonly place: RowPlace;
  readonly cursor: boolean;
  readonly href: string;
  /** When its host was last heard, should it be quiet by now. */
  readonly quietSince: number | null;
  readonly onPress: () => void;
  readonly onMenu: (place: MenuPlace) => void;
}) {
  const loadTrouble = unit.load !== 'loaded' && unit.load !== 'not-found' ? unit.load : '';
  return (
    <TableRow
      place={place}
      label={unit.name}
      cursor={cursor}
      selected={cursor}
      onClick={onPress}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      <TableCell className="unit-name" title={unit.name}>
        <a href={href} tabIndex={-1} onClick={(event) => event.preventDefault()}>
          {unit.name}
        </a>
      </TableCell>
      <TableCell>
        <SignWord sign={unitSign(unit.active, unit.job)} />
        <span className="unit-sub">
          {unit.sub !== unit.active && unit.sub}
          {unit.job && ` · ${unit.job} queued`}
          {loadTrouble && ` · ${loadTrouble}`}
        </span>
      </TableCell>
      <TableCell className="unit-about" title={unit.description}>
        {unit.description}
      </TableCell>
      <TableCell align="end" className="unit-about">
        {unit.since !== null && <For since={unit.since} until={quietSince} />}
      </TableCell>
    </TableRow>
  );
}
