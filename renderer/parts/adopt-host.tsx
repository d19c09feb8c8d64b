import { useState } from 'react';
import { useDo, useQuery } from '../state/calls.ts';
import { useKeys } from '../state/keyboard.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { some } from '../words/amounts.ts';
import { Difference } from './difference.tsx';
import { documentTexts } from './drift-words.ts';
import './drift.css';

/** The document with what a host has in it, as a difference first, then kept as a new revision. */
export function AdoptHost({
  name,
  host,
  paths,
  password,
  onLeave,
}: {
  readonly name: string;
  readonly host: string;
  readonly paths: string[];
  readonly password: string | null;
  readonly onLeave: () => void;
}) {
  const [wanted] = useState({ name, host, paths, password });
  const current = useQuery('document.read', { name, revision: null });
  const adopted = useQuery('document.adopt', wanted);
  const save = useDo('document.save');
  const [message, setMessage] = useState(`Adopt what ${host} has`);
  useKeys('Adopt', 'detail', [{ keys: 'Escape', label: 'Leave the adoption', run: onLeave }]);
  const problem = current.problem ?? adopted.problem ?? save.problem;
  const ready = current.output !== null && adopted.output !== null;
  const keep = async () => {
    if (!current.output || !adopted.output) return;
    const base = current.output.revision.revision;
    if (await save.run({ document: adopted.output, base, message: message.trim() })) onLeave();
  };
  return (
    <form
      className="drift-adopt"
      aria-label="Adopt"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <h3>
        {name} as {host} has it
      </h3>
      <p className="faint">
        The document takes over {some(paths, 3)}. Nothing is changed on {host}; hosts that are as the document said
        until now will differ.
      </p>
      {!ready && !problem && <WaitNote what={`Reading ${host}…`} />}
      {problem && <ProblemNote problem={problem} />}
      {current.output && adopted.output && (
        <>
          <Difference
            {...documentTexts(current.output.document, adopted.output)}
            names={['The document now', `As ${host} has it`]}
            same="The document already says what this host has; only mode or owner differ there."
          />
          <TextField
            label="What changed, and why"
            value={message}
            maxLength={500}
            onChange={(event) => setMessage(event.target.value)}
          />
        </>
      )}
      <div className="drift-do">
        <Button type="submit" kind="primary" disabled={!ready || save.busy}>
          Save as a new revision
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Leave it as it is
        </Button>
      </div>
    </form>
  );
}
