import { useCallback, useEffect, useState } from 'react';
import type { UnitPlan } from '#shared/contract/unit.ts';
import { LeftOutHosts } from '../../parts/left-out-hosts.tsx';
import { PlanLines } from '../../parts/unit-confirm.tsx';
import { useDo, useQuery } from '../../state/calls.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';

interface OldUnit {
  readonly unit: string;
  readonly on: readonly string[];
}

/** The plan of each unit, and the one button that restarts them, one unit after the other. Tells the actions that were started. */
export function RestartPlans({
  units,
  onCancel,
  onStarted,
}: {
  readonly units: readonly OldUnit[];
  readonly onCancel: () => void;
  readonly onStarted: (actions: readonly string[]) => void;
}) {
  const [plans, setPlans] = useState<ReadonlyMap<string, UnitPlan | null>>(new Map());
  const [password, setPassword] = useState('');
  const act = useDo('unit.act');
  const told = useCallback(
    (unit: string, plan: UnitPlan | null) => setPlans((before) => new Map(before).set(unit, plan)),
    [],
  );
  const ready = units.flatMap(({ unit }) => plans.get(unit) ?? []).filter(({ steps }) => steps.length > 0);
  const needsPassword = ready.some(({ steps }) => steps.some(({ elevation }) => elevation === 'sudo-password'));
  const start = async () => {
    const actions: string[] = [];
    for (const plan of ready) {
      const started = await act.run({ plan, password: needsPassword ? password : null });
      if (!started) break;
      actions.push(started.action);
    }
    setPassword('');
    if (actions.length > 0) onStarted(actions);
  };
  return (
    <form
      className="unit-confirm"
      aria-label="Restart units"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      {units.map((unit) => (
        <PlannedRestart key={unit.unit} {...unit} onPlan={told} />
      ))}
      {needsPassword && (
        <TextField
          label="Password for sudo"
          hint="Used once for each unit, never kept."
          type="password"
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
      {act.problem && <ProblemNote problem={act.problem} />}
      <div className="unit-confirm-buttons">
        {ready.length > 0 && (
          <Button type="submit" kind="primary" disabled={act.busy || (needsPassword && password === '')}>
            {act.busy ? 'Starting…' : `Restart ${count(ready.length, 'unit')}`}
          </Button>
        )}
        <Button kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function PlannedRestart({
  unit,
  on,
  onPlan,
}: OldUnit & { readonly onPlan: (unit: string, plan: UnitPlan | null) => void }) {
  const { output: plan, problem, waiting, again } = useQuery('unit.plan', { hosts: [...on], unit, verb: 'restart' });
  useEffect(() => onPlan(unit, plan), [unit, plan, onPlan]);
  return (
    <>
      {waiting && !plan && <WaitNote what={`Planning the restart of ${unit}…`} />}
      {problem && <ProblemNote problem={problem} />}
      {plan && plan.steps.length > 0 && <PlanLines plan={plan} />}
      {plan && plan.leftOut.length > 0 && (
        <LeftOutHosts
          leftOut={plan.leftOut}
          nothing={plan.steps.length === 0 ? `${unit} is not restarted` : null}
          onAgain={again}
        />
      )}
    </>
  );
}
