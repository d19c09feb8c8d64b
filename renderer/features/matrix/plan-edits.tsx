import { useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { type ChangeDraft, type ComparedFile, defaultWaves, type WavePolicy } from '#shared/contract/change.ts';
import { unitName } from '#shared/contract/ids.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { defaultChecks } from '#shared/lib/change/checks.ts';
import { printSteps, readSteps, suggestedSteps } from '#shared/lib/change/suggest.ts';
import { CheckChoice } from '../../parts/check-choice.tsx';
import { PlannedChange } from '../../parts/planned-change.tsx';
import { SettleMoved } from '../../parts/settle-moved.tsx';
import { StepsAfter } from '../../parts/steps-after.tsx';
import { SudoPassword } from '../../parts/sudo-password.tsx';
import { WaveChoice } from '../../parts/wave-choice.tsx';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import { valueWords } from './cell-words.ts';
import type { MatrixColumn } from './matrix.ts';
import { listedEdits, partsOf, type PendingEdit, type PendingEdits } from './pending-edits.ts';

interface PlanEditsProps {
  readonly cluster: string;
  readonly path: string;
  readonly columns: readonly MatrixColumn[];
  readonly files: readonly ComparedFile[];
  /** What was seen, by hash. */
  readonly texts: Readonly<Record<string, string>>;
  readonly edits: PendingEdits;
  readonly onUndo: (edit: PendingEdit) => void;
  /** What a key of the view asks for. */
  readonly ref: React.Ref<{ readonly plan: () => void }>;
}

/** What each text names is added to its part. */
const none: readonly number[] = [];

/** What is wished so far, each to be undone, and the one change that does it: read as a plan, applied in stages. */
export function PlanEdits({ cluster, path, columns, files, texts, edits, onUndo, ref }: PlanEditsProps) {
  const { replica } = useConsole();
  const [title, setTitle] = useState(`Set in ${path}`);
  const [steps, setSteps] = useState(() => printSteps(suggestedSteps(path)));
  const [policy, setPolicy] = useState<WavePolicy>(defaultWaves);
  const [checks, setChecks] = useState(defaultChecks);
  const [password, setPassword] = useState('');
  const [unwritten, setUnwritten] = useState<Problem | null>(null);
  const plan = useDo('change.plan');
  const [read, setRead] = useState<{
    plan: NonNullable<Awaited<ReturnType<typeof plan.run>>>;
    draft: ChangeDraft;
    edits: PendingEdits;
  } | null>(null);
  const actions = useMemo(() => readSteps(steps, (name) => unitName.safeParse(name).success), [steps]);
  const listed = useMemo(() => listedEdits(edits), [edits]);
  const needsPassword = useMemo(() => {
    const all = replica.store.getState().records.host;
    return [...edits.keys()].some((host) => all.get(host)?.facts?.elevation === 'sudo-password');
  }, [edits, replica]);
  const ready = Array.isArray(actions) && title.trim() !== '' && !(needsPassword && password === '');
  const given = needsPassword ? password : null;
  // What was wished since the plan was made is not in it.
  const current = read?.edits === edits ? read.plan : null;

  const planDraft = async (draft: ChangeDraft) => {
    const made = await plan.run({ draft, password: given });
    setRead(made && { plan: made, draft, edits });
  };
  const makePlan = async () => {
    if (!ready || !Array.isArray(actions)) return;
    const parts = partsOf(path, columns, files, edits, actions, checks);
    setUnwritten(Array.isArray(parts) ? null : parts);
    if (!Array.isArray(parts)) return;
    await planDraft({ title: title.trim(), parts, policy });
  };
  const shown = useRef<HTMLElement>(null);
  // What is to be read next takes the focus; not its button, which one Enter too many would press.
  useEffect(() => {
    if (current) shown.current?.focus();
  }, [current]);
  useImperativeHandle(ref, () => ({ plan: () => void makePlan() }));
  const problem = unwritten ?? plan.problem;
  return (
    <form
      className="matrix-plan-form"
      aria-label="Edits"
      onSubmit={(event) => {
        event.preventDefault();
        void makePlan();
      }}
      onChange={() => setRead(null)}
    >
      <h2>
        {count(listed.length, 'edit')} on {count(edits.size, 'host')}, not done yet
      </h2>
      <ul className="matrix-pending">
        {listed.map((edit) => (
          <li key={`${edit.key} ${edit.value}`}>
            <code>{edit.key}</code> becomes <code>{edit.value === null ? 'not set' : valueWords(edit.value)}</code>
            <span className="faint cut">on {some(edit.hosts, 4)}</span>
            <Button kind="quiet" aria-label={`Undo the edit of ${edit.key}`} onClick={() => onUndo(edit)}>
              Undo
            </Button>
          </li>
        ))}
      </ul>
      <TextField
        label="What this change is for"
        value={title}
        maxLength={200}
        onChange={(event) => setTitle(event.target.value)}
      />
      <div className="matrix-after">
        <StepsAfter value={steps} wrong={Array.isArray(actions) ? undefined : actions.wrong} onChange={setSteps} />
        <WaveChoice policy={policy} onChange={setPolicy} />
      </div>
      <CheckChoice checks={checks} named={none} ofFile onChange={setChecks} />
      {needsPassword && <SudoPassword keep="for-the-change" value={password} onChange={setPassword} />}
      {problem && <ProblemNote problem={problem} />}
      <div className="matrix-do">
        <Button type="submit" kind={current ? 'plain' : 'primary'} disabled={!ready || plan.busy}>
          {plan.busy ? 'Reading the hosts…' : 'Read the plan'}
        </Button>
        <Keys keys="Ctrl Enter" />
      </div>
      {current && (
        <section aria-label="The plan" className="matrix-plan" ref={shown} tabIndex={-1}>
          <h2>The plan</h2>
          {read && (
            <SettleMoved
              draft={read.draft}
              plan={current}
              saw={texts}
              password={given}
              onSettled={(draft) => void planDraft(draft)}
            />
          )}
          <PlannedChange cluster={cluster} plan={current} password={given} />
        </section>
      )}
    </form>
  );
}
