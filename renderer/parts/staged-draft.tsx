import { useEffect, useMemo, useRef, useState } from 'react';
import {
  type ChangeDraft,
  type ChangePart,
  type ChangePlan,
  defaultWaves,
  type WavePolicy,
} from '#shared/contract/change.ts';
import { defaultChecks, gatesOf, portsNamedIn } from '#shared/lib/change/checks.ts';
import { useDo } from '../state/calls.ts';
import { useConsole } from '../state/console.ts';
import { useSection } from '../state/hooks.ts';
import { useKeys } from '../state/keyboard.ts';
import { Button, Keys } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { count } from '../words/amounts.ts';
import { CheckChoice } from './check-choice.tsx';
import { ChangePlanText } from './change-plan.tsx';
import { SettleMoved } from './settle-moved.tsx';
import { WaveChoice } from './wave-choice.tsx';
import './staged-draft.css';

/**
 * A draft on its way to the hosts: planned at once with the default waves, read, and applied with one button. Hosts whose
 * files moved on are settled here and planned again.
 */
export function StagedDraft({
  cluster,
  draft,
  saw,
  title,
  leave,
  since,
  onLeave,
  onBegun,
}: {
  readonly cluster: string;
  readonly draft: ChangeDraft;
  /** The texts that the person saw, by hash. */
  readonly saw: Readonly<Record<string, string>>;
  /** What this is called among the keys of the view, as `Correct`. */
  readonly title: string;
  /** What the button that leaves it says. */
  readonly leave: string;
  /** Since when a file may have moved on, as the sentence ends. */
  readonly since?: string;
  readonly onLeave: () => void;
  /** Told the hosts once the change is on its way. */
  readonly onBegun?: (hosts: readonly string[]) => void;
}) {
  const { router, replica } = useConsole();
  const isProtected = useSection('cluster', '', 'about')?.protected ?? false;
  // What is not about files comes with the waves and checks that its group's policy says.
  const hasWork = draft.parts.some(({ work }) => work !== undefined);
  const [policy, setPolicy] = useState<WavePolicy>(hasWork ? draft.policy : defaultWaves);
  const [checks, setChecks] = useState(defaultChecks);
  const named = useMemo(() => [...new Set(draft.parts.flatMap(portsOf))], [draft]);
  const [password, setPassword] = useState('');
  const [settled, setSettled] = useState(draft);
  const [read, setRead] = useState<ChangePlan | null>(null);
  const plan = useDo('change.plan');
  const propose = useDo('change.propose');
  const act = useDo('change.act');
  const needsPassword = useMemo(() => {
    const all = replica.store.getState().records.host;
    return draft.parts
      .flatMap((part) => part.hosts)
      .some((host) => all.get(host)?.facts?.elevation === 'sudo-password');
  }, [draft, replica]);
  const given = needsPassword ? password : null;
  const ready = !(needsPassword && password === '');
  // A plan that comes after something else was wished is not the plan.
  const round = useRef(0);
  const voidPlan = () => {
    round.current++;
    setRead(null);
  };
  const planDraft = async (wanted: ChangeDraft) => {
    if (!ready) return;
    voidPlan();
    const mine = round.current;
    setSettled(wanted);
    const parts = wanted.parts.map((part) =>
      part.work ? part : { ...part, gates: gatesOf(checks, part.actions, portsOf(part)) },
    );
    const made = await plan.run({ draft: { ...wanted, parts, policy }, password: given });
    if (mine === round.current) setRead(made);
  };
  const first = useRef(() => void planDraft(draft));
  useEffect(() => first.current(), []);
  const apply = async () => {
    if (!read) return;
    if (!(await propose.run({ plan: read }))) return;
    if (!isProtected && !(await act.run({ id: read.id, verb: 'start', host: null, password: given }))) return;
    setPassword('');
    onBegun?.(read.waves.flat());
    router.go({ view: 'changes', cluster, change: read.id });
  };
  useKeys(title, 'detail', [
    { keys: 'Mod+Enter', label: 'Read the plan', typing: true, run: () => void planDraft(settled) },
    { keys: 'Escape', label: leave, run: onLeave },
  ]);
  const targets = read?.waves.reduce((sum, { length }) => sum + length, 0) ?? 0;
  const problem = plan.problem ?? propose.problem ?? act.problem;
  return (
    <form
      className="staged-draft"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        void planDraft(settled);
      }}
    >
      <details className="staged-waves">
        <summary>How it goes over the hosts</summary>
        <WaveChoice
          policy={policy}
          onChange={(next) => {
            setPolicy(next);
            voidPlan();
          }}
        />
        {!hasWork && (
          <CheckChoice
            checks={checks}
            named={named}
            ofFile={false}
            onChange={(next) => {
              setChecks(next);
              voidPlan();
            }}
          />
        )}
      </details>
      {needsPassword && (
        <TextField
          label="Password for sudo"
          type="password"
          hint="Held in memory while this console drives the change, never written down."
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
            voidPlan();
          }}
        />
      )}
      {problem && <ProblemNote problem={problem} />}
      <div className="staged-do">
        <Button type="submit" kind={read ? 'plain' : 'primary'} disabled={!ready || plan.busy} autoFocus>
          {plan.busy ? 'Reading the hosts…' : 'Read the plan'}
        </Button>
        <Keys keys="Ctrl Enter" />
        <Button kind="quiet" onClick={onLeave}>
          {leave}
        </Button>
      </div>
      {plan.busy && <WaitNote what={`Reading ${count(hostsOf(settled).size, 'host')} for the plan…`} />}
      {read && (
        <section aria-label="The plan" className="staged-draft">
          <SettleMoved
            draft={settled}
            plan={read}
            saw={saw}
            password={given}
            {...(since !== undefined && { since })}
            onSettled={(next) => void planDraft(next)}
          />
          <ChangePlanText plan={read} />
          {targets > 0 && (
            <div className="staged-do">
              <Button kind="primary" disabled={propose.busy || act.busy} onClick={() => void apply()}>
                {isProtected
                  ? 'Propose it for approval'
                  : hasWork
                    ? `Roll out to ${count(targets, 'host')}`
                    : `Apply in stages to ${count(targets, 'host')}`}
              </Button>
              {isProtected && (
                <span className="faint">This cluster is protected: a second person approves the plan.</span>
              )}
            </div>
          )}
        </section>
      )}
    </form>
  );
}

/** Ports that the texts of a part name. */
function portsOf({ files }: ChangePart): number[] {
  return files.flatMap(({ path, content }) => portsNamedIn(path, content ?? ''));
}

function hostsOf({ parts }: ChangeDraft): ReadonlySet<string> {
  return new Set(parts.flatMap((part) => part.hosts));
}
