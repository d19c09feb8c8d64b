import { useState } from 'react';
import type { ChangeDraft } from '#shared/contract/change.ts';
import type { UnitVerb } from '#shared/contract/unit.ts';
import { ActionOutcomes } from '../../parts/action-outcomes.tsx';
import { UnitConfirm } from '../../parts/unit-confirm.tsx';
import { verbsFor, verbWords } from '../../parts/unit-verbs.ts';
import { useConsole } from '../../state/console.ts';
import { useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { count } from '../../words/amounts.ts';
import { removableDropIns, type UnitOnHost } from './fold-unit.ts';
import { removalDraft } from './removal-draft.ts';

const dropInName = '50-quarterdeck.conf';
const absent: ReadonlySet<string> = new Set(['not there', 'not known']);

interface UnitDoProps {
  readonly cluster: string;
  readonly unit: string;
  readonly hosts: readonly UnitOnHost[];
  readonly ticked: ReadonlySet<string>;
  /** Given the draft that removes a drop-in, to be planned. */
  readonly onRemoval: (draft: ChangeDraft) => void;
}

/** What can be done with a unit on the ticked hosts, or on all that have it: act on it, edit it, take a drop-in away. */
export function UnitDo({ cluster, unit, hosts, ticked, onRemoval }: UnitDoProps) {
  const operate = useOperate();
  const { router, selection } = useConsole();
  const [verb, setVerb] = useState<UnitVerb | null>(null);
  const [action, setAction] = useState<string | null>(null);
  if (!operate) return <p className="faint">This cluster is only observed: its units are not changed from here.</p>;
  const having = hosts.filter(({ state }) => !absent.has(state));
  const chosen = having.filter(({ host }) => ticked.size === 0 || ticked.has(host));
  const names = chosen.map(({ host }) => host);
  const states = new Set(chosen.map(({ state }) => state));
  const [only = ''] = states;
  const verbs = new Set<UnitVerb>([...states].flatMap((state) => verbsFor(state, '')));
  const edit = () => {
    selection.setState({ hosts: new Set(names), anchor: null });
    router.go({ view: 'config', cluster, tab: 'compare', path: `/etc/systemd/system/${unit}.d/${dropInName}` });
  };
  const dropIns = removableDropIns(chosen);
  const target = count(names.length, 'host');
  if (names.length === 0) return null;
  return (
    <div className="unit-do">
      <p>
        {ticked.size === 0 ? (
          <>
            On <b>all {target}</b> that have it <span className="faint">— tick some to act on those alone</span>
          </>
        ) : (
          <>
            On the <b>{target}</b> ticked
          </>
        )}
      </p>
      {verb === null ? (
        <div className="unit-do-verbs" role="group" aria-label={`Actions of ${unit}`}>
          {[...verbs].map((one) => (
            <Button key={one} onClick={() => setVerb(one)}>
              {verbWords[one]}
              <span className="unseen"> on {states.size === 1 ? `${target} ${only}` : target}</span>
            </Button>
          ))}
        </div>
      ) : (
        <UnitConfirm
          key={`${verb} ${names.join(' ')}`}
          hosts={names}
          unit={unit}
          verb={verb}
          onClose={() => setVerb(null)}
          onStarted={setAction}
        />
      )}
      {action !== null && <ActionOutcomes action={action} />}
      <div className="unit-do-verbs" role="group" aria-label={`Files of ${unit}`}>
        <Button onClick={edit}>Edit as drop-in on {target}</Button>
        {dropIns.slice(0, 5).map(({ path, hosts: its }) => (
          <Button
            key={path}
            title={path}
            onClick={() =>
              onRemoval(
                removalDraft(
                  unit,
                  path,
                  chosen.filter(({ host }) => its.includes(host)),
                ),
              )
            }
          >
            Remove the drop-in {path.slice(path.lastIndexOf('/') + 1)} on {count(its.length, 'host')}
          </Button>
        ))}
      </div>
    </div>
  );
}
