import { useState } from 'react';
import { documentName } from '#shared/contract/document.ts';
import { useDo, useQuery } from '../../state/calls.ts';
import { useKeys } from '../../state/keyboard.ts';
import { forWhom } from '../../parts/drift-words.ts';
import { Button } from '../../ui/button.tsx';
import { DiffLines } from '../../ui/diff-lines.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';

/** A file of a host that no document names, kept as a document of its own. Nothing is changed on the host. */
export function AdoptFile({
  host,
  path,
  password,
  onLeave,
  onAdopted,
}: {
  readonly host: string;
  readonly path: string;
  readonly password: string | null;
  readonly onLeave: () => void;
  readonly onAdopted: () => void;
}) {
  const adopted = useQuery('host.adopt', { host, path, password });
  const save = useDo('document.save');
  const [called, setCalled] = useState<string | null>(null);
  useKeys('Adopt', 'detail', [{ keys: 'Escape', label: 'Leave the adoption', run: onLeave }]);
  const document = adopted.output;
  const name = called ?? document?.name ?? '';
  const wrong = documentName.safeParse(name).error?.issues[0]?.message;
  const keep = async () => {
    if (!document || wrong) return;
    const message = `Adopt ${path} as ${host} has it`.slice(0, 500);
    if (await save.run({ document: { ...document, name }, base: null, message })) onAdopted();
  };
  const problem = adopted.problem ?? save.problem;
  return (
    <form
      className="drift-adopt"
      aria-label="Adopt"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <h3>A document for {path}</h3>
      {!document && !problem && <WaitNote what={`Reading ${host}…`} />}
      {problem && <ProblemNote problem={problem} />}
      {document && (
        <>
          <p className="faint">
            It says what {host} has now, and is for {forWhom(document.targets)}. Widen its targets later to bring the
            same to other hosts.
          </p>
          <TextField
            label="Name of the document"
            value={name}
            error={wrong}
            onChange={(event) => setCalled(event.target.value)}
          />
          <DiffLines before="" after={document.content} same="The file is empty." />
        </>
      )}
      <div className="drift-do">
        <Button type="submit" kind="primary" disabled={!document || wrong !== undefined || save.busy}>
          Save the document
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Leave it as it is
        </Button>
      </div>
    </form>
  );
}
