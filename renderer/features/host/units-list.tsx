import { useMemo, useState } from 'react';
import type { Unit, UnitVerb } from '#shared/contract/unit.ts';
import { useUnitMenu } from '../../parts/unit-menu.ts';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute, type Route, type UnitQuery } from '../../state/routes.ts';
import { MenuAt, type MenuPlace } from '../../ui/menu.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { orderUnits } from './unit-order.ts';
import { UnitRow } from './unit-row.tsx';
import type { UnitsByName } from './use-units.ts';

const columns: readonly TableColumn[] = [
  { id: 'name', title: 'Unit', width: 220, flexible: 1 },
  { id: 'active', title: 'State', width: 150 },
  { id: 'description', title: 'Description', width: 130, flexible: 2 },
  { id: 'since', title: 'Changed', width: 84, align: 'end' },
];

/** The units of a host that match, the keys that move in them, and the menu of each. */
export function UnitsList({
  host,
  units,
  filter,
  open,
  quietSince,
  address,
  onAct,
}: {
  readonly host: string;
  readonly units: UnitsByName;
  readonly filter: UnitQuery;
  readonly open: string | null;
  readonly quietSince: number | null;
  /** The address of the list with one unit open, or none. */
  readonly address: (unit: string | null) => Extract<Route, { readonly view: 'host' }>;
  /** A verb was chosen from a unit's menu. */
  readonly onAct: (unit: string, verb: UnitVerb) => void;
}) {
  const { router } = useConsole();
  const { type, text, active } = filter;
  const [moved, setMoved] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ readonly unit: Unit; readonly place: MenuPlace } | null>(null);
  const lines = useUnitMenu();
  const shown = useMemo(() => orderUnits(units.values(), { type, text, active }), [units, type, text, active]);
  const names = useMemo(() => shown.map(({ name }) => name), [shown]);
  const cursor = moved ?? open;
  const show = (unit: string | null) => router.replace(address(unit));
  const move = (steps: number) => () => {
    const at = cursor === null ? -1 : names.indexOf(cursor);
    const next = names[Math.max(0, Math.min(names.length - 1, at + steps))];
    if (next === undefined) return;
    setMoved(next);
    // An open detail follows the cursor, as in any list with a pane.
    if (open !== null) show(next);
  };
  const openMenu = () => {
    const unit = cursor === null ? undefined : units.get(cursor);
    const row = document.querySelector('.units-list .vtable-cursor')?.getBoundingClientRect();
    if (unit && row) setMenu({ unit, place: { x: row.left + 48, y: row.top + 26 } });
  };
  useKeys('Units', 'part', [
    { keys: 'j', label: 'Next unit', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous unit', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    { keys: 'PageDown', run: move(20) },
    { keys: 'PageUp', run: move(-20) },
    {
      keys: 'Enter',
      label: 'Show the unit in detail',
      run: () => {
        if (cursor !== null) show(cursor);
      },
    },
    {
      keys: 'Space',
      run: () => {
        if (cursor !== null) show(open === cursor ? null : cursor);
      },
    },
    // Without a unit under the cursor the key is the host's.
    ...(cursor === null || !names.includes(cursor) ? [] : [{ keys: '.', label: 'Actions of the unit', run: openMenu }]),
    { keys: '/', label: 'Filter units', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
    {
      keys: 'Escape',
      label: 'Close the detail, then back to the fleet',
      typing: true,
      run: () => {
        if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
        else if (open !== null) {
          setMoved(open);
          show(null);
        } else router.go(router.fleet(address(null).cluster));
      },
    },
  ]);
  if (shown.length === 0) {
    return (
      <EmptyNote title="No unit matches">
        <p>
          {units.size} units are loaded on {host}.
        </p>
      </EmptyNote>
    );
  }
  return (
    <>
      <VirtualTable
        label={`Units of ${host}`}
        columns={columns}
        rows={names}
        cursor={cursor}
        renderRow={(name, place) => {
          const unit = units.get(name);
          return unit ? (
            <UnitRow
              key={name}
              unit={unit}
              place={place}
              cursor={name === cursor}
              href={printRoute(address(name))}
              quietSince={quietSince}
              onPress={() => {
                setMoved(name);
                show(name);
              }}
              onMenu={(at) => {
                setMoved(name);
                setMenu({ unit, place: at });
              }}
            />
          ) : null;
        }}
      />
      {menu && (
        <MenuAt
          place={menu.place}
          label={menu.unit.name}
          lines={lines(menu.unit, {
            show: () => show(menu.unit.name),
            act: (verb) => onAct(menu.unit.name, verb),
            link: address(menu.unit.name),
          })}
          onClose={() => setMenu(null)}
        />
      )}
    </>
  );
}
