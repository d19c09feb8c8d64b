import { useEffect, useState } from 'react';
import { Ago } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { useKeys } from '../../state/keyboard.ts';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { RevisionDetail } from './revision-detail.tsx';

/** Every revision of a document, the difference between any two, and the way back to an old one. */
export function RevisionsPane({ name, newest }: { readonly name: string; readonly newest: number | null }) {
  const { output, problem, waiting, again } = useQuery('document.revisions', { name });
  const [picked, setPicked] = useState<number | null>(null);
  const revisions = output ?? [];
  // What is known to be newer than the list has it asked for again.
  const missing = newest !== null && output !== null && (revisions[0]?.revision ?? 0) < newest ? newest : null;
  useEffect(() => {
    if (missing !== null) again();
  }, [missing, again]);
  const shown = revisions.find(({ revision }) => revision === picked) ?? revisions[0];
  const move = (steps: number) => () => {
    const at = revisions.findIndex(({ revision }) => revision === shown?.revision);
    const next = revisions[Math.max(0, Math.min(revisions.length - 1, at + steps))];
    if (next) setPicked(next.revision);
  };
  useKeys('Revisions', 'part', [
    { keys: 'j', label: 'Older revision', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Newer revision', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
  ]);
  if (problem) {
    return (
      <div className="documents-trouble">
        <ProblemNote problem={problem} />
      </div>
    );
  }
  if (waiting && revisions.length === 0) return <WaitNote what="Reading the revisions…" />;
  return (
    <div className="document-revisions">
      <ol className="document-revision-list" aria-label="Revisions">
        {revisions.map(({ revision, by, at, message, hash }) => (
          <li key={revision}>
            <button type="button" aria-pressed={revision === shown?.revision} onClick={() => setPicked(revision)}>
              <span className="document-revision-head">
                <span>
                  <b>{revision}</b> {by}
                </span>
                <span className="document-revision-at">
                  <Ago at={at} />
                </span>
              </span>
              <span className="document-revision-why">
                {hash === null ? `Removed. ${message}` : message || 'No message'}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {shown && (
        <RevisionDetail
          key={shown.revision}
          name={name}
          shown={shown}
          revisions={revisions}
          onRestored={(revision) => setPicked(revision)}
        />
      )}
    </div>
  );
}
