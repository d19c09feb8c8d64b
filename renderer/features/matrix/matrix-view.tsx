import { ConfigTabs } from '../../parts/config-tabs.tsx';

/** The settings of one structured file over many hosts; the odd ones out stand out. */
export function MatrixView({ cluster, path }: { readonly cluster: string; readonly path: string }) {
  return (
    <div className="page">
      <ConfigTabs cluster={cluster} current="matrix" path={path} />
      <h1>Matrix {path}</h1>
    </div>
  );
}
