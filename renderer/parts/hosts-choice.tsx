import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../state/console.ts';
import { readFilter } from '../state/fleet-filter.ts';
import { compareNames } from '../state/fleet-order.ts';
import { Segments, TextField } from '../ui/field.tsx';
import { count, some } from '../words/amounts.ts';
import './hosts-choice.css';

/** Which hosts something is for: the selection, or those that a filter finds. */
export interface ChosenHosts {
  readonly hosts: string[];
  readonly target: 'selection' | 'filter';
  readonly setTarget: (target: 'selection' | 'filter') => void;
  readonly filter: string;
  readonly setFilter: (filter: string) => void;
  readonly problem: string | undefined;
  readonly selected: number;
}

/** Begins with the hosts of `asked` when it is not empty, else with the selection when there is one, else with every host. */
export function useHostsChoice(asked = ''): ChosenHosts {
  const { clock, replica, selection } = useConsole();
  const selected = useStore(selection, (state) => state.hosts);
  const [target, setTarget] = useState<'selection' | 'filter'>(
    asked === '' && selected.size > 0 ? 'selection' : 'filter',
  );
  const [filter, setFilter] = useState(asked);
  const read = useMemo(() => readFilter(filter), [filter]);
  const hosts = useMemo(() => {
    const all = replica.store.getState().records.host;
    if (target === 'selection') return [...selected].filter((name) => all.has(name)).toSorted(compareNames);
    const names: string[] = [];
    for (const [name, host] of all) if (read.matches(host, clock.now())) names.push(name);
    return names.toSorted(compareNames);
  }, [target, selected, read, replica, clock]);
  const problem = read.chips.find((chip) => chip.problem)?.problem ?? undefined;
  return { hosts, target, setTarget, filter, setFilter, problem, selected: selected.size };
}

/** The choice itself, and how many hosts it comes to. */
export function HostsChoice({ choice }: { readonly choice: ChosenHosts }) {
  return (
    <div className="hosts-choice">
      <div className="hosts-choice-target">
        <Segments
          label="Which hosts"
          value={choice.target}
          options={[
            { value: 'selection', label: `Selection (${choice.selected})` },
            { value: 'filter', label: 'Filter' },
          ]}
          onChange={choice.setTarget}
        />
        {choice.target === 'filter' && (
          <TextField
            label="Filter hosts"
            className="hosts-choice-filter"
            placeholder="All hosts, or as in the fleet: label:role=web"
            value={choice.filter}
            error={choice.problem}
            onChange={(event) => choice.setFilter(event.target.value)}
          />
        )}
      </div>
      <p role="status">
        <b>{count(choice.hosts.length, 'host')}</b> <span className="faint">{some(choice.hosts, 8)}</span>
      </p>
    </div>
  );
}
