import { useMemo, useState } from 'react';
import { useConsole } from '../../state/console.ts';
import { usePreference } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { Segments } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { count, some } from '../../words/amounts.ts';
import { unitSign } from '../../words/states.ts';
import { CountedRow } from './counted-row.tsx';
import { type CountedUnit, orderCounts, types, unitsByState } from './order-counts.ts';
import { UnitOverHosts } from './unit-over-hosts.tsx';
import { usePolled } from '../../state/use-polled.ts';
import './units.css';

const everyMs = 2000;
const columns: readonly TableColumn[] = [
  { id: 'name', title: 'Unit', width: 200, flexible: 1 },
  { id: 'states', title: 'Hosts by state', width: 200, flexible: 1 },
];
const wide: readonly TableColumn[] = [
  { id: 'name', title: 'Unit', width: 260, flexible: 1 },
  { id: 'states', title: 'Hosts by state', width: 280, flexible: 1 },
  { id: 'description', title: 'Description', width: 240, flexible: 2 },
];

/** Every unit name of the fleet with its hosts counted by state, and one of them over all hosts beside the list. */
export function UnitsView({ cluster, unit }: { readonly cluster: string; readonly unit: string | null }) {
  const [type, setType] = usePreference('unitTypes');
  const [width, setWidth] = usePreference('unitWidth');
  const [text, setText] = useState('');
  const [state, setState] = useState<string | null>(null);
  const counted = usePolled('unit.counts', { type }, everyMs);
  const all = counted.output?.units;
  const shown = useMemo(() => orderCounts(all ?? [], { text, state }), [all, text, state]);
  const unread = counted.output?.unread ?? [];
  return (
    <SplitPane
      width={width}
      onWidth={setWidth}
      label="Unit over the fleet"
      detail={unit === null ? null : <UnitOverHosts key={unit} cluster={cluster} unit={unit} />}
    >
      <h1 className="unseen">Units over the fleet</h1>
      <div className="fleet-units-bar" role="toolbar" aria-label="Units">
        <input
          className="input"
          data-filter=""
          type="search"
          aria-label="Filter units"
          placeholder="Filter by name or description"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
        <Segments label="Type of unit" value={type} options={types} onChange={setType} />
        <span className="fleet-units-states" role="group" aria-label="Units by state of any host">
          {unitsByState(all ?? []).map(([one, number]) => {
            const sign = unitSign(one);
            return (
              <button
                key={one}
                type="button"
                className={`tone-${sign.tone}`}
                aria-pressed={state === one}
                onClick={() => setState(state === one ? null : one)}
              >
                <SignMark tone={sign.tone} shape={sign.shape} />
                <b>{number}</b> {one}
              </button>
            );
          })}
        </span>
      </div>
      {counted.problem && <ProblemNote problem={counted.problem} />}
      {!counted.output && !counted.problem && <WaitNote what="Counting the units of the fleet…" />}
      {counted.output && (
        <p className="fleet-units-sum" data-testid="units-sum">
          <b>{count(shown.length, 'unit')}</b> on {count(counted.output.read, 'host')}
          {unread.length > 0 && <span title={unread.join(' ')}> · not known now of {some(unread, 3)}</span>}
          {counted.output.more > 0 &&
            ` · ${counted.output.more.toLocaleString('en')} names that few hosts have are left out: choose a type`}
        </p>
      )}
      {counted.output && shown.length === 0 && (
        <EmptyNote title={counted.output.read === 0 ? 'No units are known now' : 'No such unit'}>
          <p>
            {counted.output.read === 0
              ? 'They are counted on the hosts that are connected, and none is.'
              : 'No connected host has a unit that matches.'}
          </p>
        </EmptyNote>
      )}
      {shown.length > 0 && <CountedList cluster={cluster} units={shown} open={unit} />}
    </SplitPane>
  );
}

function CountedList({
  cluster,
  units,
  open,
}: {
  readonly cluster: string;
  readonly units: readonly CountedUnit[];
  readonly open: string | null;
}) {
  const { router } = useConsole();
  const [moved, setMoved] = useState<string | null>(null);
  const names = useMemo(() => units.map(({ name }) => name), [units]);
  const byName = useMemo(() => new Map(units.map((unit) => [unit.name, unit])), [units]);
  const cursor = moved ?? open;
  const show = (unit: string | null) => router.replace({ view: 'units', cluster, unit });
  const move = (steps: number) => () => {
    const at = cursor === null ? -1 : names.indexOf(cursor);
    const next = names[Math.max(0, Math.min(names.length - 1, at + steps))];
    if (next === undefined) return;
    setMoved(next);
    // An open detail follows the cursor, as in any list with a pane.
    if (open !== null) show(next);
  };
  useKeys('Units', 'view', [
    { keys: 'j', label: 'Next unit', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous unit', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    { keys: 'PageDown', run: move(20) },
    { keys: 'PageUp', run: move(-20) },
    { keys: 'Enter', label: 'Show the unit over the fleet', run: () => cursor !== null && show(cursor) },
    { keys: 'Space', run: () => cursor !== null && show(open === cursor ? null : cursor) },
    { keys: '/', label: 'Filter units', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
    {
      keys: 'Escape',
      label: 'Close the unit',
      typing: true,
      run: () => {
        if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
        else if (open !== null) show(null);
      },
    },
  ]);
  const shownColumns = open === null ? wide : columns;
  return (
    <VirtualTable
      label="Units over the fleet"
      columns={shownColumns}
      rows={names}
      cursor={cursor}
      renderRow={(name, place) => {
        const unit = byName.get(name);
        return unit ? (
          <CountedRow
            key={name}
            cluster={cluster}
            unit={unit}
            place={place}
            cursor={name === cursor}
            about={open === null}
            onPress={() => {
              setMoved(name);
              show(name);
            }}
          />
        ) : null;
      }}
    />
  );
}
