import { useCallback, useEffect, useMemo, useState } from 'react';
import { useHostActions } from '../../parts/host-actions.ts';
import { useConsole } from '../../state/console.ts';
import { usePreference } from '../../state/hooks.ts';
import { useHostsLeave } from '../../state/looking.ts';
import type { FleetQuery } from '../../state/routes.ts';
import { isGroupKey } from '../../state/group-key.ts';
import { useFleetList } from '../../state/use-fleet-list.ts';
import { MenuAt, type MenuPlace } from '../../ui/menu.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { count } from '../../words/amounts.ts';
import { FleetTable } from './fleet-table.tsx';
import { FleetToolbar } from './fleet-toolbar.tsx';
import { Honeycomb } from './honeycomb.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { SummaryLine } from './summary-line.tsx';
import { useFleetKeys } from './use-fleet-keys.ts';
import './fleet.css';

/** Keeps the preview and the cursor on one host: j and k read hosts one after the other, a link opens on the host it names. */
function usePreviewFollows(preview: string | null, setQuery: (change: Partial<FleetQuery>) => void): void {
  const { selection } = useConsole();
  useEffect(() => {
    if (preview === null) return undefined;
    if (selection.getState().cursor !== preview) selection.setState({ cursor: preview });
    return selection.subscribe(({ cursor }) => {
      if (cursor !== null && cursor !== preview && !isGroupKey(cursor)) setQuery({ preview: cursor });
    });
  }, [selection, preview, setQuery]);
}

/** Every host of the cluster, live: filter, group, sort, select, preview. */
export function FleetView({ cluster, query }: { readonly cluster: string; readonly query: FleetQuery }) {
  const { router } = useConsole();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [menu, setMenu] = useState<{ place: MenuPlace; hosts: readonly string[] } | null>(null);
  const [detailWidth, setDetailWidth] = usePreference('detailWidth');
  const list = useFleetList(query, folded);
  const actions = useHostActions();
  useHostsLeave();

  const setQuery = useCallback(
    (change: Partial<FleetQuery>) => router.replace({ view: 'fleet', cluster, query: { ...query, ...change } }),
    [router, cluster, query],
  );
  const openHost = useCallback(
    (host: string) => router.go({ view: 'host', cluster, host, tab: 'overview', unit: null }),
    [router, cluster],
  );
  const fold = useCallback((key: string) => {
    setFolded((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  const openMenu = useCallback((hosts: readonly string[], place: MenuPlace) => setMenu({ hosts, place }), []);
  useFleetKeys({ list, query, setQuery, openHost, openMenu, fold });

  const { preview } = query;
  usePreviewFollows(preview, setQuery);
  const body = useMemo(() => {
    if (list.total === 0) {
      return (
        <EmptyNote title="This cluster has no hosts yet">
          <p>
            Add some to its file under <a href={`#/c/${cluster}/settings/file`}>Settings</a>, or{' '}
            <a href="#/add/ssh-config">import a new cluster</a>.
          </p>
        </EmptyNote>
      );
    }
    if (list.matched.length === 0) {
      return (
        <EmptyNote title="No host matches this filter">
          <p>
            {count(list.total, 'host')} {list.total === 1 ? 'is' : 'are'} here.{' '}
            <button type="button" className="link-button" onClick={() => setQuery({ filter: '' })}>
              Clear the filter
            </button>
          </p>
        </EmptyNote>
      );
    }
    return null;
  }, [list.total, list.matched.length, cluster, setQuery]);

  return (
    <>
      <h1 className="unseen">Fleet</h1>
      <FleetToolbar list={list} query={query} setQuery={setQuery} />
      <SummaryLine list={list} query={query} setQuery={setQuery} openMenu={openMenu} />
      <SplitPane
        width={detailWidth}
        onWidth={setDetailWidth}
        label="Host preview"
        detail={
          preview === null ? null : (
            <PreviewPane key={preview} cluster={cluster} host={preview} onClose={() => setQuery({ preview: null })} />
          )
        }
      >
        {body ??
          (query.layout === 'honeycomb' ? (
            <Honeycomb list={list} groupBy={query.groupBy} fold={fold} openHost={openHost} openMenu={openMenu} />
          ) : (
            <FleetTable
              cluster={cluster}
              list={list}
              query={query}
              setQuery={setQuery}
              openHost={openHost}
              fold={fold}
              openMenu={openMenu}
            />
          ))}
      </SplitPane>
      {menu && (
        <MenuAt
          place={menu.place}
          label={menu.hosts.length === 1 ? (menu.hosts[0] ?? '') : count(menu.hosts.length, 'host')}
          lines={actions(menu.hosts)}
          onClose={() => setMenu(null)}
        />
      )}
    </>
  );
}
