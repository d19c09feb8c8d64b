import { useEffect, useState } from 'react';
import { cleanText } from '#shared/lib/clean-text.ts';
import { contextOnly, type DiffLine } from './diff-context.ts';
import './diff-lines.css';

const timeLimitMs = 1500;
const mostLines = 4000;

/** Two texts as one list of lines: what only the first has, what only the second has, and a little of what both have. */
export function DiffLines({
  before,
  after,
  same = 'The outputs are equal; only the exit code differs.',
}: {
  readonly before: string;
  readonly after: string;
  /** What to say when no line differs. */
  readonly same?: string;
}) {
  const [lines, setLines] = useState<readonly DiffLine[] | 'too-large' | null>(null);
  useEffect(() => {
    let gone = false;
    void import('diff').then(({ diffLines }) => {
      const parts = diffLines(cleanText(before), cleanText(after), { timeout: timeLimitMs, ignoreNewlineAtEof: true });
      if (gone) return;
      setLines(parts ? contextOnly(parts).slice(0, mostLines) : 'too-large');
    });
    return () => {
      gone = true;
    };
  }, [before, after]);
  if (lines === null) return <p className="faint">Comparing…</p>;
  if (lines === 'too-large') return <p>The two texts differ in too many lines to compare here.</p>;
  if (lines.length === 0) return <p className="faint">{same}</p>;
  return (
    <pre className="diff-lines" aria-label="Difference" tabIndex={0}>
      {lines.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines are places in one text, they have no other name
        <span key={index} className={`diff-${line.kind}`}>
          <i aria-hidden="true">
            {line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : line.kind === 'skipped' ? '⋯' : ' '}
          </i>
          {line.kind !== 'same' && line.kind !== 'skipped' && <span className="unseen">{line.kind}: </span>}
          {line.text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
