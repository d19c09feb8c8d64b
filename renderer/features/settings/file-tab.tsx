import { useCallback, useEffect, useState } from 'react';
import type { ClusterAbout } from '#shared/contract/cluster.ts';
import { ClusterFileEditor } from '../../parts/cluster-file-editor.tsx';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';

/** The cluster file itself, with what is wrong in it at its line. */
export function FileTab({ about }: { readonly about: ClusterAbout }) {
  const { link } = useConsole();
  const [held, setHeld] = useState<{ text: string; version: string; saved: string } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = useDo('clusters.save');
  const { id } = about;
  const again = useCallback(() => {
    link.call('clusters.read', { id }).then(
      ({ text, version }) => {
        setHeld({ text, version, saved: text });
        setProblem(null);
      },
      (error: unknown) => setProblem(toProblem(error)),
    );
  }, [link, id]);
  useEffect(again, [again]);
  const dirty = held !== null && held.text !== held.saved;
  const submit = async () => {
    if (!held || !dirty) return;
    const done = await save.run({ id: about.id, text: held.text, version: held.version });
    if (done) setHeld({ text: held.text, version: done.version, saved: held.text });
  };
  return (
    <div className="file-tab">
      <header>
        <code className="cut">{about.file}</code>
        <span className="faint">{dirty ? 'Not saved yet' : held ? 'Saved' : ''}</span>
        <Button
          kind="quiet"
          disabled={!dirty}
          onClick={() => {
            save.forget();
            again();
          }}
        >
          Read it again
        </Button>
        <Button kind="primary" disabled={!dirty || save.busy} onClick={() => void submit()}>
          Save the file
        </Button>
      </header>
      {problem && <ProblemNote problem={problem} />}
      {save.problem && (
        <ProblemNote problem={save.problem}>
          {save.problem.code === 'conflict' && (
            <button
              type="button"
              className="link-button"
              onClick={() => {
                save.forget();
                again();
              }}
            >
              Read the file as it is now (your changes here are lost)
            </button>
          )}
        </ProblemNote>
      )}
      {!held && !problem && <WaitNote what="Reading the file…" />}
      {held && (
        <ClusterFileEditor
          text={held.text}
          onText={(text) => setHeld((before) => before && { ...before, text })}
          onSave={() => void submit()}
        />
      )}
    </div>
  );
}
