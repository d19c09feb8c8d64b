import { useMemo, useState } from 'react';
import { unitName } from '#shared/contract/ids.ts';
import { type UnitVerb, unitVerbs } from '#shared/contract/unit.ts';
import { ActOnHosts, nounOf } from '../../parts/act-on-hosts.tsx';
import { ActionOutcomes } from '../../parts/action-outcomes.tsx';
import { UnitConfirm } from '../../parts/unit-confirm.tsx';
import { verbWords } from '../../parts/unit-verbs.ts';
import { useConsole } from '../../state/console.ts';
import { Choice, TextField } from '../../ui/field.tsx';
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
  const [unit, setUnit] = useState(firstUnit);
  const [verb, setVerb] = useState<UnitVerb>(firstVerb);
  const failed = useFailedUnits(hosts);
  const full = unit.includes('.') ? unit.trim() : `${unit.trim()}.service`;
  const valid = unit.trim() !== '' && unitName.safeParse(full).success;
  return (
    <ActOnHosts
      hosts={hosts}
      title={`Act on a unit of ${nounOf(hosts)}`}
      width={600}
      formClass="unit-action-form"
      ready={valid}
      renderFields={(changed) => (
        <>
          <TextField
            label="Unit"
            autoFocus
            placeholder="nginx.service"
            value={unit}
            hint="Without a suffix a service is meant."
            error={unit.trim() !== '' && !valid ? 'This is not a name a unit can have.' : undefined}
            onChange={(event) => {
              setUnit(event.target.value);
              changed();
            }}
          />
          <Choice
            label="Verb"
            hideLabel
            value={verb}
            options={unitVerbs.map((value) => ({ value, label: verbWords[value] }))}
            onChange={(verb) => {
              setVerb(verb);
              changed();
            }}
          />
        </>
      )}
      renderBelow={(changed) =>
        failed.length > 0 && (
          <p className="unit-action-failed">
            Failed here:{' '}
            {failed.slice(0, 8).map((name) => (
              <button
                key={name}
                type="button"
                className="link-button mono"
                onClick={() => {
                  setUnit(name);
                  changed();
                }}
              >
                {name}
              </button>
            ))}
          </p>
        )
      }
      renderConfirm={(close, started) => (
        <UnitConfirm
          key={`${full} ${verb}`}
          hosts={hosts}
          unit={full}
          verb={verb}
          onClose={close}
          onStarted={started}
        />
      )}
      renderOutcomes={(action) => <ActionOutcomes action={action} />}
      onClose={onClose}
    />
  );
}

function useFailedUnits(hosts: readonly string[]): string[] {
  const { replica } = useConsole();
  return useMemo(() => {
    const all = replica.store.getState().records.host;
    return [...new Set(hosts.flatMap((host) => all.get(host)?.units?.failed.map(({ name }) => name) ?? []))];
  }, [replica, hosts]);
}
