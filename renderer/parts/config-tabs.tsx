import { type ConfigTab, configTabs, printRoute } from '../state/routes.ts';
import { Tabs } from '../ui/tabs.tsx';

const words: Record<ConfigTab, string> = { documents: 'Documents', compare: 'Compare a file', matrix: 'Matrix' };

/** The ways to look at configuration; a file that is looked at stays the same in all that show one. */
export function ConfigTabs({
  cluster,
  current,
  path,
}: {
  readonly cluster: string;
  readonly current: ConfigTab;
  readonly path: string;
}) {
  return (
    <Tabs
      label="Ways to look at configuration"
      current={current}
      tabs={configTabs.map((tab) => ({
        id: tab,
        label: words[tab],
        href: printRoute(
          tab === 'documents'
            ? { view: 'config', cluster, tab, document: null }
            : { view: 'config', cluster, tab, path },
        ),
      }))}
    />
  );
}
