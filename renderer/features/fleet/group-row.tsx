import { ChevronDown, ChevronRight } from 'lucide-react';
import type { HealthState } from '#shared/contract/host.ts';
import type { GroupHead } from '../../state/fleet-list.ts';
import { SignMark } from '../../ui/sign-mark.tsx';
import type { RowPlace } from '../../ui/virtual-table.tsx';
import { count } from '../../words/amounts.ts';
import { healthBySeverity, healthSigns } from '../../words/states.ts';

/** The heading of a group: its value, how many hosts, and how they are; a click folds it. */
export function GroupRow({
  place,
  group,
  groupBy,
  onFold,
}: {
  readonly place: RowPlace;
  readonly group: GroupHead;
  readonly groupBy: string;
  readonly onFold: () => void;
}) {
  const title = groupTitle(group.value, groupBy);
  return (
    <div
      role="row"
      id={place.id}
      aria-label={`Group ${title}`}
      aria-rowindex={place.index + 2}
      className="vtable-row group-row"
      style={{ transform: `translateY(${place.top}px)` }}
    >
      <div role="gridcell" className="group-cell">
        <button type="button" className="group-fold" aria-expanded={!group.folded} onClick={onFold} tabIndex={-1}>
          {group.folded ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
          <strong>{title}</strong>
          <span className="faint">{count(group.hosts, 'host')}</span>
        </button>
        <HealthTally counts={group.counts} />
      </div>
    </div>
  );
}

function HealthTally({ counts }: { readonly counts: GroupHead['counts'] }) {
  return (
    <span className="group-tally">
      {healthBySeverity
        .filter((state) => (counts[state] ?? 0) > 0)
        .map((state: HealthState) => (
          <span key={state} className={`tone-${healthSigns[state].tone}`} title={healthSigns[state].word}>
            <SignMark tone={healthSigns[state].tone} shape={healthSigns[state].shape} size={10} />
            {counts[state]}
            <span className="unseen"> {healthSigns[state].word}</span>
          </span>
        ))}
    </span>
  );
}

function groupTitle(value: string, groupBy: string): string {
  const label = groupBy.startsWith('label:') ? groupBy.slice(6) : null;
  if (label !== null) return value === '' ? `no ${label}` : `${label}=${value}`;
  if (value === '') return `${groupBy} not known`;
  return groupBy === 'state' ? healthSigns[value as HealthState].word : value;
}
