import { useStore } from 'zustand';
import { useConsole } from '../../state/console.ts';
import { askedStates, toggleState } from '../../state/fleet-filter.ts';
import type { FleetList } from '../../state/fleet-list.ts';
import type { FleetQuery } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import type { MenuPlace } from '../../ui/menu.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { healthBySeverity, healthSigns } from '../../words/states.ts';

/** How many hosts are how; a click on a count filters by it. While hosts are selected it says so and offers their actions. */
export function SummaryLine({
  list,
  query,
  setQuery,
  openMenu,
}: {
  readonly list: FleetList;
  readonly query: FleetQuery;
  readonly setQuery: (change: Partial<FleetQuery>) => void;
  readonly openMenu: (hosts: readonly string[], place: MenuPlace) => void;
}) {
  const { selection } = useConsole();
  const selected = useStore(selection, (state) => state.hosts);
  const asked = askedStates(query.filter);
  const all = list.matched.length === list.total;
  return (
    <div className="fleet-summary">
      <span className="fleet-total" role="status">
        {all
          ? count(list.total, 'host')
          : `${list.matched.length.toLocaleString('en')} of ${count(list.total, 'host')}`}
      </span>
      <span className="fleet-counts" role="group" aria-label="Hosts by state">
        {healthBySeverity.map((state) => {
          const number = list.counts[state] ?? 0;
          if (number === 0 && !asked.includes(state)) return null;
          const sign = healthSigns[state];
          return (
            <button
              key={state}
              type="button"
              className={`fleet-count tone-${sign.tone}`}
              aria-pressed={asked.includes(state)}
              onClick={() => setQuery({ filter: toggleState(query.filter, state) })}
            >
              <SignMark tone={sign.tone} shape={sign.shape} />
              <b>{number.toLocaleString('en')}</b> {sign.word}
            </button>
          );
        })}
      </span>
      {selected.size > 0 && (
        <span className="fleet-selected">
          <b>{count(selected.size, 'host')} selected</b>
          <Button
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              openMenu([...selected], { x: box.left, y: box.bottom + 4 });
            }}
          >
            Actions
          </Button>
          <Button kind="quiet" onClick={() => selection.setState({ hosts: new Set(), anchor: null })}>
            Unselect
          </Button>
        </span>
      )}
    </div>
  );
}
