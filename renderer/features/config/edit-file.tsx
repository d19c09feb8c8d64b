import { useDeferredValue, useMemo, useState } from 'react';
import { type ChangeDraft, type ComparedFile, defaultWaves, type WavePolicy } from '#shared/contract/change.ts';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { unitName } from '#shared/contract/ids.ts';
import { languageOf } from '#shared/lib/file-language.ts';
import { defaultChecks, gatesOf, portsNamedIn, validatorsOf } from '#shared/lib/change/checks.ts';
import { printSteps, readSteps, suggestedSteps } from '#shared/lib/change/suggest.ts';
import { EditedAttributes } from './edited-attributes.tsx';
import { EditedGroups, useEditedHosts } from './edited-groups.tsx';
import { asItIs, readAttributes } from './read-attributes.ts';
import { fileRemarks } from '../../parts/file-remarks.ts';
import { completionFor } from '../../ui/code-editor/complete-keywords.ts';
import { CheckChoice } from '../../parts/check-choice.tsx';
import { RemarksList } from '../../parts/remarks-list.tsx';
import { PlannedChange } from '../../parts/planned-change.tsx';
import { showPlan } from '../../parts/show-plan.ts';
import { SettleMoved } from '../../parts/settle-moved.tsx';
import { StepsAfter } from '../../parts/steps-after.tsx';
import { SudoPassword } from '../../parts/sudo-password.tsx';
import { TextAndForm } from '../../parts/form/text-and-form.tsx';
import { WaveChoice } from '../../parts/wave-choice.tsx';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/keyboard.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { CodeEditor } from '../../ui/code-editor/code-editor.tsx';
import { TextField, Tick } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';

const first = { line: 1 };

/** The text for all hosts chosen, what happens after it is written, the plan to read, and the one button that applies it. */
export function EditFile({
  cluster,
  path,
  text,
  files,
  texts,
  onLeave,
}: {
  readonly cluster: string;
  readonly path: string;
  readonly text: string;
  readonly files: readonly ComparedFile[];
  /** Texts of the files by their hash. */
  readonly texts: Readonly<Record<string, string>>;
  readonly onLeave: () => void;
}) {
  const { replica } = useConsole();
  const [content, setContent] = useState(text);
  const [jump, setJump] = useState<{ readonly line: number } | null>(first);
  const [remove, setRemove] = useState(false);
  const [steps, setSteps] = useState(() => printSteps(suggestedSteps(path)));
  const [policy, setPolicy] = useState<WavePolicy>(defaultWaves);
  const [checks, setChecks] = useState(defaultChecks);
  const [title, setTitle] = useState(`Edit ${path}`);
  const [password, setPassword] = useState('');
  const [planned, setPlanned] = useState<ChangeDraft | null>(null);
  const plan = useDo('change.plan');
  const [read, setRead] = useState<Awaited<ReturnType<typeof plan.run>>>(null);
  const seenContent = useDeferredValue(content);
  const remarks = useMemo(() => fileRemarks(path, seenContent), [path, seenContent]);
  const actions = useMemo(() => readSteps(steps, (name) => unitName.safeParse(name).success), [steps]);
  const named = useMemo(() => (remove ? [] : portsNamedIn(path, seenContent)), [path, seenContent, remove]);
  const edited = useEditedHosts(files);
  const { hosts } = edited;
  const [attributes, setAttributes] = useState(asItIs);
  const wished = readAttributes(attributes);
  const needsPassword = useMemo(() => {
    const all = replica.store.getState().records.host;
    return hosts.some((host) => all.get(host)?.facts?.elevation === 'sudo-password');
  }, [hosts, replica]);
  const ready =
    Array.isArray(actions) &&
    wished.modeProblem === undefined &&
    wished.ownerProblem === undefined &&
    hosts.length > 0 &&
    title.trim() !== '' &&
    !(needsPassword && password === '');
  const given = needsPassword ? password : null;

  /** What was typed since the plan was made is not in it. */
  const voidPlan = () => setRead(null);
  const change = (next: string) => {
    setContent(next);
    voidPlan();
  };
  const asDocument = useMemo(() => documentOf(path, content), [path, content]);
  const planDraft = async (draft: ChangeDraft) => {
    const made = await plan.run({ draft, password: given });
    setPlanned(draft);
    setRead(made);
  };
  const makePlan = async () => {
    if (!ready || !Array.isArray(actions)) return;
    const chosen = new Set(hosts);
    const seen = Object.fromEntries(
      files
        .filter(({ host, kind }) => chosen.has(host) && (kind === 'file' || kind === 'absent'))
        .map(({ host, kind, hash }) => [host, kind === 'file' ? hash : null]),
    );
    await planDraft({
      title: title.trim(),
      parts: [
        {
          hosts,
          files: [{ path, content: remove ? null : content, mode: wished.mode, owner: wished.owner, seen }],
          actions,
          validators: remove ? [] : validatorsOf(checks, path),
          gates: gatesOf(checks, actions, named),
        },
      ],
      policy,
    });
  };
  useKeys('Edit', 'view', [
    { keys: 'Mod+Enter', label: 'Read the plan', typing: true, run: () => void makePlan() },
    { keys: 'Escape', label: 'Leave the edit', run: onLeave },
  ]);
  return (
    <form
      className="config-edit"
      aria-label="Edit"
      onSubmit={(event) => {
        event.preventDefault();
        void makePlan();
      }}
      onChange={voidPlan}
    >
      <TextField
        label="What this change is for"
        value={title}
        maxLength={200}
        onChange={(event) => setTitle(event.target.value)}
      />
      <EditedGroups edited={edited} />
      {!remove && (
        <div className="config-code">
          <TextAndForm
            document={asDocument}
            readOnly={false}
            onText={change}
            onJump={(line) => setJump(line === null ? null : { line })}
          >
            <CodeEditor
              label={`${path} on ${count(hosts.length, 'host')}`}
              language={languageOf(path)}
              text={content}
              complete={completionFor(path)}
              marks={remarks}
              jumpTo={jump}
              onText={change}
              onRun={() => void makePlan()}
            />
          </TextAndForm>
        </div>
      )}
      {!remove && <RemarksList remarks={remarks} />}
      <Tick label="Remove the file instead" checked={remove} onChange={setRemove} />
      {!remove && <EditedAttributes attributes={attributes} read={wished} onChange={setAttributes} />}
      <div className="config-after">
        <StepsAfter value={steps} wrong={Array.isArray(actions) ? undefined : actions.wrong} onChange={setSteps} />
        <WaveChoice
          policy={policy}
          onChange={(next) => {
            setPolicy(next);
            voidPlan();
          }}
        />
      </div>
      <CheckChoice checks={checks} named={named} ofFile={!remove} onChange={setChecks} />
      {needsPassword && <SudoPassword keep="for-the-change" value={password} onChange={setPassword} />}
      {plan.problem && <ProblemNote problem={plan.problem} />}
      <div className="config-do">
        <Button type="submit" kind={read ? 'plain' : 'primary'} disabled={!ready || plan.busy}>
          {plan.busy ? 'Reading the hosts…' : 'Read the plan'}
        </Button>
        <Keys keys="Ctrl Enter" />
        <Button kind="quiet" onClick={onLeave}>
          Leave the edit
        </Button>
      </div>
      {read && (
        <section ref={showPlan} aria-label="The plan" className="config-plan">
          <h2>The plan</h2>
          {planned && (
            <SettleMoved
              draft={planned}
              plan={read}
              saw={texts}
              password={given}
              onSettled={(draft) => void planDraft(draft)}
            />
          )}
          <PlannedChange cluster={cluster} plan={read} password={given} />
        </section>
      )}
    </form>
  );
}

/** A file as a document, which a form is made of. */
function documentOf(path: string, content: string): ConfigDocument {
  return { name: path, format: 'file', targets: '', file: { path, mode: null, owner: null, actions: [] }, content };
}
