import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { CallOutput } from '#shared/contract/calls.ts';
import type { ConfigDocument } from '#shared/contract/document.ts';
import { TextAndForm } from '../../parts/form/text-and-form.tsx';
import { SecretsList } from '../../parts/secrets.tsx';
import { useDo, useQuery } from '../../state/calls.ts';
import { useOperate } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute } from '../../state/routes.ts';
import { Button, Keys } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { ComesTo } from './comes-to.tsx';
import { DocumentFields } from './document-fields.tsx';
import { DocumentText } from './document-text.tsx';
import { type Draft, isEdited, wrongIn } from './draft.ts';
import { SavedMeanwhile } from './saved-meanwhile.tsx';
import { useSettled } from '../../ui/use-settled.ts';

const settleMs = 350;

/** The text of a document, whom it is for, what it comes to, and the way to keep it as a new revision. */
export function TextPane({
  cluster,
  draft,
  setDraft,
  theirs,
  isNew,
  onSaved,
}: {
  readonly cluster: string;
  readonly draft: Draft;
  readonly setDraft: (draft: Draft) => void;
  readonly theirs: CallOutput<'document.read'> | null;
  readonly isNew: boolean;
  readonly onSaved: () => void;
}) {
  const operate = useOperate();
  const { document, message } = draft;
  const save = useDo('document.save');
  const latest = useRef(draft);
  useLayoutEffect(() => {
    latest.current = draft;
  });
  const messageField = useRef<HTMLInputElement>(null);
  const [jump, setJump] = useState<{ readonly line: number } | null>(null);
  const wrong = wrongIn(document);
  const settled = useSettled(wrong ? null : document, settleMs);
  const asked = useQuery('document.render', settled ? { document: settled, host: null } : null);
  const rendered = asked.output;
  const edited = isEdited(draft) || isNew;
  const marks = useMarks(rendered?.problems);
  const texts = useMemo(() => ({ content: document.content }), [document.content]);
  const set = (change: Partial<ConfigDocument>) => setDraft({ ...draft, document: { ...document, ...change } });
  const keep = async () => {
    if (!operate || !edited || wrong || save.busy) return;
    const revision = await save.run({ document, base: draft.base, message: message.trim() });
    if (!revision) return;
    // What was typed while it was being saved is not in the revision, and stays.
    setDraft({ ...latest.current, base: revision.revision, original: document, message: '' });
    onSaved();
  };
  // The first press leads to why, the second keeps it: a revision without a word is of little use to others.
  const saveKey = () => {
    if (window.document.activeElement === messageField.current || message.trim() !== '') void keep();
    else messageField.current?.focus();
  };
  useKeys('Text', 'part', [
    { keys: 'Mod+s', label: 'Say what changed, then save', typing: true, run: saveKey },
    ...(isNew ? [] : [{ keys: 'Mod+Enter', label: 'Save the revision', typing: true, run: () => void keep() }]),
  ]);
  return (
    <form
      className="document-text"
      aria-label={`Text of ${document.name || 'a new document'}`}
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      {theirs && !save.busy && (
        <SavedMeanwhile
          draft={draft}
          theirs={theirs}
          setDraft={(next) => {
            save.forget();
            setDraft(next);
          }}
        />
      )}
      <div className="document-panes">
        <div className="document-editor">
          <TextAndForm
            document={document}
            readOnly={!operate}
            onText={(content) => set({ content })}
            onJump={(line) => setJump(line === null ? null : { line })}
          >
            <DocumentText
              name={document.name || 'a new document'}
              format={document.format}
              path={document.file?.path ?? null}
              text={document.content}
              marks={marks}
              jumpTo={jump}
              readOnly={!operate}
              onText={(content) => content !== document.content && set({ content })}
              onSave={saveKey}
            />
          </TextAndForm>
        </div>
        <aside className="document-side" aria-label="What it says besides its text">
          <DocumentFields document={document} isNew={isNew} hosts={rendered?.hosts ?? null} onChange={set} />
          <SecretsList texts={texts} where={`the document ${document.name || 'being written'}`} />
          {asked.problem && <ProblemNote problem={asked.problem} />}
          {rendered && <ComesTo rendered={rendered} format={document.format} onJump={(line) => setJump({ line })} />}
        </aside>
      </div>
      {operate ? (
        <footer className="document-save">
          {save.problem && save.problem.code !== 'conflict' && <ProblemNote problem={save.problem} />}
          {save.problem?.code === 'conflict' && !theirs && <ProblemNote problem={save.problem} />}
          <div className="document-save-line">
            <input
              ref={messageField}
              className="input"
              aria-label="What changed, and why"
              placeholder="What changed, and why"
              maxLength={500}
              value={message}
              onChange={(event) => setDraft({ ...draft, message: event.target.value })}
            />
            <Button type="submit" kind="primary" disabled={!edited || wrong !== null || save.busy}>
              {save.busy ? 'Saving…' : isNew ? 'Save the document' : 'Save revision'}
            </Button>
            <Keys keys="Ctrl S" />
            <span className="faint document-save-why">{wrong ? wrong.message : edited ? '' : 'Nothing to save.'}</span>
          </div>
        </footer>
      ) : (
        <p className="document-observed faint">
          This cluster is only observed: nothing can be saved. The mode is changed under{' '}
          <a href={printRoute({ view: 'settings', cluster, tab: 'general' })}>Settings</a>.
        </p>
      )}
    </form>
  );
}

type Marks = { readonly line: number; readonly column: number | undefined; readonly text: string }[];
const none: Marks = [];

/** Problems that lie in the text; the same array as long as they are the same, as the editor draws them anew otherwise. */
function useMarks(problems: CallOutput<'document.render'>['problems'] | undefined): Marks {
  const [state, setState] = useState({ key: '[]', marks: none });
  const marks = (problems ?? []).flatMap(({ message, hint, place }) =>
    place && !place.file.endsWith('(targets)')
      ? [{ line: place.line, column: place.column, text: hint ? `${message}. ${hint}` : message }]
      : [],
  );
  const key = JSON.stringify(marks);
  if (key === state.key) return state.marks;
  setState({ key, marks });
  return marks;
}
