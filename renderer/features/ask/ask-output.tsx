import { useState } from 'react';
import type { AskGroup } from '#shared/contract/ask.ts';
import { useQuery } from '../../state/calls.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DiffLines } from '../../ui/diff-lines.tsx';
import { Segments } from '../../ui/field.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { bytes, count } from '../../words/amounts.ts';
import { groupSign } from './group-sign.ts';

const silence: Partial<Record<AskGroup['state'], string>> = {
  silent: 'No answer came within the time limit; the command was ended on the host.',
  lost: 'The connection was lost before the answer was whole.',
  cancelled: 'Cancelled before it answered.',
};

/** What one group of hosts answered, whole or as the difference to what most answered. */
export function AskOutput({
  run,
  group,
  baseline,
}: {
  readonly run: string;
  readonly group: AskGroup;
  readonly baseline: AskGroup | null;
}) {
  const answered = group.state === 'answered';
  const comparable = answered && baseline !== null && baseline.id !== group.id;
  const [mode, setMode] = useState<'output' | 'difference'>(comparable ? 'difference' : 'output');
  const mine = useQuery('ask.output', { run, group: group.id });
  const most = useQuery('ask.output', comparable ? { run, group: baseline.id } : null);
  const showDifference = comparable && mode === 'difference';
  const problem = mine.problem ?? (showDifference ? most.problem : null);
  const text = mine.output?.text ?? '';
  return (
    <section className="ask-output" aria-label="Output">
      <header>
        <b>{count(group.hosts.length, 'host')}</b>
        <span className="ask-output-word">{groupSign(group).word}</span>
        {comparable && (
          <Segments
            label="What is shown"
            value={mode}
            options={[
              { value: 'difference', label: `Difference to the ${baseline.hosts.length} that agree` },
              { value: 'output', label: 'Output' },
            ]}
            onChange={setMode}
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
      {mine.output && showDifference && most.output && <DiffLines before={most.output.text} after={text} />}
      {group.truncated && (
        <p className="faint">
          The answer was longer; the first {bytes(text.length)} are kept and compared by the whole.
        </p>
      )}
    </section>
  );
}
