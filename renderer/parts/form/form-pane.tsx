import { useMemo, useState } from 'react';
import type { ConfigDocument } from '#shared/contract/document.ts';
import type { FormPart } from '#shared/lib/form/form.ts';
import { readForm } from '#shared/lib/form/read-form.ts';
import { Segments } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { FormAddButton } from './form-add.tsx';
import { FoldedEntry } from './form-entry.tsx';
import { ReadOnlyForm } from './read-only.ts';
import './form.css';

const nothing: Record<FormPart['id'], string> = {
  users: 'The text names no user.',
  units: 'The text names no unit.',
  network: 'The text writes no file of networkd.',
  updates: 'The text says nothing of updates.',
};

/** A document as fields: what is typed in them stands in the text at once, and what is typed in the text stands in them. */
export function FormPane({
  document,
  readOnly,
  onText,
  onJump,
}: {
  readonly document: ConfigDocument;
  readonly readOnly: boolean;
  readonly onText: (text: string) => void;
  /** To a line of the text. */
  readonly onJump: (line: number) => void;
}) {
  const { parts, problem } = useMemo(() => readForm(document), [document]);
  const [chosen, choose] = useState<FormPart['id'] | null>(null);
  const part = parts.find(({ id }) => id === chosen) ?? parts.find(({ entries }) => entries.length > 0) ?? parts[0];
  if (problem || !part)
    return (
      <div className="form-pane">
        <ProblemNote
          problem={problem ?? { message: 'There is no form for this kind of file.', hint: 'Edit the text.' }}
        >
          {problem?.place && (
            <button type="button" className="link-button" onClick={() => onJump(problem.place?.line ?? 1)}>
              Go to line {problem.place.line}, which keeps the form from being shown
            </button>
          )}
        </ProblemNote>
      </div>
    );
  return (
    <ReadOnlyForm value={readOnly}>
      <div
        role="group"
        aria-label={`Form of ${document.name || 'a new document'}`}
        className="form-pane"
        onKeyDown={(event) => {
          // Enter in a field would save the document around it.
          if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
        }}
      >
        {parts.length > 1 && (
          <Segments
            label="Parts of the form"
            value={part.id}
            options={parts.map(({ id, title, entries }) => ({
              value: id,
              label: entries.length > 0 ? `${title} ${entries.length}` : title,
            }))}
            onChange={choose}
          />
        )}
        <section className="form-part" aria-label={part.title}>
          {part.entries.length === 0 && <p className="faint">{nothing[part.id]}</p>}
          {part.entries.map((entry) => (
            <FoldedEntry key={entry.id} entry={entry} open={part.entries.length <= 3} onText={onText} onJump={onJump} />
          ))}
          {part.adds.length > 0 && !readOnly && (
            <div className="form-adds">
              {part.adds.map((add) => (
                <FormAddButton key={add.id} add={add} onText={onText} />
              ))}
            </div>
          )}
        </section>
      </div>
    </ReadOnlyForm>
  );
}
