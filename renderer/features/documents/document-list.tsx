import { Download, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useConsole } from '../../state/console.ts';
import { useOperate, useRecords, useSection } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute } from '../../state/routes.ts';
import { driftedHosts } from '../../parts/drift-words.ts';
import { StrayHosts } from '../../parts/stray-hosts.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { count } from '../../words/amounts.ts';
import { DocumentRow } from './document-row.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { findDocuments } from './find-documents.ts';
import { newDocument } from './new-document-name.ts';

const columns: readonly TableColumn[] = [
  { id: 'chosen', title: '', width: 34 },
  { id: 'name', title: 'Document', width: 150, flexible: 2 },
  { id: 'what', title: 'What it is', width: 190, flexible: 3 },
  { id: 'for', title: 'For', width: 176, flexible: 3 },
  { id: 'hosts', title: 'Hosts', width: 54, align: 'end' },
  { id: 'state', title: 'How they stand', width: 190, flexible: 2 },
  { id: 'last', title: 'Newest revision', width: 210, flexible: 3 },
];

/** Every document of the team: what it is, for whom, who wrote it last, and how the hosts stand to it. */
export function DocumentList({ cluster }: { readonly cluster: string }) {
  const { router } = useConsole();
  const operate = useOperate();
  const documents = useRecords('document');
  const where = useSection('cluster', '', 'documents');
  const [filter, setFilter] = useState('');
  const [cursor, setCursor] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [exporting, setExporting] = useState(false);
  const rows = useMemo(() => findDocuments(documents, filter), [documents, filter]);
  const picked = [...documents.keys()].filter((name) => chosen.has(name)).toSorted();
  const drifted = driftedHosts(documents).size;
  const open = (document: string) => router.go({ view: 'config', cluster, tab: 'documents', document });
  const move = (steps: number) => () => {
    const at = cursor === null ? -1 : rows.indexOf(cursor);
    setCursor(rows[Math.max(0, Math.min(rows.length - 1, at + steps))] ?? null);
  };
  const toggle = (name: string) =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  useKeys('Documents', 'view', [
    { keys: 'j', label: 'Next document', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous document', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    { keys: 'Enter', label: 'Open the document', run: () => cursor !== null && open(cursor) },
    { keys: 'x', label: 'Choose the document', run: () => cursor !== null && toggle(cursor) },
    { keys: 'e', label: 'Export the chosen documents, or all', run: () => rows.length > 0 && setExporting(true) },
    ...(operate ? [{ keys: 'n', label: 'New document', run: () => open(newDocument) }] : []),
    { keys: '/', label: 'Filter', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
    {
      keys: 'Escape',
      label: 'Leave the filter, then clear it',
      typing: true,
      run: () => {
        if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
        else setFilter('');
      },
    },
  ]);
  // None were read, which is not to say that there are none.
  const unread = documents.size === 0 && where?.problem != null;
  const emptyTitle = unread
    ? 'The documents cannot be read now'
    : documents.size === 0
      ? 'No documents yet'
      : 'No document matches';
  const doors = (
    <Button kind="primary" onClick={() => open(newDocument)}>
      <Plus size={15} /> New document
    </Button>
  );
  return (
    <>
      <h1 className="unseen">Documents</h1>
      <div className="documents-toolbar" role="toolbar" aria-label="Documents">
        <input
          className="input documents-filter"
          data-filter=""
          type="search"
          aria-label="Filter documents"
          placeholder="Filter by name, path, target or person"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="documents-sum" role="status">
          {unread ? 'not read' : count(documents.size, 'document')}
          {drifted > 0 && ` · ${count(drifted, 'host')} drifted`}
          {where && <span className="faint cut"> · kept in {whereWords(where)}</span>}
        </span>
        {rows.length > 0 && (
          <Button onClick={() => setExporting(true)}>
            <Download size={15} /> Export {picked.length === 0 ? 'all' : count(picked.length, 'document')}
          </Button>
        )}
        {operate && rows.length > 0 && doors}
      </div>
      {!operate && (
        <p className="documents-observe faint">
          This cluster is only observed: everything can be read, nothing saved. The mode is changed under{' '}
          <a href={printRoute({ view: 'settings', cluster, tab: 'general' })}>Settings</a>.
        </p>
      )}
      <StrayHosts cluster={cluster} />
      {rows.length === 0 ? (
        <EmptyNote title={emptyTitle}>
          {unread ? (
            <p>They are shown again as soon as they are read.</p>
          ) : documents.size === 0 ? (
            <>
              <p>
                A document is configuration as your team keeps it: one file, or a cloud-config, Butane or Ignition text,
                and the hosts it is for. Every host of it is compared with what it says, and one that drifted is brought
                back in stages.
              </p>
              {operate && doors}
            </>
          ) : (
            <button type="button" className="link-button" onClick={() => setFilter('')}>
              Clear the filter
            </button>
          )}
        </EmptyNote>
      ) : (
        <VirtualTable
          label="Documents"
          columns={columns}
          rows={rows}
          cursor={cursor}
          renderRow={(name, place) => (
            <DocumentRow
              key={name}
              cluster={cluster}
              name={name}
              place={place}
              cursor={name === cursor}
              chosen={chosen.has(name)}
              onChoose={() => toggle(name)}
              onPress={() => setCursor(name)}
              onOpen={() => open(name)}
            />
          )}
        />
      )}
      {exporting && (
        <ExportDialog
          names={picked.length === 0 ? [...documents.keys()].toSorted() : picked}
          onClose={() => setExporting(false)}
        />
      )}
    </>
  );
}

function whereWords({ kind, where }: { readonly kind: string; readonly where: string }): string {
  if (kind === 'etcd') return 'this cluster’s etcd, for every console';
  if (kind === 'folder') return `the folder ${where}`;
  return 'this console only, as the cluster has no etcd';
}
