import { useEffect, useRef, useState } from 'react';
import type { ChangeDraft } from '#shared/contract/change.ts';
import type { UpdateAct, UpdatePlan } from '#shared/contract/update-act.ts';
import { actWords } from '#shared/lib/update/act-words.ts';
import { useDo, useQuery } from '../state/calls.ts';
import { useConsole } from '../state/console.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { count, some } from '../words/amounts.ts';
import { LeftOutHosts } from './left-out-hosts.tsx';
import { StagedDraft } from './staged-draft.tsx';
import { SudoPassword } from './sudo-password.tsx';
import './unit-confirm.css';

const hurting: readonly UpdateAct['kind'][] = ['roll-back', 'stop', 'reset'];
const noTexts: Readonly<Record<string, string>> = {};

/**
 * Plans what update agents are told and asks for it once: what it will mean, the exact commands, the hosts that are left out
 * and why. Where it is a change of files, the staged change is planned here instead.
 */
export function UpdateConfirm({
  hosts,
  act,
  onClose,
  onStarted,
}: {
  readonly hosts: readonly string[];
  readonly act: UpdateAct;
  /** Left out where it is one of several on a page: it takes no focus then, and has no button to leave it. */
  readonly onClose?: () => void;
  readonly onStarted: (action: string) => void;
}) {
  const { replica } = useConsole();
  const { output: plan, problem, waiting, again } = useQuery('updates.plan-act', { hosts: [...hosts], act });
  const tell = useDo('updates.act');
  const [password, setPassword] = useState('');
  const [drafting, setDrafting] = useState(false);
  const confirm = useRef<HTMLButtonElement>(null);
  const isOneOfSeveral = onClose === undefined;
  const needsPassword = plan?.steps.some(({ elevation }) => elevation === 'sudo-password') ?? false;
  useEffect(() => {
    if (plan && !needsPassword && !isOneOfSeveral) confirm.current?.focus();
  }, [plan, needsPassword, isOneOfSeveral]);
  const submit = async (plan: UpdatePlan) => {
    const started = await tell.run({ plan, password: needsPassword ? password : null });
    setPassword('');
    if (!started) return;
    onStarted(started.action);
    if (!plan.draft) onClose?.();
  };
  const cluster = replica.store.getState().cluster;
  if (plan?.draft && drafting && cluster !== null) {
    return (
      <StagedDraft
        cluster={cluster}
        draft={plan.draft}
        saw={noTexts}
        title={actWords(act)}
        leave="Back to the plan"
        onLeave={() => setDrafting(false)}
      />
    );
  }
  const target = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  const changed = plan?.draft?.parts.reduce((sum, part) => sum + part.hosts.length, 0) ?? 0;
  return (
    <form
      className="unit-confirm"
      aria-label={actWords(act)}
      onSubmit={(event) => {
        event.preventDefault();
        if (plan && plan.steps.length > 0) void submit(plan);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !onClose) return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      {waiting && <WaitNote what={`Asking what this means on ${target}…`} {...(onClose && { onCancel: onClose })} />}
      {problem && <ProblemNote problem={problem} />}
      {plan && plan.steps.length > 0 && <Meanings plan={plan} />}
      {plan?.draft && (
        <div className="update-meaning">
          <p>
            On {changed === 1 ? plan.draft.parts[0]?.hosts[0] : count(changed, 'host')} it is a change of a file: made
            step by step and taken back where it fails. Nothing asks the new channel at once: when the change is
            committed, its page offers to tell the agents to check.
          </p>
          {filesOf(plan.draft).map(([path, its]) => (
            <p key={path}>
              <code>{path}</code> <span className="faint">on {some(its, 6)}</span>
            </p>
          ))}
        </div>
      )}
      {plan && (
        <LeftOutHosts
          leftOut={plan.leftOut}
          nothing={plan.steps.length === 0 && !plan.draft ? 'No agent can be told this here' : null}
          onAgain={again}
        />
      )}
      {plan && needsPassword && (
        <SudoPassword
          on={plan.steps.length === 1 ? plan.steps[0]?.host : count(plan.steps.length, 'host')}
          keep="once"
          autoFocus={!isOneOfSeveral}
          value={password}
          onChange={setPassword}
        />
      )}
      {tell.problem && (
        <ProblemNote problem={tell.problem}>
          {tell.problem.code === 'stale' && (
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
            kind={hurting.includes(act.kind) ? 'danger' : 'primary'}
            disabled={tell.busy || (needsPassword && password === '')}
          >
            {tell.busy ? 'Starting…' : confirmWords(plan)}
          </Button>
        )}
        {plan?.draft && (
          <Button kind={plan.steps.length > 0 ? 'plain' : 'primary'} onClick={() => setDrafting(true)}>
            Plan the change of {count(changed, 'host')}
          </Button>
        )}
        {onClose && (
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}

function confirmWords({ act, steps, leftOut }: UpdatePlan): string {
  const target = steps.length === 1 ? steps[0]?.host : count(steps.length, 'host');
  const without = leftOut.length === 0 ? '' : `, ${leftOut.length.toLocaleString('en')} left out`;
  return `${actWords(act)} on ${target}${without}`;
}

/** The files of a draft, each with its hosts. */
function filesOf({ parts }: ChangeDraft): [path: string, hosts: string[]][] {
  const files = new Map<string, string[]>();
  for (const { files: its, hosts } of parts)
    for (const { path } of its) files.set(path, [...(files.get(path) ?? []), ...hosts]);
  return [...files];
}

const most = 6;

/** What it means and the commands; hosts where that is the same are told once. */
function Meanings({ plan }: { readonly plan: UpdatePlan }) {
  const groups = [...Map.groupBy(plan.steps, ({ commands, means }) => `${means}\n${commands.join('\n')}`).values()];
  return (
    <div className="unit-plan">
      {groups.slice(0, most).map((steps) => {
        const [first] = steps;
        return first ? (
          <div key={first.host} className="update-meaning">
            <p>
              {plan.steps.length > 1 && (
                <span className="faint">{steps.length === 1 ? first.host : count(steps.length, 'host')} · </span>
              )}
              {first.means}
            </p>
            {first.commands.map((command) => (
              <p key={command}>
                <code>{command}</code>
              </p>
            ))}
            {steps.length === 1 && first.before && <p className="faint">now: {first.before}</p>}
          </div>
        ) : null;
      })}
      {groups.length > most && <p className="faint">and {groups.length - most} more kinds of hosts</p>}
    </div>
  );
}
