import { ChevronDown, ChevronRight } from 'lucide-react';
import { useStore } from 'zustand';
import { useConsole } from '../../state/console.ts';
import type { GroupHead } from '../../state/fleet-list.ts';
import { howManyOf, toggledAll } from '../../state/selection.ts';
import { MixedBox } from '../../ui/mixed-box.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { healthBySeverity, healthSigns } from '../../words/states.ts';
import { groupTitle } from './group-title.ts';

/** The heading of a group: its value, how many hosts, how they are and what is worst; it folds and selects them all. */
export function GroupLine({
  group,
  groupBy,
  onFold,
  tabIndex,
}: {
  readonly group: GroupHead;
  readonly groupBy: string;
  readonly onFold: () => void;
  /** -1 where the cursor reaches the group anyway. */
  readonly tabIndex: number;
}) {
  const { selection } = useConsole();
  const chosen = useStore(selection, ({ hosts }) => howManyOf(hosts, group.members));
  const title = groupTitle(group.value, groupBy);
  return (
    <>
      <span className="group-select" data-chosen={chosen}>
        <MixedBox
          label={`Select the group ${title}`}
          chosen={chosen}
          tabIndex={tabIndex}
          onToggle={() => selection.setState(toggledAll(selection.getState(), group.members))}
        />
      </span>
      <button type="button" className="group-fold" aria-expanded={!group.folded} onClick={onFold} tabIndex={tabIndex}>
        {group.folded ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
        <strong>{title}</strong>
        <span className="faint">{count(group.members.length, 'host')}</span>
      </button>
      <HealthTally counts={group.counts} />
      <Worst worst={group.worst} />
    </>
  );
}

function HealthTally({ counts }: { readonly counts: GroupHead['counts'] }) {
  return (
    <span className="group-tally">
      {healthBySeverity
        .filter((state) => (counts[state] ?? 0) > 0)
        .map((state) => (
          <span key={state} className={`tone-${healthSigns[state].tone}`} title={healthSigns[state].word}>
            <SignMark tone={healthSigns[state].tone} shape={healthSigns[state].shape} size={10} />
            {counts[state]}
            <span className="unseen"> {healthSigns[state].word}</span>
          </span>
        ))}
    </span>
  );
}

function Worst({ worst }: { readonly worst: GroupHead['worst'] }) {
  if (!worst) return null;
  const where = worst.hosts.length === 1 ? worst.hosts[0] : count(worst.hosts.length, 'host');
  return (
    <span className="group-worst" title={`${worst.text}\n${worst.hosts.join('\n')}`}>
      <span className="cut">{worst.text}</span>
      <span className="faint">on {where}</span>
    </span>
  );
}
