import { useCallback, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../state/console.ts';
import { fleetColumns } from '../../state/fleet-columns.ts';
import type { FleetList } from '../../state/fleet-list.ts';
import { isGroupKey } from '../../state/group-key.ts';
import { usePreference } from '../../state/hooks.ts';
import { showHosts } from '../../state/looking.ts';
import type { FleetQuery } from '../../state/routes.ts';
import { shownColumns } from '../../state/saved-views.ts';
import type { ColumnChoice } from '#shared/contract/preferences.ts';
import { toggled } from '../../state/selection.ts';
import type { MenuPlace } from '../../ui/menu.tsx';
import { type RowPlace, type TableColumn, VirtualTable } from '../../ui/virtual-table.tsx';
import { useWidth } from '../../ui/use-width.ts';
import { fittingColumns } from './fitting-columns.ts';
import { FleetRow } from './fleet-row.tsx';
import { GroupRow } from './group-row.tsx';
import { SelectAll } from './select-all.tsx';
import { usePress } from './use-press.ts';

/** The fleet as a table of which only the rows on screen exist. */
export function FleetTable({
  cluster,
  list,
  query,
  setQuery,
  openHost,
  fold,
  openMenu,
}: {
  readonly cluster: string;
  readonly list: FleetList;
  readonly query: FleetQuery;
  readonly setQuery: (change: Partial<FleetQuery>) => void;
  readonly openHost: (host: string) => void;
  readonly fold: (group: string) => void;
  readonly openMenu: (hosts: readonly string[], place: MenuPlace) => void;
}) {
  const { selection } = useConsole();
  const { hosts: selected, cursor } = useStore(selection);
  const [choice, setChoice] = usePreference('fleetColumns');
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const beside = query.preview !== null;
  const columns = useMemo(() => {
    const all = tableColumns(choice);
    // Columns a person chose are never taken away, unless a host is read beside them.
    return beside || choice === null ? fittingColumns(all, width) : all;
  }, [choice, beside, width]);
  const ids = useMemo(() => columns.map(({ id }) => id).slice(1), [columns]);

  const onSort = (id: string) => {
    const column = fleetColumns.find((column) => column.id === id);
    const same = query.sort.column === id;
    setQuery({ sort: { column: id, descending: same ? !query.sort.descending : (column?.largestFirst ?? false) } });
  };
  const onResize = (id: string, width: number) => {
    setChoice(shownColumns(choice).map((column) => (column.id === id ? { id, width } : column)));
  };
  const onPress = usePress(list.rows);
  const onGroup = useCallback((key: string) => selection.setState({ cursor: key, anchor: null }), [selection]);
  const onToggle = useCallback((host: string) => selection.setState(toggled(selection.getState(), host)), [selection]);
  const onMenu = useCallback(
    (host: string, place: MenuPlace) => {
      const { hosts } = selection.getState();
      selection.setState({ cursor: host });
      openMenu(hosts.has(host) ? [...hosts] : [host], place);
    },
    [selection, openMenu],
  );
  const onVisible = useCallback((keys: readonly string[]) => showHosts(keys.filter((key) => !isGroupKey(key))), []);

  const renderRow = (key: string, place: RowPlace) => {
    const group = list.groups.get(key);
    if (group)
      return (
        <GroupRow
          key={key}
          place={place}
          group={group}
          groupBy={query.groupBy}
          cursor={key === cursor}
          onPress={onGroup}
          onFold={() => fold(key)}
          onMenu={openMenu}
        />
      );
    return (
      <FleetRow
        key={key}
        cluster={cluster}
        host={key}
        top={place.top}
        index={place.index}
        id={place.id}
        columns={ids}
        cursor={key === cursor}
        selected={selected.has(key)}
        onPress={onPress}
        onToggle={onToggle}
        onOpen={openHost}
        onMenu={onMenu}
      />
    );
  };
  return (
    <div className="fleet-table" ref={frame}>
      <VirtualTable
        label="Hosts"
        heads={{ select: <SelectAll matched={list.matched} /> }}
        columns={columns}
        rows={list.rows}
        cursor={cursor}
        sort={query.sort}
        onSort={onSort}
        onResize={onResize}
        onVisible={onVisible}
        renderRow={renderRow}
        multiselect
      />
    </div>
  );
}

/** Columns of text that may be longer than their width share what room is left, by these weights. */
const flexible: Readonly<Record<string, number>> = { state: 4, labels: 2, os: 1 };

/** The columns chosen, each at the width chosen; those of long text take what room is left until they are given a width. */
function tableColumns(choice: readonly ColumnChoice[] | null): TableColumn[] {
  const columns = shownColumns(choice).flatMap(({ id, width }): TableColumn[] => {
    const column = fleetColumns.find((column) => column.id === id);
    if (!column) return [];
    const { title, align } = column;
    return [
      {
        id,
        title,
        align,
        sortable: true,
        width: width ?? column.width,
        flexible: width === null ? (flexible[id] ?? 0) : 0,
      },
    ];
  });
  return [{ id: 'select', title: '', width: 32 }, ...columns];
}
