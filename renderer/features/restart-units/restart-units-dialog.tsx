import { useMemo, useState } from 'react';
import { unitsToRestart } from '#shared/lib/restart/restart-way.ts';
import { ActionOutcomes } from '../../parts/action-outcomes.tsx';
import { useConsole } from '../../state/console.ts';
import { useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Tick } from '../../ui/field.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import { RestartPlans } from './restart-plans.tsx';
import './restart-units.css';

/** Restarts the units of hosts that still run replaced files: which of them, the plan of each, one confirmation, how it goes. */
export function RestartUnitsDialog({
  hosts,
  onClose,
}: {
  readonly hosts: readonly string[];
  readonly onClose: () => void;
}) {
  const operate = useOperate();
  const units = useOldUnits(hosts);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [planned, setPlanned] = useState(false);
  const [actions, setActions] = useState<readonly string[]>([]);
  const chosen = units.filter(({ unit }) => !left.has(unit));
  const noun = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  const choose = (unit: string, isChosen: boolean) => {
    const next = new Set(left);
    if (isChosen) next.delete(unit);
    else next.add(unit);
    setLeft(next);
    setPlanned(false);
  };
  return (
    <Dialog
      title={`Restart what runs old files on ${noun}`}
      about={hosts.length > 1 ? some(hosts, 6) : undefined}
      width={600}
      onClose={onClose}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {!operate && (
        <EmptyNote title="This cluster is only observed">
          <p>Nothing on its hosts can be changed from here. The mode is under Settings.</p>
        </EmptyNote>
      )}
      {operate && actions.length === 0 && units.length === 0 && (
        <EmptyNote title="There is no unit left to restart">
          <p>What else runs old files is better not restarted; the page of each host says why.</p>
        </EmptyNote>
      )}
      {operate && actions.length === 0 && units.length > 0 && (
        <>
          <div className="restart-choice" role="group" aria-label="Units">
            {units.map(({ unit, on }) => (
              <Tick
                key={unit}
                label={hosts.length === 1 ? unit : `${unit} on ${on.length === 1 ? on[0] : count(on.length, 'host')}`}
                checked={!left.has(unit)}
                onChange={(isChosen) => choose(unit, isChosen)}
              />
            ))}
          </div>
          {!planned && (
            <Button kind="primary" disabled={chosen.length === 0} onClick={() => setPlanned(true)}>
              Show the plan
            </Button>
          )}
          {planned && <RestartPlans units={chosen} onCancel={() => setPlanned(false)} onStarted={setActions} />}
        </>
      )}
      {actions.map((action) => (
        <ActionOutcomes key={action} action={action} />
      ))}
    </Dialog>
  );
}

/** The units as they were when the dialog was opened: what is restarted goes off the hosts' lists. */
function useOldUnits(hosts: readonly string[]): { readonly unit: string; readonly on: readonly string[] }[] {
  const { replica } = useConsole();
  return useMemo(() => {
    const all = replica.store.getState().records.host;
    const on = new Map<string, string[]>();
    for (const host of hosts)
      for (const unit of unitsToRestart(all.get(host)?.restarts)) on.set(unit, [...(on.get(unit) ?? []), host]);
    return [...on].map(([unit, its]) => ({ unit, on: its })).toSorted((a, b) => a.unit.localeCompare(b.unit, 'en'));
  }, [replica, hosts]);
}
