import { useEffect, useRef, useState } from 'react';
import type { RebootOptions, RebootPlan } from '#shared/contract/reboot.ts';
import { useDo, useQuery } from '../state/calls.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { SignMark } from '../ui/sign-mark.tsx';
import { count, some } from '../words/amounts.ts';
import { LeftOutHosts } from './left-out-hosts.tsx';
import './unit-confirm.css';

/** Plans a reboot and asks for it once: what each host would meet, the lock it takes, and the button that does it. */
export function RebootConfirm({
  hosts,
  options,
  takesFocus,
  onClose,
  onStarted,
}: {
  readonly hosts: readonly string[];
  readonly options: RebootOptions;
  /** Enter does it at once; not where a person is about to type something else. */
  readonly takesFocus: boolean;
  readonly onClose: () => void;
  readonly onStarted: (action: string) => void;
}) {
  const { output: plan, problem, waiting, again } = useQuery('hosts.plan-reboot', { hosts: [...hosts], options });
  const reboot = useDo('hosts.reboot');
  const [password, setPassword] = useState('');
  const confirm = useRef<HTMLButtonElement>(null);
  const needsPassword = plan?.steps.some(({ elevation }) => elevation === 'sudo-password') ?? false;
  const first = takesFocus && plan !== null && !needsPassword;
  useEffect(() => {
    if (first) confirm.current?.focus();
  }, [first]);
  const submit = async (plan: RebootPlan) => {
    const started = await reboot.run({ plan, options, password: needsPassword ? password : null });
    setPassword('');
    if (started) onStarted(started.action);
  };
  const target = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  return (
    <form
      className="unit-confirm"
      aria-label={`Reboot ${target}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (plan) void submit(plan);
      }}
    >
      {waiting && <WaitNote what={`Looking at what a reboot of ${target} would meet…`} onCancel={onClose} />}
      {problem && <ProblemNote problem={problem} />}
      {plan && plan.steps.length > 0 && <Steps plan={plan} />}
      {plan && (
        <LeftOutHosts
          leftOut={plan.leftOut}
          nothing={plan.steps.length === 0 ? 'Nothing is rebooted' : null}
          onAgain={again}
        />
      )}
      {plan && needsPassword && (
        <TextField
          label={`Password for sudo on ${plan.steps.length === 1 ? plan.steps[0]?.host : count(plan.steps.length, 'host')}`}
          hint="Kept until the last of them was told to go down, then forgotten."
          type="password"
          autoFocus={takesFocus}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
      {reboot.problem && <ProblemNote problem={reboot.problem} />}
      <div className="unit-confirm-buttons">
        {plan && plan.steps.length > 0 && (
          <Button
            ref={confirm}
            type="submit"
            kind="danger"
            disabled={reboot.busy || (needsPassword && password === '')}
          >
            {reboot.busy ? 'Starting…' : buttonWords(plan, options)}
          </Button>
        )}
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function buttonWords({ steps, leftOut }: RebootPlan, { windows }: RebootOptions): string {
  const target = steps.length === 1 ? steps[0]?.host : count(steps.length, 'host');
  const when = windows ? ' in its window' : '';
  return `Reboot ${target}${when}${leftOut.length === 0 ? '' : `, ${leftOut.length.toLocaleString('en')} left out`}`;
}

const most = 6;

/** What hosts meet, those that meet the same told once. */
function Steps({ plan }: { readonly plan: RebootPlan }) {
  const groups = [...Map.groupBy(plan.steps, sameOf).values()];
  return (
    <div className="unit-plan">
      {groups.slice(0, most).map((steps) => {
        const [step] = steps;
        return step ? (
          <div key={step.host} className="reboot-step">
            <p>
              {plan.steps.length > 1 && (
                <b>
                  {some(
                    steps.map(({ host }) => host),
                    4,
                  )}
                </b>
              )}
              <code>{step.command}</code>
            </p>
            <p className="faint">{step.lock}</p>
            {step.does?.map((text) => (
              <p key={text}>{text}</p>
            ))}
            {step.obstacles.map(({ by, text }) => (
              <p key={by} className="reboot-obstacle">
                <SignMark tone="attention" shape="pause" />
                <span>Waits: {text}</span>
              </p>
            ))}
          </div>
        ) : null;
      })}
      {groups.length > most && <p className="faint">and {groups.length - most} more kinds of hosts</p>}
    </div>
  );
}

function sameOf({ command, lock, does = [], obstacles }: RebootPlan['steps'][number]): string {
  return [command, lock, ...does, ...obstacles.map(({ text }) => text)].join('\n');
}
