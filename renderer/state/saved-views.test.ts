import { describe, expect, it } from 'vitest';
import { savedView, type SavedView } from '#shared/contract/cluster.ts';
import { plainFleet } from './routes.ts';
import { currentView, shownColumns, viewChoice } from './saved-views.ts';

const view = (name: string, more: Partial<SavedView> = {}): SavedView => ({
  name,
  filter: '',
  layout: 'table',
  groupBy: '',
  sort: { column: 'name', descending: false },
  columns: [...shownColumns(null)],
  ...more,
});
const narrow = [
  { id: 'name', width: 90 },
  { id: 'cpu', width: null },
];

describe('currentView', () => {
  const views = [
    view('plain'),
    view('comb', { layout: 'honeycomb', columns: narrow }),
    view('by load', { sort: { column: 'cpu', descending: true } }),
    view('narrow', { columns: narrow }),
    view('narrower', {
      columns: [
        { id: 'name', width: 50 },
        { id: 'cpu', width: null },
      ],
    }),
  ];
  const name = (query = plainFleet, choice: SavedView['columns'] | null = null) =>
    currentView(views, query, choice)?.name;

  it('tells views apart by layout, sort and columns, too', () => {
    expect(name()).toBe('plain');
    expect(name({ ...plainFleet, layout: 'honeycomb' })).toBe('comb');
    expect(name({ ...plainFleet, sort: { column: 'cpu', descending: true } })).toBe('by load');
    expect(name({ ...plainFleet, sort: { column: 'cpu', descending: false } })).toBeUndefined();
    expect(name(plainFleet, narrow)).toBe('narrow');
    expect(name(plainFleet, narrow.slice(0, 1))).toBeUndefined();
  });

  it('prefers the one of these widths, but another width is no other view', () => {
    expect(
      name(plainFleet, [
        { id: 'name', width: 50 },
        { id: 'cpu', width: null },
      ]),
    ).toBe('narrower');
    expect(
      name(plainFleet, [
        { id: 'name', width: 51 },
        { id: 'cpu', width: null },
      ]),
    ).toBe('narrow');
  });
});

describe('viewChoice', () => {
  it('brings the columns and widths of the view, none chosen where it has those the console came with', () => {
    expect(viewChoice(view('narrow', { columns: narrow })).columns).toEqual(narrow);
    expect(viewChoice(view('plain')).columns).toBeNull();
    expect(viewChoice(view('plain')).query).not.toHaveProperty('name');
  });

  it('reads a view that was saved without widths', () => {
    const { name, ...old } = view('old');
    const read = savedView.parse({ ...old, name, columns: ['name', 'cpu'] });
    expect(viewChoice(read).columns).toEqual([
      { id: 'name', width: null },
      { id: 'cpu', width: null },
    ]);
  });
});
