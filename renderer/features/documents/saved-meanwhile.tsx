import { diff3Merge } from 'node-diff3';
import { useState } from 'react';
import type { CallOutput } from '#shared/contract/calls.ts';
import { Difference } from '../../parts/difference.tsx';
import { documentTexts } from '../../parts/drift-words.ts';
import { Ago } from '../../parts/since.tsx';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/field.tsx';
import { SignMark } from '../../ui/sign-mark.tsx';
import { type Draft, draftOf } from './draft.ts';

type Shown = 'nothing' | 'theirs' | 'yours' | 'both';

/** Who saved while something was typed here, what each changed, and the ways on; what was typed stays until a person decides. */
export function SavedMeanwhile({
  draft,
  theirs,
  setDraft,
}: {
  readonly draft: Draft;
  readonly theirs: CallOutput<'document.read'>;
  readonly setDraft: (draft: Draft) => void;
}) {
  const [shown, setShown] = useState<Shown>('nothing');
  const { revision, document } = theirs;
  const merged = mergedDraft(draft, theirs);
  const pairs = {
    theirs: [draft.original, document],
    yours: [draft.original, draft.document],
    both: [document, draft.document],
  } as const;
  const pair = shown === 'nothing' ? null : documentTexts(pairs[shown][0], pairs[shown][1]);
  return (
    <section className="document-meanwhile" aria-label="Saved meanwhile" role="alert">
      <p>
        <SignMark tone="attention" shape="triangle" />{' '}
        <b>
          {revision.by} saved revision {revision.revision}
        </b>{' '}
        <Ago at={revision.at} />
        {revision.message && ` — ${revision.message}`}. What you typed is still here, on top of revision {draft.base}.
      </p>
      <div className="document-meanwhile-do">
        <Segments
          label="Which difference"
          value={shown}
          options={[
            { value: 'nothing', label: 'No difference' },
            { value: 'theirs', label: `What ${revision.by} changed` },
            { value: 'yours', label: 'What you changed' },
            { value: 'both', label: 'Theirs to yours' },
          ]}
          onChange={setShown}
        />
        {merged && (
          <Button kind="primary" onClick={() => setDraft(merged)}>
            Bring both together
          </Button>
        )}
        <Button onClick={() => setDraft({ ...draft, base: revision.revision, original: document })}>
          Keep yours over revision {revision.revision}
        </Button>
        <Button kind="danger" onClick={() => setDraft(draftOf(document, revision.revision))}>
          Drop yours, take theirs
        </Button>
      </div>
      {pair && (
        <Difference before={pair.before} after={pair.after} names={['Before', 'After']} same="No line differs." />
      )}
    </section>
  );
}

/** What is typed with what was saved meanwhile in it; null where both changed the same place. */
export function mergedDraft(draft: Draft, theirs: CallOutput<'document.read'>): Draft | null {
  const { original, document: yours } = draft;
  const { document, revision } = theirs;
  const one = <T,>(base: T, their: T, your: T): { readonly value: T } | null => {
    const [baseText, theirText, yourText] = [base, their, your].map((value) => JSON.stringify(value));
    if (yourText === baseText || yourText === theirText) return { value: their };
    return theirText === baseText ? { value: your } : null;
  };
  const targets = one(original.targets, document.targets, yours.targets);
  const file = one(original.file, document.file, yours.file);
  const lines = (text: string) => text.split('\n');
  const regions = diff3Merge(lines(yours.content), lines(original.content), lines(document.content), {
    excludeFalseConflicts: true,
  });
  if (!targets || !file || document.format !== yours.format || regions.some(({ conflict }) => conflict)) return null;
  const content = regions.flatMap(({ ok }) => ok ?? []).join('\n');
  return {
    ...draft,
    base: revision.revision,
    original: document,
    document: { ...yours, targets: targets.value, file: file.value, content },
  };
}
