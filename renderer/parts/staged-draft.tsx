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
import { useKeys } from '../state/keyboard.ts';
import { Button, Keys } from '../ui/button.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { count } from '../words/amounts.ts';
import { CheckChoice } from './check-choice.tsx';
import { PlannedChange } from './planned-change.tsx';
import { SettleMoved } from './settle-moved.tsx';
import { showPlan } from './show-plan.ts';
import { SudoPassword } from './sudo-password.tsx';
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
  const { replica } = useConsole();
  // What is not about files comes with the waves and checks that its group's policy says.
  const hasWork = draft.parts.some(({ work }) => work !== undefined);
  const [policy, setPolicy] = useState<WavePolicy>(hasWork ? draft.policy : defaultWaves);
  const [checks, setChecks] = useState(defaultChecks);
  const named = useMemo(() => [...new Set(draft.parts.flatMap(portsOf))], [draft]);
  const [password, setPassword] = useState('');
  const [settled, setSettled] = useState(draft);
  const [read, setRead] = useState<ChangePlan | null>(null);
  const plan = useDo('change.plan');
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
  useKeys(title, 'detail', [
    { keys: 'Mod+Enter', label: 'Read the plan', typing: true, run: () => void planDraft(settled) },
    { keys: 'Escape', label: leave, run: onLeave },
  ]);
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
        <SudoPassword
          keep="for-the-change"
          value={password}
          onChange={(typed) => {
            setPassword(typed);
            voidPlan();
          }}
        />
      )}
      {plan.problem && <ProblemNote problem={plan.problem} />}
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
        <section ref={showPlan} aria-label="The plan" className="staged-draft staged-plan">
          <SettleMoved
            draft={settled}
            plan={read}
            saw={saw}
            password={given}
            {...(since !== undefined && { since })}
            onSettled={(next) => void planDraft(next)}
          />
          <PlannedChange
            cluster={cluster}
            plan={read}
            password={given}
            {...(hasWork && { does: 'Roll out to' })}
            onBegun={() => onBegun?.(read.waves.flat())}
          />
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
