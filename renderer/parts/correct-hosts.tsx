import { useState } from 'react';
import { useQuery } from '../state/calls.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { some } from '../words/amounts.ts';
import { StagedDraft } from './staged-draft.tsx';
import { sameReasons } from './unit-plan-words.ts';
import './drift.css';

// What was read of the hosts was their hashes: a text that moved on meanwhile is set against the document's alone.
const nothing: Readonly<Record<string, string>> = {};

/** What brings hosts to what documents say: who is left out and why, the plan to read, and the button that applies it. */
export function CorrectHosts({
  cluster,
  names,
  hosts,
  onLeave,
}: {
  readonly cluster: string;
  readonly names: string[];
  /** Null is every host of the documents. */
  readonly hosts: string[] | null;
  readonly onLeave: () => void;
}) {
  // Asked once: what happens to a host while the plan is read is found by the plan itself.
  const [wanted] = useState({ names, hosts });
  const asked = useQuery('document.correct', wanted);
  const draft = asked.output?.draft ?? null;
  const leftOut = asked.output?.leftOut ?? [];
  return (
    <section className="drift-do-it" aria-label="Correction">
      <h3>{draft?.title ?? 'Correct'}</h3>
      {asked.waiting && !asked.output && <WaitNote what="Finding what has to change…" />}
      {asked.output && !draft && leftOut.length === 0 && (
        <p>Every host is as it should be: there is nothing to correct.</p>
      )}
      {leftOut.length > 0 && (
        <ul aria-label="Left out">
          {sameReasons(leftOut).map(({ hosts: its, reason }) => (
            <li key={reason.message}>
              <b>{some(its, 4)}</b> {its.length === 1 ? 'is' : 'are'} left out: {reason.message}. {reason.hint}
            </li>
          ))}
        </ul>
      )}
      {asked.problem && <ProblemNote problem={asked.problem} />}
      {draft ? (
        <StagedDraft
          cluster={cluster}
          draft={draft}
          saw={nothing}
          title="Correct"
          leave="Leave the correction"
          onLeave={onLeave}
        />
      ) : (
        <div className="drift-do">
          <Button kind="quiet" onClick={onLeave}>
            Leave the correction
          </Button>
        </div>
      )}
    </section>
  );
}
