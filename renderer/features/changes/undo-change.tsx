import { useState } from 'react';
import { ChangePlanText } from '../../parts/change-plan.tsx';
import { useDo, useQuery } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useRecords, useSection } from '../../state/hooks.ts';
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
  const { router } = useConsole();
  const isProtected = useSection('cluster', '', 'about')?.protected ?? false;
  const all = useRecords('host');
  const hosts = useRecords('change').get(id)?.hosts ?? [];
  const needsPassword = hosts.some(({ host }) => all.get(host)?.facts?.elevation === 'sudo-password');
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState<string | null>(null);
  const read = useQuery('change.plan-undo', needsPassword && password === null ? null : { id, password });
  const propose = useDo('change.propose');
  const act = useDo('change.act');
  const plan = read.output;
  const targets = plan?.waves.reduce((sum, { length }) => sum + length, 0) ?? 0;
  const apply = async () => {
    if (!plan || !(await propose.run({ plan }))) return;
    if (!isProtected && !(await act.run({ id: plan.id, verb: 'start', host: null, password }))) return;
    router.go({ view: 'changes', cluster, change: plan.id });
  };
  const problem = read.problem ?? propose.problem ?? act.problem;
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
      {problem && <ProblemNote problem={problem} />}
      {!plan && !problem && (!needsPassword || password !== null) && (
        <WaitNote what="Looking whether the hosts are still as the change left them…" />
      )}
      {plan && plan.unchanged.length > 0 && targets === 0 && plan.leftOut.length === 0 ? (
        <EmptyNote title="There is nothing to undo">
          <p>The files of {count(plan.unchanged.length, 'host')} are again as they were before this change.</p>
        </EmptyNote>
      ) : (
        plan && <ChangePlanText plan={plan} />
      )}
      {targets > 0 && (
        <div className="change-verbs change-undo-do">
          <Button kind="primary" disabled={propose.busy || act.busy} onClick={() => void apply()}>
            {isProtected ? 'Propose it for approval' : `Undo in stages on ${count(targets, 'host')}`}
          </Button>
        </div>
      )}
      {plan && <UndoMoved key={plan.id} cluster={cluster} id={id} back={plan} onLeave={onLeave} />}
    </div>
  );
}
