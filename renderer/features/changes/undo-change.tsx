import { useState } from 'react';
import { PlannedChange } from '../../parts/planned-change.tsx';
import { useQuery } from '../../state/calls.ts';
import { useRecords } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { UndoMoved } from './undo-moved.tsx';

/** The change that leads back: a plan like any other, read before it is applied. */
export function UndoChange({
  cluster,
  id,
  onLeave,
}: {
  readonly cluster: string;
  readonly id: string;
  readonly onLeave: () => void;
}) {
  const all = useRecords('host');
  const hosts = useRecords('change').get(id)?.hosts ?? [];
  const needsPassword = hosts.some(({ host }) => all.get(host)?.facts?.elevation === 'sudo-password');
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState<string | null>(null);
  const read = useQuery('change.plan-undo', needsPassword && password === null ? null : { id, password });
  const plan = read.output;
  return (
    <div className="change-plan">
      {needsPassword && password === null && (
        <form
          className="change-verbs"
          onSubmit={(event) => {
            event.preventDefault();
            setPassword(typed);
          }}
        >
          <TextField
            label="Password for sudo"
            type="password"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit" disabled={typed === ''}>
            Read the plan
          </Button>
        </form>
      )}
      {read.problem && <ProblemNote problem={read.problem} />}
      {!plan && !read.problem && (!needsPassword || password !== null) && (
        <WaitNote what="Looking whether the hosts are still as the change left them…" />
      )}
      {plan && plan.unchanged.length > 0 && plan.waves.length === 0 && plan.leftOut.length === 0 ? (
        <EmptyNote title="There is nothing to undo">
          <p>The files of {count(plan.unchanged.length, 'host')} are again as they were before this change.</p>
        </EmptyNote>
      ) : (
        plan && (
          <div className="change-undo-do">
            <PlannedChange cluster={cluster} plan={plan} password={password} does="Undo in stages on" />
          </div>
        )
      )}
      {plan && <UndoMoved key={plan.id} cluster={cluster} id={id} back={plan} onLeave={onLeave} />}
    </div>
  );
}
