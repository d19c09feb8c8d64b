import { useSection } from '../../state/hooks.ts';
import type { DocumentPart } from '../../state/routes.ts';
import { ConfigTabs } from '../../parts/config-tabs.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { DocumentList } from './document-list.tsx';
import { DocumentPage } from './document-page.tsx';
import { NewDocument } from './new-document.tsx';
import { newDocument } from './new-document-name.ts';
import './documents.css';

/** The team's documents, their revisions, and how the hosts stand to them. */
export function DocumentsView({
  cluster,
  document,
  part = 'text',
  state,
}: {
  readonly cluster: string;
  readonly document: string | null;
  readonly part?: DocumentPart | undefined;
  readonly state?: string | undefined;
}) {
  const where = useSection('cluster', '', 'documents');
  return (
    <div className="documents">
      <ConfigTabs cluster={cluster} current="documents" path="" />
      {where?.problem && (
        <div className="documents-trouble">
          <ProblemNote problem={where.problem} />
        </div>
      )}
      {document === null && <DocumentList cluster={cluster} />}
      {document === newDocument && <NewDocument cluster={cluster} />}
      {document !== null && document !== newDocument && (
        <DocumentPage key={document} cluster={cluster} name={document} part={part} state={state} />
      )}
    </div>
  );
}
