import { Fragment, useMemo } from 'react';
import { stepCommand } from '#shared/lib/change/step-command.ts';
import type { ChangePlan, FileState, PlannedFile, PlannedStep, ToldOfFiles } from '#shared/contract/change.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { windowInWords } from '#shared/lib/change/change-window.ts';
import { marksIn, shellScript } from '#shared/lib/change/shell-script.ts';
import { gateInWords, rebootsInWords, wayBackInWords, workInWords } from '#shared/lib/change/work-words.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { MenuButton } from '../ui/menu.tsx';
import { ProblemNote } from '../ui/notes.tsx';
import { SignMark } from '../ui/sign-mark.tsx';
import { count, some } from '../words/amounts.ts';
import { printSpan } from '../words/spans.ts';
import { Difference, DifferenceWay } from './difference.tsx';
import { PlanSteps } from './plan-steps.tsx';
import { saveText } from './save-text.ts';
import { Ago } from './since.tsx';
import { useOpenTexts, useSecrets } from './secrets.tsx';
import './change-plan.css';

/** A plan as it is read before anything is done: what becomes of which hosts, in which waves, how it is checked and undone. */
export function ChangePlanText({ plan }: { readonly plan: ChangePlan }) {
  const targets = plan.waves.reduce((sum, { length }) => sum + length, 0);
  const { texts, note } = useSecrets(plan.contents, `the plan ${plan.title}`);
  const readable = texts === plan.contents ? plan : { ...plan, contents: { ...texts } };
  return (
    <div className="plan">
      <p className="plan-sum">
        <b>{count(targets, 'host')}</b> would change
        {plan.unchanged.length > 0 && <> · {plan.unchanged.length} already as wished</>}
        {plan.leftOut.length > 0 && <> · {plan.leftOut.length} left out</>}
      </p>
      {plan.leftOut.length > 0 && <LeftOut plan={plan} />}
      {note}
      {plan.steps.length > 0 && (
        <div className="plan-doors">
          {plan.steps.some(({ files }) => files.length > 0) && <DifferenceWay />}
          <SavePlan plan={readable} />
        </div>
      )}
      <PlanSteps
        plan={readable}
        renderCard={(step, title, hosts, above) => (
          <StepCard key={hosts[0]} plan={readable} step={step} title={title} hosts={hosts} above={above} />
        )}
      />
      {targets > 0 && <Course plan={plan} />}
    </div>
  );
}

/** Hosts named in a tip; a thousand are no tip. */
const mostTold = 200;

/** The whole plan as a file: to be read in a change request, or by another program. */
function SavePlan({ plan }: { readonly plan: ChangePlan }) {
  const save = async (kind: 'md' | 'json') => {
    const text =
      kind === 'json' ? `${JSON.stringify(plan, null, 2)}\n` : (await import('./plan-file.ts')).planMarkdown(plan);
    saveText(text, `plan-${plan.id}.${kind}`);
  };
  return (
    <MenuButton
      name="Save the plan"
      lines={[
        { label: 'As a text to read (Markdown)', run: () => void save('md') },
        { label: 'As data (JSON)', run: () => void save('json') },
      ]}
    >
      Save the plan
    </MenuButton>
  );
}

function LeftOut({ plan }: { readonly plan: ChangePlan }) {
  const reasons = new Map<string, string[]>();
  for (const { host, reason } of plan.leftOut) {
    const words = [reason.message, reason.hint].filter(Boolean).join('. ');
    reasons.set(words, [...(reasons.get(words) ?? []), host]);
  }
  return (
    <section className="plan-left-out" aria-label="Left out">
      <SignMark tone="attention" shape="triangle" />
      <ul>
        {[...reasons].map(([words, hosts]) => (
          <li key={words}>
            <b>{some(hosts, 4)}</b>: {words}
          </li>
        ))}
      </ul>
    </section>
  );
}

function StepCard({
  plan,
  step,
  title,
  hosts,
  above,
}: {
  readonly plan: ChangePlan;
  readonly step: PlannedStep;
  readonly title: string;
  /** All that go through this, or the same apart from what stands around the lines. */
  readonly hosts: readonly string[];
  readonly above: React.ReactNode;
}) {
  const secrets = useOpenTexts(`the shell commands of ${plan.title}`);
  const marks = useMemo(() => marksIn(plan, step), [plan, step]);
  const copied = async () => {
    const contents = await secrets.open(textsAfter(plan, step));
    return contents && shellScript({ ...plan, contents }, step);
  };
  return (
    <section className="card plan-step" aria-label={`What becomes of ${some(hosts, 3)}`}>
      <header>
        <h3>{title}</h3>
        <span className="faint cut" title={hosts.slice(0, mostTold).join(' ')}>
          {some(hosts, 6)}
        </span>
        <CopyButton
          text={copied}
          name={`Copy as shell commands${marks.length > 0 ? ` with ${count(marks.length, 'secret')}` : ''}`}
        />
      </header>
      {secrets.problem && <ProblemNote problem={secrets.problem} />}
      {above}
      {step.files.map((file) => (
        <FileChange key={file.path} plan={plan} file={file} />
      ))}
      {step.actions.length > 0 && (
        <ol className="plan-actions" aria-label="Then">
          {step.actions.map((action) => (
            <li key={stepCommand(action)}>
              <code>{stepCommand(action)}</code>
            </li>
          ))}
        </ol>
      )}
      {step.work && <p>{workInWords(step.work)}.</p>}
      {step.validators.length > 0 && (
        <p className="plan-note">
          Checked on the host before: {[...new Set(step.validators.map(({ name }) => name))].join(', ')}
        </p>
      )}
    </section>
  );
}

/** No secret is opened for a text that only goes. */
function textsAfter({ contents }: ChangePlan, { files }: PlannedStep): Record<string, string> {
  return Object.fromEntries(
    files.flatMap(({ after }) => (after.kind === 'file' ? [[after.hash, contents[after.hash] ?? '']] : [])),
  );
}

function FileChange({ plan, file }: { readonly plan: ChangePlan; readonly file: PlannedFile }) {
  const { path, before, after } = file;
  const text = (state: FileState) => (state.kind === 'absent' ? '' : (plan.contents[state.hash] ?? ''));
  const attributes =
    before.kind === 'file' && after.kind === 'file' && attributeWords(before) !== attributeWords(after);
  return (
    <div className="plan-file">
      <p>
        <code>{cleanLine(path)}</code>{' '}
        <span className="faint">
          {before.kind === 'absent' && after.kind === 'file' && `new file, ${attributeWords(after)}`}
          {after.kind === 'absent' && 'removed'}
          {attributes && `${attributeWords(before)} becomes ${attributeWords(after)}`}
        </span>
        {file.told && <Told told={file.told} />}
      </p>
      {(before.kind === 'absent' || after.kind === 'absent' || before.hash !== after.hash) && (
        <Difference before={text(before)} after={text(after)} names={['As it is', 'As it will be']} choice={false} />
      )}
    </div>
  );
}

/** When it was written before, and what SELinux calls it: its copy keeps the label. */
function Told({ told: { writtenFrom, writtenTo, labels } }: { readonly told: ToldOfFiles }) {
  return (
    <span className="faint">
      {' '}
      · written <Ago at={writtenTo} />
      {writtenFrom !== writtenTo && (
        <>
          {' '}
          to <Ago at={writtenFrom} />
        </>
      )}
      {labels.length > 0 && ` · ${labels.map((label) => cleanLine(label, 100)).join(', ')}`}
    </span>
  );
}

function attributeWords({ mode, uid, gid }: Extract<FileState, { kind: 'file' }>): string {
  return `mode ${mode}, owner ${uid}:${gid}`;
}

function Course({ plan }: { readonly plan: ChangePlan }) {
  const { policy, waves } = plan;
  const words = [...new Set(plan.steps.flatMap(({ gates }) => gates.map(gateInWords)))];
  const works = plan.steps.flatMap(({ work }) => work ?? []);
  const reboot = works.length > 0 ? (policy.reboot ?? defaultReboots) : null;
  const sizes = waves.map(({ length }) => length).join(', then ');
  return (
    <dl className="plan-course">
      <dt>Waves</dt>
      <dd>
        {waves.length > 1 ? sizes : reboot ? 'a single one' : 'all at once'}
        {waves.length > 1 && policy.soakS > 0 && `, ${printSpan(policy.soakS)} apart`};
        {!reboot && ` at most ${policy.maxUnavailable} at a time;`}
        {policy.window && ` begun only ${windowInWords(policy.window)};`}{' '}
        {policy.failureBudget === 0
          ? 'pauses at the first failure'
          : `pauses after ${policy.failureBudget + 1} failures`}
      </dd>
      {reboot &&
        rebootsInWords(reboot, works).map(({ name, text }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
      <dt>Checked after</dt>
      <dd>
        {reboot && 'it is another boot of the system that was named · '}
        {words.length === 0 ? 'nothing beyond the commands themselves' : words.join(' · ')}
        {words.length > 0 && waves.length > 1 && policy.soakS > 0 && '; asked once more before the next wave'}
      </dd>
      <dt>Undone</dt>
      <dd>
        {reboot ? (
          wayBackInWords(reboot, works)
        ) : (
          <>
            by the host itself unless it is confirmed
            {policy.confirmOver === 'new-connection' && ' over a new connection'} within {printSpan(policy.deadmanS)};
            files with their mode, owner and times
          </>
        )}
      </dd>
    </dl>
  );
}
