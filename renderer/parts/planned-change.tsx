import type { ChangePlan } from '#shared/contract/change.ts';
import { useDo } from '../state/calls.ts';
import { useConsole } from '../state/console.ts';
import { useSection } from '../state/hooks.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../ui/notes.tsx';
import { count } from '../words/amounts.ts';
import { ChangePlanText } from './change-plan.tsx';
import './planned-change.css';
import './staged-draft.css';

/**
 * A plan, and the button that sets it going and leads to it: at once, or once a second person approved it where the cluster
 * is protected; it stays in sight however long the plan is. Where no host is to be changed there is no button.
 */
export function PlannedChange({
  cluster,
  plan,
  password,
  does = 'Apply in stages to',
  onBegun,
}: {
  readonly cluster: string;
  readonly plan: ChangePlan;
  readonly password: string | null;
  /** What the button says before the number of hosts. */
  readonly does?: string;
  readonly onBegun?: () => void;
}) {
  const { router } = useConsole();
  const isProtected = useSection('cluster', '', 'about')?.protected ?? false;
  const propose = useDo('change.propose');
  const act = useDo('change.act');
  const problem = propose.problem ?? act.problem;
  const targets = plan.waves.reduce((sum, { length }) => sum + length, 0);
  const begin = async () => {
    if (!(await propose.run({ plan }))) return;
    if (!isProtected && !(await act.run({ id: plan.id, verb: 'start', host: null, password }))) return;
    onBegun?.();
    router.go({ view: 'changes', cluster, change: plan.id });
  };
  return (
    <div className="planned">
      <ChangePlanText plan={plan} />
      {problem && <ProblemNote problem={problem} />}
      {targets > 0 && (
        <div className="staged-do planned-do">
          <Button kind="primary" disabled={propose.busy || act.busy} onClick={() => void begin()}>
            {isProtected ? 'Propose it for approval' : `${does} ${count(targets, 'host')}`}
          </Button>
          {isProtected && <span className="faint">This cluster is protected: a second person approves the plan.</span>}
        </div>
      )}
    </div>
  );
}
