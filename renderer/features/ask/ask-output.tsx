import { useState } from 'react';
import type { AskGroup } from '#shared/contract/ask.ts';
import { useQuery } from '../../state/calls.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DiffLines } from '../../ui/diff-lines.tsx';
import { Choice, Segments } from '../../ui/field.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { bytes, count, some } from '../../words/amounts.ts';
import { groupSign } from './group-sign.ts';

const silence: Partial<Record<AskGroup['state'], string>> = {
  silent: 'No answer came within the time limit; the command was ended on the host.',
  lost: 'The connection was lost before the answer was whole.',
  cancelled: 'Cancelled before it answered.',
};

/** What one group of hosts answered, whole or as the difference to what another group did: most of them, or a chosen one. */
export function AskOutput({
  run,
  group,
  groups,
  baseline,
  against,
  onAgainst,
}: {
  readonly run: string;
  readonly group: AskGroup;
  readonly groups: readonly AskGroup[];
  readonly baseline: AskGroup | null;
  /** The group that was chosen to compare with; null while none was. */
  readonly against: string | null;
  readonly onAgainst: (group: string) => void;
}) {
  const answered = group.state === 'answered';
  const others = answered ? groups.filter(({ id, state }) => state === 'answered' && id !== group.id) : [];
  const other = others.find(({ id }) => id === against) ?? others.find(({ id }) => id === baseline?.id) ?? others[0];
  const [mode, setMode] = useState<'output' | 'difference'>(
    other && (group.id !== baseline?.id || other.id === against) ? 'difference' : 'output',
  );
  const mine = useQuery('ask.output', { run, group: group.id });
  const theirs = useQuery('ask.output', other ? { run, group: other.id } : null);
  const showDifference = other !== undefined && mode === 'difference';
  const problem = mine.problem ?? (showDifference ? theirs.problem : null);
  const text = mine.output?.text ?? '';
  return (
    <section className="ask-output" aria-label="Output">
      <header>
        <b>{count(group.hosts.length, 'host')}</b>
        <span className="ask-output-word">{groupSign(group).word}</span>
        {other && (
          <Segments
            label="What is shown"
            value={mode}
            options={[
              { value: 'difference', label: differenceWords(other, others.length, baseline) },
              { value: 'output', label: 'Output' },
            ]}
            onChange={setMode}
          />
        )}
        {showDifference && others.length > 1 && (
          <Choice
            label="Compared with"
            hideLabel
            value={other.id}
            options={others.map((one) => ({ value: one.id, label: groupWords(one, baseline) }))}
            onChange={onAgainst}
          />
        )}
        {answered && <CopyButton text={text} name="Copy the output" />}
      </header>
      <p className="ask-output-hosts" tabIndex={0}>
        {group.hosts.join(' ')}
      </p>
      {problem && <ProblemNote problem={problem} />}
      {mine.waiting && !mine.output && <WaitNote what="Fetching the output…" />}
      {mine.output && !showDifference && text === '' && (
        <p className="faint">{answered ? 'No output.' : group.excerpt || silence[group.state]}</p>
      )}
      {mine.output && !showDifference && text !== '' && <MachineText text={text} label="Output" />}
      {mine.output && showDifference && theirs.output && <DiffLines before={theirs.output.text} after={text} />}
      {group.truncated && (
        <p className="faint">
          The answer was longer; the first {bytes(text.length)} are kept and compared by the whole.
        </p>
      )}
    </section>
  );
}

/** With several to compare with, which one it is stands beside. */
function differenceWords(other: AskGroup, others: number, baseline: AskGroup | null): string {
  if (others > 1) return 'Difference to';
  return other.id === baseline?.id ? `Difference to the ${other.hosts.length} that agree` : 'Difference';
}

function groupWords(group: AskGroup, baseline: AskGroup | null): string {
  const most = group.id === baseline?.id ? ' that agree' : '';
  return `the ${count(group.hosts.length, 'host')}${most}: ${some(group.hosts, 2)} (${groupSign(group).word})`;
}
