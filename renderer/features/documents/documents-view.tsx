import { ConfigTabs } from '../../parts/config-tabs.tsx';

/** The team's documents, their revisions, and how the hosts stand to them. */
export function DocumentsView({ cluster, document }: { readonly cluster: string; readonly document: string | null }) {
  return (
    <div className="page">
      <ConfigTabs cluster={cluster} current="documents" path="" />
      <h1>{document ?? 'Documents'}</h1>
    </div>
  );
}
