import type { ActionOutcome } from '#shared/contract/unit.ts';
import { actWords } from '#shared/lib/update/act-words.ts';
import { useSection } from '../state/hooks.ts';
import { SignWord } from '../ui/sign-mark.tsx';
import { some } from '../words/amounts.ts';
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

/** How a unit action goes on each host, or on the one named. */
export function ActionOutcomes({ action, host = null }: OutcomesProps) {
  const about = useSection('action', action, 'about');
  const progress = useSection('action', action, 'progress');
  if (!about) return null;
  const what = <span className="mono">{`${about.plan.verb} ${about.plan.unit}`}</span>;
  return <Outcomes about={about} what={what} outcomes={progress?.outcomes ?? []} host={host} />;
}

/** The same of what update agents were told. */
export function UpdateOutcomes({ action, host = null }: OutcomesProps) {
  const about = useSection('update-action', action, 'about');
  const progress = useSection('update-action', action, 'progress');
  if (!about) return null;
  return <Outcomes about={about} what={actWords(about.plan.act)} outcomes={progress?.outcomes ?? []} host={host} />;
}

function Outcomes({
  about,
  what,
  outcomes: all,
  host,
}: {
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
        </span>
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
