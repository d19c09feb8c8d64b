import { useMemo, useState } from 'react';
import { useConsole } from '../../state/console.ts';
import { usePreference, useQuietSince, useSection } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute } from '../../state/routes.ts';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { UnitDetail } from './unit-detail.tsx';
import { countActive, orderUnits, type UnitFilter } from './unit-order.ts';
import { UnitRow } from './unit-row.tsx';
import { UnitsToolbar } from './units-toolbar.tsx';
import { type UnitsByName, useUnits } from './use-units.ts';
import './units.css';

const columns: readonly TableColumn[] = [
  { id: 'name', title: 'Unit', width: 220 },
  { id: 'active', title: 'State', width: 150 },
  { id: 'description', title: 'Description', width: 130, flexible: 1 },
  { id: 'since', title: 'Changed', width: 84, align: 'end' },
];

/** Every unit of a host, live, and one of them in detail beside the list. */
export function UnitsTab({
  cluster,
  host,
  unit,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly unit: string | null;
}) {
  const { units, problem } = useUnits(host);
  const [type, setType] = usePreference('unitTypes');
  const [text, setText] = useState('');
  const [active, setActive] = useState<string | null>(null);
  const filter: UnitFilter = { type, text, active };
  const link = useSection('host', host, 'link');
  const quietSince = useQuietSince(host);
  const unfollowed = units === null && link?.units === 'none' && link.unitsReason !== '';
  // The host answers, but of its units nothing is heard any more.
  const cutOff = units !== null && quietSince === null && link?.units === 'none';
  const [detailWidth, setDetailWidth] = usePreference('detailWidth');
  return (
    <SplitPane
      width={Math.max(detailWidth, 460)}
      onWidth={setDetailWidth}
      label="Unit"
      detail={
        unit === null ? null : (
          <UnitDetail
            key={unit}
            cluster={cluster}
            host={host}
            name={unit}
            live={units?.get(unit)}
            old={quietSince !== null || cutOff}
            quietSince={quietSince}
          />
        )
      }
    >
      <UnitsToolbar
        filter={filter}
        counts={units ? countActive(units.values(), filter) : new Map()}
        onType={setType}
        onText={setText}
        onActive={setActive}
      />
      {problem && <ProblemNote problem={problem} />}
      {cutOff && (
        <p className="units-note" role="status">
          These are the last states heard: {link?.unitsReason || 'the units are not followed now'}
        </p>
      )}
      {link?.units === 'systemctl' && <p className="units-note">Polled, not pushed: {link.unitsReason}</p>}
      {unfollowed && (
        <EmptyNote title={`The units of ${host} are not followed`}>
          <p>{link?.unitsReason}</p>
        </EmptyNote>
      )}
      {units === null && !problem && !unfollowed && (
        <WaitNote
          what={link?.state === 'up' ? `Reading the units of ${host}…` : `Waiting for ${host}: ${link?.reason ?? ''}`}
        />
      )}
      {units && (
        <div className={`units-list ${quietSince !== null || cutOff ? 'not-live' : ''}`} data-testid="units-list">
          <UnitsList cluster={cluster} host={host} units={units} filter={filter} open={unit} quietSince={quietSince} />
        </div>
      )}
    </SplitPane>
  );
}

function UnitsList({
  cluster,
  host,
  units,
  filter,
  open,
  quietSince,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly units: UnitsByName;
  readonly filter: UnitFilter;
  readonly open: string | null;
  readonly quietSince: number | null;
}) {
  const { router } = useConsole();
  const { type, text, active } = filter;
  const [moved, setMoved] = useState<string | null>(null);
  const shown = useMemo(() => orderUnits(units.values(), { type, text, active }), [units, type, text, active]);
  const names = useMemo(() => shown.map(({ name }) => name), [shown]);
  const cursor = moved ?? open;
  const address = (unit: string | null) => ({ view: 'host', cluster, host, tab: 'units', unit }) as const;
  const move = (steps: number) => () => {
    const at = cursor === null ? -1 : names.indexOf(cursor);
    const next = names[Math.max(0, Math.min(names.length - 1, at + steps))];
    if (next === undefined) return;
    setMoved(next);
    // An open detail follows the cursor, as in any list with a pane.
    if (open !== null) router.replace(address(next));
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
        if (cursor !== null) router.replace(address(cursor));
      },
    },
    {
      keys: 'Space',
      run: () => {
        if (cursor !== null) router.replace(address(open === cursor ? null : cursor));
      },
    },
    { keys: '/', label: 'Filter units', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
    {
      keys: 'Escape',
      label: 'Close the detail, then back to the fleet',
      typing: true,
      run: () => {
        if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
        else if (open !== null) {
          setMoved(open);
          router.replace(address(null));
        } else router.go(router.fleet(cluster));
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
              router.replace(address(name));
            }}
          />
        ) : null;
      }}
    />
  );
}
