import { useEffect, useState } from 'react';
import { useConsole } from '../../state/console.ts';
import { useOperate } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute } from '../../state/routes.ts';
import { EmptyNote } from '../../ui/notes.tsx';
import { Doors, empty } from './document-doors.tsx';
import { type Draft, draftOf, keptDrafts } from './draft.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { newDocument } from './new-document-name.ts';
import { TextPane } from './text-pane.tsx';
import { useHold } from './use-hold.ts';

/** A document that is not there yet: from nothing, from what a host has, or from a pasted text. */
export function NewDocument({ cluster }: { readonly cluster: string }) {
  const { router } = useConsole();
  const operate = useOperate();
  const [draft, setOwn] = useState<Draft | null>(() => keptDrafts.get(cluster, newDocument));
  const [saved, setSaved] = useState(false);
  const setDraft = (next: Draft) => {
    keptDrafts.put(cluster, newDocument, next);
    setOwn(next);
  };
  const name = draft?.document.name ?? '';
  const leaving = useHold(draft !== null && !saved, (to) => 'document' in to && to.document === newDocument);
  useEffect(() => {
    if (!saved || !draft) return;
    const { name } = draft.original;
    keptDrafts.drop(cluster, newDocument);
    // What was typed while it was being saved goes along.
    keptDrafts.put(cluster, name, { ...draft, document: { ...draft.document, name } });
    router.replace({ view: 'config', cluster, tab: 'documents', document: name });
  }, [saved, cluster, draft, router]);
  useKeys('New document', 'view', [
    {
      keys: 'Escape',
      label: 'Back to the documents',
      run: () => router.go({ view: 'config', cluster, tab: 'documents', document: null }),
    },
  ]);
  if (!operate) {
    return (
      <EmptyNote title="This cluster is only observed">
        <p>
          Nothing can be saved here. The mode is changed under{' '}
          <a href={printRoute({ view: 'settings', cluster, tab: 'general' })}>Settings</a>.
        </p>
      </EmptyNote>
    );
  }
  return (
    <>
      <header className="document-head">
        <h1>New document</h1>
        {draft === null && <p className="document-about">What does it begin with?</p>}
      </header>
      {draft === null ? (
        <Doors onBegin={(document) => setDraft({ ...draftOf(empty, null), document })} />
      ) : (
        <TextPane
          cluster={cluster}
          draft={draft}
          setDraft={setDraft}
          theirs={null}
          isNew
          onSaved={() => setSaved(true)}
        />
      )}
      {leaving.to && (
        <LeaveDialog
          name={name || 'The new document'}
          onStay={leaving.stay}
          onLeave={() => {
            keptDrafts.drop(cluster, newDocument);
            leaving.leave();
          }}
        />
      )}
    </>
  );
}
