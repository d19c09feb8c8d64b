import type { UnitQuery } from '../../state/routes.ts';
import { Segments } from '../../ui/field.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { unitSign } from '../../words/states.ts';
import { unitTypes } from './unit-order.ts';

const typeWords: Record<(typeof unitTypes)[number], string> = {
  service: 'Services',
  timer: 'Timers',
  socket: 'Sockets',
  mount: 'Mounts',
  target: 'Targets',
  all: 'All',
};

/** What of the units is listed. */
export function UnitsToolbar({
  filter,
  counts,
  onChange,
}: {
  readonly filter: UnitQuery;
  readonly counts: ReadonlyMap<string, number>;
  readonly onChange: (change: Partial<UnitQuery>) => void;
}) {
  return (
    <div className="units-toolbar" role="toolbar" aria-label="Units">
      <input
        className="input units-filter"
        data-filter=""
        type="search"
        aria-label="Filter units"
        placeholder="Filter by name or description"
        value={filter.text}
        spellCheck={false}
        onChange={(event) => onChange({ text: event.target.value.slice(0, 200) })}
      />
      <Segments
        label="Type of unit"
        value={filter.type}
        options={unitTypes.map((type) => ({ value: type as string, label: typeWords[type] }))}
        onChange={(type) => onChange({ type })}
      />
      <span className="fleet-counts" role="group" aria-label="Units by state">
        {[...counts].map(([active, number]) => {
          const sign = unitSign(active);
          return (
            <button
              key={active}
              type="button"
              className={`fleet-count tone-${sign.tone}`}
              aria-pressed={filter.active === active}
              onClick={() => onChange({ active: filter.active === active ? null : active })}
            >
              <SignMark tone={sign.tone} shape={sign.shape} />
              <b>{number}</b> {active}
            </button>
          );
        })}
      </span>
    </div>
  );
}
