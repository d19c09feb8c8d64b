import type { ActionOutcome } from '#shared/contract/unit.ts';
import { actWords } from '#shared/lib/update/act-words.ts';
import { useConsole } from '../state/console.ts';
import { useOperate, useSection } from '../state/hooks.ts';
import { SignWord } from '../ui/sign-mark.tsx';
import { count, some } from '../words/amounts.ts';
import { outcomeSigns } from '../words/states.ts';
import { duration } from '../words/times.ts';
import { Ago } from './since.tsx';
import './action-outcomes.css';

/** The text without the word that stands before it anyway. */
function withoutWord(text: string, word: string): string {
  return text.startsWith(word) ? text.slice(word.length).trimStart() : text;
}

interface OutcomesProps {
  readonly action: string;
  readonly host?: string | null;
}

/** How a unit action or a reboot goes on each host, or on the one named. */
export function ActionOutcomes({ action, host = null }: OutcomesProps) {
  const unit = useSection('action', action, 'about');
  const reboot = useSection('action', action, 'reboot');
  const progress = useSection('action', action, 'progress');
  const about = unit ?? reboot;
  if (!about) return null;
  const what = <span className="mono">{unit ? `${unit.plan.verb} ${unit.plan.unit}` : 'reboot'}</span>;
  const outcomes = progress?.outcomes ?? [];
  const mayCancel = reboot !== undefined && progress?.done === false;
  return (
    <Outcomes about={about} what={what} outcomes={outcomes} host={host} action={action}>
      {mayCancel && <CancelReboots action={action} outcomes={outcomes} />}
    </Outcomes>
  );
}

/** The same of what update agents were told. */
export function UpdateOutcomes({ action, host = null }: OutcomesProps) {
  const about = useSection('update-action', action, 'about');
  const progress = useSection('update-action', action, 'progress');
  if (!about) return null;
  const outcomes = progress?.outcomes ?? [];
  return <Outcomes about={about} what={actWords(about.plan.act)} outcomes={outcomes} host={host} action={action} />;
}

function Outcomes({
  about,
  what,
  outcomes: all,
  host,
  action,
  children,
}: {
  readonly action: string;
  readonly children?: React.ReactNode;
  readonly about: {
    readonly by: string;
    readonly startedAt: number;
    readonly plan: { readonly leftOut: readonly { readonly host: string }[] };
  };
  readonly what: React.ReactNode;
  readonly outcomes: readonly ActionOutcome[];
  readonly host: string | null;
}) {
  const outcomes = all.filter((outcome) => host === null || outcome.host === host);
  return (
    <div className="outcomes" role="status" data-testid="action-outcome">
      <p>
        {what}{' '}
        <span className="faint">
          by {about.by}, <Ago at={about.startedAt} />
        </span>{' '}
        {children}
      </p>
      <ul>
        {outcomes.map((outcome) => (
          <li key={outcome.host}>
            {host === null && <b>{outcome.host}</b>}
            <SignWord sign={outcomeSigns[outcome.state]} />
            <span className="outcome-text">
              {withoutWord(outcome.text, outcomeSigns[outcome.state].word)}
              {outcome.exitCode !== null && outcome.exitCode !== 0 && ` (exit ${outcome.exitCode})`}
              {outcome.durationMs !== null && <span className="faint"> · {duration(outcome.durationMs)}</span>}
              {outcome.waitsFor === 'person' && <RebootNow action={action} host={outcome.host} />}
            </span>
          </li>
        ))}
      </ul>
      {host === null && about.plan.leftOut.length > 0 && (
        <p className="faint">
          Left out:{' '}
          {some(
            about.plan.leftOut.map(({ host }) => host),
            6,
          )}
        </p>
      )}
    </div>
  );
}

/** For who does not want to wait for people that are logged in. */
function RebootNow({ action, host }: { readonly action: string; readonly host: string }) {
  const { link, notices } = useConsole();
  if (!useOperate()) return null;
  return (
    <>
      {' '}
      <button
        type="button"
        className="link-button"
        onClick={() => notices.watch(`Rebooting ${host} now`, link.call('reboot.now', { action, host }))}
      >
        Reboot {host} now
      </button>
    </>
  );
}

/** Only while a host is still to go down. */
function CancelReboots({ action, outcomes }: { readonly action: string; readonly outcomes: readonly ActionOutcome[] }) {
  const { link, notices } = useConsole();
  const waiting = outcomes.filter(({ state }) => state === 'waiting').length;
  if (waiting === 0) return null;
  return (
    <button
      type="button"
      className="link-button"
      onClick={() => notices.watch('Cancelling the reboots', link.call('reboot.cancel', { action }))}
    >
      {waiting === outcomes.length ? 'Cancel it' : `Leave ${count(waiting, 'host')} up`}
    </button>
  );
}
