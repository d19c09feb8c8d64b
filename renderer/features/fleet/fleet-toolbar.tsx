import { Bookmark, Columns3, Hexagon, Table2 } from 'lucide-react';
import { useConsole } from '../../state/console.ts';
import type { FleetList } from '../../state/fleet-list.ts';
import { usePreference, useSection } from '../../state/hooks.ts';
import type { FleetQuery } from '../../state/routes.ts';
import { currentView, viewChoice } from '../../state/saved-views.ts';
import { Choice, Segments } from '../../ui/field.tsx';
import { MenuButton, type MenuLine } from '../../ui/menu.tsx';
import { ColumnsMenu } from './columns-menu.tsx';
import { FilterField } from '../../parts/filter-field.tsx';

/** The line above the fleet: what is listed and how. */
export function FleetToolbar({
  list,
  query,
  setQuery,
}: {
  readonly list: FleetList;
  readonly query: FleetQuery;
  readonly setQuery: (change: Partial<FleetQuery>) => void;
}) {
  const groupings = [
    { value: '', label: 'none' },
    { value: 'state', label: 'state' },
    { value: 'os', label: 'OS' },
    { value: 'channel', label: 'channel' },
    { value: 'link', label: 'connection' },
    ...list.labelKeys.map((key) => ({ value: `label:${key}`, label: `label ${key}` })),
  ];
  return (
    <div className="fleet-toolbar" role="toolbar" aria-label="Fleet">
      <FilterField filter={list.filter} text={query.filter} onText={(filter) => setQuery({ filter })} />
      <Choice
        label="Group by"
        value={query.groupBy}
        options={groupings}
        onChange={(groupBy) => setQuery({ groupBy })}
      />
      <Segments
        label="Layout"
        value={query.layout}
        options={[
          { value: 'table', label: <Table2 size={15} />, name: 'Table' },
          { value: 'honeycomb', label: <Hexagon size={15} />, name: 'Honeycomb' },
        ]}
        onChange={(layout) => setQuery({ layout })}
      />
      {query.layout === 'table' && (
        <ColumnsMenu>
          <Columns3 size={15} />
        </ColumnsMenu>
      )}
      <ViewsMenu query={query} setQuery={setQuery} />
    </div>
  );
}

function ViewsMenu({
  query,
  setQuery,
}: {
  readonly query: FleetQuery;
  readonly setQuery: (change: Partial<FleetQuery>) => void;
}) {
  const { dialogs, link, notices } = useConsole();
  const [choice, setColumns] = usePreference('fleetColumns');
  const views = useSection('app', '', 'views') ?? [];
  const current = currentView(views, query, choice);
  const lines: (MenuLine | null)[] = [
    ...views.map((view) => ({
      label: view.name,
      checked: view.name === current?.name,
      run: () => {
        const wanted = viewChoice(view);
        setQuery(wanted.query);
        setColumns(wanted.columns);
      },
    })),
    ...(views.length > 0 ? [null] : []),
    { label: 'Save this as a view…', run: () => dialogs.setState({ open: { kind: 'save-view' } }) },
    ...(current
      ? [
          {
            label: `Delete the view “${current.name}”`,
            danger: true,
            run: () => notices.watch('Deleting the view', link.call('views.delete', { name: current.name })),
          },
        ]
      : []),
  ];
  return (
    <MenuButton name="Saved views" className="button button-plain" lines={lines}>
      <Bookmark size={15} />
      <span className="cut fleet-view-name">{current?.name ?? 'Views'}</span>
    </MenuButton>
  );
}
