import { useEffect, useRef, useState } from 'react';
import type { UnitPlan, UnitVerb } from '#shared/contract/unit.ts';
import { useDo, useQuery } from '../state/calls.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { count } from '../words/amounts.ts';
import { LeftOutHosts } from './left-out-hosts.tsx';
import { SudoPassword } from './sudo-password.tsx';
import { confirmWords } from './unit-plan-words.ts';
import { verbWords } from './unit-verbs.ts';
import './unit-confirm.css';

/**
 * Plans one verb and asks for it once: the exact command, the state before, the undo, the hosts that are left out and
 * why, and the button that does it. Where nobody is left there is no such button.
 */
export function UnitConfirm({
  hosts,
  unit,
  verb,
  onClose,
  onStarted,
}: {
  readonly hosts: readonly string[];
  readonly unit: string;
  readonly verb: UnitVerb;
  readonly onClose: () => void;
  readonly onStarted?: (action: string) => void;
}) {
  const { output: plan, problem, waiting, again } = useQuery('unit.plan', { hosts: [...hosts], unit, verb });
  const act = useDo('unit.act');
  const [password, setPassword] = useState('');
  const confirm = useRef<HTMLButtonElement>(null);
  const needsPassword = plan?.steps.some(({ elevation }) => elevation === 'sudo-password') ?? false;
  useEffect(() => {
    if (plan && !needsPassword) confirm.current?.focus();
  }, [plan, needsPassword]);
  const submit = async (plan: UnitPlan) => {
    const started = await act.run({ plan, password: needsPassword ? password : null });
    setPassword('');
    if (!started) return;
    onStarted?.(started.action);
    onClose();
  };
  const target = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  return (
    <form
      className="unit-confirm"
      aria-label={`${verbWords[verb]} ${unit}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (plan) void submit(plan);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      {waiting && <WaitNote what={`Planning ${verb} of ${unit} on ${target}…`} onCancel={onClose} />}
      {problem && <ProblemNote problem={problem} />}
      {plan && plan.steps.length > 0 && <PlanLines plan={plan} />}
      {plan && (
        <LeftOutHosts
          leftOut={plan.leftOut}
          nothing={plan.steps.length === 0 ? `Nothing to ${plan.verb} here` : null}
          onAgain={again}
        />
      )}
      {plan && needsPassword && (
        <SudoPassword
          on={plan.steps.length === 1 ? plan.steps[0]?.host : count(plan.steps.length, 'host')}
          keep="once"
          autoFocus
          value={password}
          onChange={setPassword}
        />
      )}
      {act.problem && (
        <ProblemNote problem={act.problem}>
          {act.problem.code === 'stale' && (
            <button type="button" className="link-button" onClick={again}>
              Plan it anew
            </button>
          )}
        </ProblemNote>
      )}
      <div className="unit-confirm-buttons">
        {plan && plan.steps.length > 0 && (
          <Button
            ref={confirm}
            type="submit"
            kind={verb === 'stop' || verb === 'disable' ? 'danger' : 'primary'}
            disabled={act.busy || (needsPassword && password === '')}
          >
            {act.busy ? 'Starting…' : confirmWords(plan)}
          </Button>
        )}
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

const most = 6;

/** The commands of a plan; hosts that get the same one are told once. */
export function PlanLines({ plan }: { readonly plan: UnitPlan }) {
  const byCommand = Map.groupBy(plan.steps, ({ command, before }) => `${command}\n${before}`);
  const groups = [...byCommand.values()];
  return (
    <div className="unit-plan">
      {groups.slice(0, most).map((steps) => {
        const [first] = steps;
        return first ? (
          <p key={first.host}>
            <code>{first.command}</code>
            <span className="faint">
              {plan.steps.length > 1 && `${steps.length === 1 ? first.host : count(steps.length, 'host')} · `}
              now {first.before}
            </span>
          </p>
        ) : null;
      })}
      {groups.length > most && <p className="faint">and {groups.length - most} more kinds of hosts</p>}
      {plan.undo && <p className="faint">Undo: {plan.undo}</p>}
    </div>
  );
}
