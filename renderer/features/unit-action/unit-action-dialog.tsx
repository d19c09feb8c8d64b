import { useMemo, useState } from 'react';
import { unitName } from '#shared/contract/ids.ts';
import { type UnitVerb, unitVerbs } from '#shared/contract/unit.ts';
import { ActionOutcomes } from '../../parts/action-outcomes.tsx';
import { UnitConfirm } from '../../parts/unit-confirm.tsx';
import { verbWords } from '../../parts/unit-verbs.ts';
import { useConsole } from '../../state/console.ts';
import { useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import './unit-action.css';

/** Acts on one unit of one or many hosts: name it, choose the verb, read the plan, confirm, watch. */
export function UnitActionDialog({
  hosts,
  unit: firstUnit,
  verb: firstVerb,
  onClose,
}: {
  readonly hosts: readonly string[];
  readonly unit: string;
  readonly verb: UnitVerb;
  readonly onClose: () => void;
}) {
  const operate = useOperate();
  const [unit, setUnit] = useState(firstUnit);
  const [verb, setVerb] = useState<UnitVerb>(firstVerb);
  const [planned, setPlanned] = useState(false);
  const [action, setAction] = useState<string | null>(null);
  const failed = useFailedUnits(hosts);
  const full = unit.includes('.') ? unit.trim() : `${unit.trim()}.service`;
  const valid = unit.trim() !== '' && unitName.safeParse(full).success;
  const noun = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  return (
    <Dialog
      title={`Act on a unit of ${noun}`}
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
      {operate && (
        <form
          className="unit-action-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (valid) setPlanned(true);
          }}
        >
          <TextField
            label="Unit"
            autoFocus
            placeholder="nginx.service"
            value={unit}
            hint="Without a suffix a service is meant."
            error={unit.trim() !== '' && !valid ? 'This is not a name a unit can have.' : undefined}
            onChange={(event) => {
              setUnit(event.target.value);
              setPlanned(false);
            }}
          />
          <Choice
            label="Verb"
            hideLabel
            value={verb}
            options={unitVerbs.map((value) => ({ value, label: verbWords[value] }))}
            onChange={(verb) => {
              setVerb(verb);
              setPlanned(false);
            }}
          />
          <Button type="submit" disabled={!valid || planned}>
            Show the plan
          </Button>
        </form>
      )}
      {operate && failed.length > 0 && (
        <p className="unit-action-failed">
          Failed here:{' '}
          {failed.slice(0, 8).map((name) => (
            <button
              key={name}
              type="button"
              className="link-button mono"
              onClick={() => {
                setUnit(name);
                setPlanned(false);
              }}
            >
              {name}
            </button>
          ))}
        </p>
      )}
      {operate && planned && (
        <UnitConfirm
          key={`${full} ${verb}`}
          hosts={hosts}
          unit={full}
          verb={verb}
          onClose={() => setPlanned(false)}
          onStarted={setAction}
        />
      )}
      {action !== null && <ActionOutcomes action={action} />}
    </Dialog>
  );
}

function useFailedUnits(hosts: readonly string[]): string[] {
  const { replica } = useConsole();
  return useMemo(() => {
    const all = replica.store.getState().records.host;
    return [...new Set(hosts.flatMap((host) => all.get(host)?.units?.failed.map(({ name }) => name) ?? []))];
  }, [replica, hosts]);
}
