import { useState } from 'react';
import { DriftCounts } from '../../parts/drift-counts.tsx';
import { forWhom, isDrifted, whatItIs } from '../../parts/drift-words.ts';
import { Ago } from '../../parts/since.tsx';
import { useConsole } from '../../state/console.ts';
import { useOperate, useSection } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { type DocumentPart, documentParts, printRoute, type Route } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { DriftPane } from './drift-pane.tsx';
import { isEdited, keptDrafts } from './draft.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RevisionsPane } from './revisions-pane.tsx';
import { TextPane } from './text-pane.tsx';
import { useDraft } from './use-draft.ts';
import { useHold } from './use-hold.ts';

const words: Record<DocumentPart, string> = { text: 'Text', revisions: 'Revisions', drift: 'Drift' };

/** One document: its text and what that comes to, who wrote it when, and how each host stands to it. */
export function DocumentPage({
  cluster,
  name,
  part,
  state,
}: {
  readonly cluster: string;
  readonly name: string;
  readonly part: DocumentPart;
  readonly state: string | undefined;
}) {
  const { router } = useConsole();
  const about = useSection('document', name, 'about');
  const drift = useSection('document', name, 'drift');
  const { draft, setDraft, theirs, problem } = useDraft(cluster, name);
  const operate = useOperate();
  const [removing, setRemoving] = useState(false);
  const edited = draft !== null && isEdited(draft);
  const leaving = useHold(edited, (to) => to.view === 'config' && to.tab === 'documents' && to.document === name);
  const address = (part: DocumentPart) =>
    ({ view: 'config', cluster, tab: 'documents', document: name, part }) as const satisfies Route;
  useKeys(`Document ${name}`, 'view', [
    ...documentParts.map((part, index) => ({
      keys: `${index + 1}`,
      label: words[part],
      run: () => router.replace(address(part)),
    })),
    {
      keys: 'Escape',
      label: 'Back to the documents',
      run: () => router.go({ view: 'config', cluster, tab: 'documents', document: null }),
    },
  ]);
  if (!about && !edited) {
    if (part === 'revisions') return <RevisionsPane name={name} newest={null} />;
    return (
      <EmptyNote title={`There is no document “${name}”`}>
        <p>
          It may have been removed, and then <a href={printRoute(address('revisions'))}>its revisions</a> bring it back;
          or it lies in another cluster.{' '}
          <a href={printRoute({ view: 'config', cluster, tab: 'documents', document: null })}>See all documents</a>
        </p>
      </EmptyNote>
    );
  }
  const drifted = drift?.filter(isDrifted).length ?? 0;
  return (
    <>
      <header className="document-head">
        <div className="document-title">
          <h1>{name}</h1>
          <DriftCounts cluster={cluster} name={name} drift={drift} />
          {operate && drifted > 0 && part !== 'drift' && (
            <a className="button button-plain" href={printRoute({ ...address('drift'), state: 'apply' })}>
              Apply in stages to {count(drifted, 'host')}
            </a>
          )}
          {operate && about && (
            <Button kind="quiet" className="document-remove" onClick={() => setRemoving(true)}>
              Remove the document
            </Button>
          )}
        </div>
        {about ? (
          <p className="document-about cut">
            <span className={about.path === null ? '' : 'mono'}>{whatItIs(about)}</span> · for {forWhom(about.targets)}{' '}
            · revision {about.last.revision} by {about.last.by}, <Ago at={about.last.at} />
            {about.last.message && ` — ${about.last.message}`}
          </p>
        ) : (
          <p className="document-about">
            Somebody removed it. What you typed stays here;{' '}
            <a href={printRoute(address('revisions'))}>a revision that is restored</a> lets you save it.
          </p>
        )}
      </header>
      <Tabs
        label={`Parts of ${name}`}
        current={part}
        tabs={documentParts.map((id) => ({
          id,
          href: printRoute(address(id)),
          label: (
            <>
              {words[id]}
              {id === 'text' && edited && <span className="document-count">not saved</span>}
              {id === 'drift' && drifted > 0 && <span className="document-count">{drifted}</span>}
            </>
          ),
        }))}
      />
      {problem && (
        <div className="documents-trouble">
          <ProblemNote problem={problem} />
        </div>
      )}
      {draft === null && !problem && <WaitNote what={`Reading ${name}…`} />}
      {part === 'text' && draft && (
        <TextPane
          cluster={cluster}
          draft={draft}
          setDraft={setDraft}
          theirs={theirs}
          isNew={false}
          onSaved={() => {}}
        />
      )}
      {part === 'revisions' && <RevisionsPane name={name} newest={about?.last.revision ?? null} />}
      {part === 'drift' && <DriftPane key={state ?? ''} cluster={cluster} name={name} opened={state ?? null} />}
      {removing && about && <RemoveDialog name={name} base={about.last.revision} onClose={() => setRemoving(false)} />}
      {leaving.to && (
        <LeaveDialog
          name={name}
          onStay={leaving.stay}
          onLeave={() => {
            keptDrafts.drop(cluster, name);
            leaving.leave();
          }}
        />
      )}
    </>
  );
}
