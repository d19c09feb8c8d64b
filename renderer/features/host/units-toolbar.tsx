import { Segments } from '../../ui/field.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { unitSign } from '../../words/states.ts';
import { type UnitFilter, unitTypes } from './unit-order.ts';

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
  onType,
  onText,
  onActive,
}: {
  readonly filter: UnitFilter;
  readonly counts: ReadonlyMap<string, number>;
  readonly onType: (type: string) => void;
  readonly onText: (text: string) => void;
  readonly onActive: (active: string | null) => void;
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
        onChange={(event) => onText(event.target.value)}
      />
      <Segments
        label="Type of unit"
        value={filter.type}
        options={unitTypes.map((type) => ({ value: type as string, label: typeWords[type] }))}
        onChange={onType}
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
              onClick={() => onActive(filter.active === active ? null : active)}
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
