import { useConsole } from '../../state/console.ts';
import type { FleetList } from '../../state/fleet-list.ts';
import { useOperate } from '../../state/hooks.ts';
import { type Binding, useKeys } from '../../state/keyboard.ts';
import type { FleetQuery } from '../../state/routes.ts';
import { groupKey, isGroupKey } from '../../state/group-key.ts';
import { chosen, extended, moved, toggled, toggledAll } from '../../state/selection.ts';
import type { MenuPlace } from '../../ui/menu.tsx';

interface FleetKeys {
  readonly list: FleetList;
  readonly query: FleetQuery;
  readonly setQuery: (change: Partial<FleetQuery>) => void;
  readonly openHost: (host: string) => void;
  readonly openMenu: (hosts: readonly string[], place: MenuPlace) => void;
  readonly fold: (group: string) => void;
}

/** Moving, selecting and acting in the fleet without a mouse. */
export function useFleetKeys({ list, query, setQuery, openHost, openMenu, fold }: FleetKeys): void {
  const { selection, router, replica, dialogs, link, notices } = useConsole();
  const operate = useOperate();
  const here = () => selection.getState();
  const rows = query.layout === 'table' ? list.rows : list.hosts;
  const move = (steps: number) => () => selection.setState(moved(here(), steps, rows));
  const extend = (steps: number) => () => {
    const from = here();
    const to = moved(from, steps, rows).cursor;
    if (to !== null) selection.setState(extended(from, to, rows));
  };
  const withChosen = (act: (hosts: string[]) => void) => () => {
    const at = here();
    const group = at.cursor === null || at.hosts.size > 0 ? undefined : list.groups.get(at.cursor);
    const hosts = group ? [...group.members] : chosen(at, list.hosts);
    if (hosts.length > 0) act(hosts);
  };
  const leave = () => {
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    else if (query.preview !== null) setQuery({ preview: null });
    else if (here().hosts.size > 0) selection.setState({ hosts: new Set(), anchor: null });
    else if (query.filter !== '') setQuery({ filter: '' });
  };
  const foldHere = () => {
    const { cursor } = here();
    if (cursor === null) return;
    const head = list.groups.get(cursor);
    if (head && !head.folded) fold(cursor);
    if (head) return;
    const around = [...list.groups.values()].find(({ members }) => members.includes(cursor));
    if (around) selection.setState({ cursor: groupKey(around.value), anchor: null });
  };
  const unfoldHere = () => {
    const { cursor } = here();
    const head = cursor === null ? undefined : list.groups.get(cursor);
    if (cursor === null || !head) return;
    if (head.folded) fold(cursor);
    else selection.setState({ cursor: head.members[0] ?? cursor, anchor: null });
  };
  const bindings: Binding[] = [
    { keys: 'j', label: 'Next host', run: move(1) },
    { keys: 'ArrowDown', run: move(1) },
    { keys: 'k', label: 'Previous host', run: move(-1) },
    { keys: 'ArrowUp', run: move(-1) },
    { keys: 'PageDown', run: move(20) },
    { keys: 'PageUp', run: move(-20) },
    { keys: 'Home', label: 'First host', run: move(-1e9) },
    { keys: 'End', label: 'Last host', run: move(1e9) },
    {
      keys: 'x',
      label: 'Select the host, or its whole group',
      run: () => {
        const at = here();
        if (at.cursor === null) return;
        const group = list.groups.get(at.cursor);
        selection.setState(group ? toggledAll(at, group.members) : toggled(at, at.cursor));
      },
    },
    { keys: 'Shift+ArrowDown', label: 'Extend the selection', run: extend(1) },
    { keys: 'Shift+j', run: extend(1) },
    { keys: 'Shift+ArrowUp', run: extend(-1) },
    { keys: 'Shift+k', run: extend(-1) },
    {
      keys: 'Mod+a',
      label: 'Select all that match',
      run: () => selection.setState({ hosts: new Set(list.matched), anchor: null }),
    },
    {
      keys: 'Space',
      label: 'Preview beside the list',
      run: () => {
        const { cursor } = here();
        const host = cursor !== null && !isGroupKey(cursor) ? cursor : (list.hosts[0] ?? null);
        setQuery({ preview: query.preview === null ? host : null });
      },
    },
    {
      keys: 'Enter',
      label: list.groups.size > 0 ? 'Open the host, fold the group' : 'Open the host',
      run: () => {
        const { cursor } = here();
        if (cursor === null) return;
        if (isGroupKey(cursor)) fold(cursor);
        else openHost(cursor);
      },
    },
    { keys: '.', label: 'Actions of the selection', run: withChosen((hosts) => openMenu(hosts, cursorPlace())) },
    { keys: '/', label: 'Filter', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
    { keys: 'Escape', label: 'Close, unselect, clear the filter', run: leave, typing: true },
    {
      keys: 'm',
      label: 'Mark down on purpose',
      run: withChosen((hosts) => dialogs.setState({ open: { kind: 'maintenance', hosts } })),
    },
    {
      keys: 'c',
      label: 'Connect now',
      run: withChosen((hosts) => notices.watch('Connecting', link.call('hosts.connect', { hosts }))),
    },
    {
      keys: 'h',
      label: 'Table or honeycomb',
      run: () => setQuery({ layout: query.layout === 'table' ? 'honeycomb' : 'table' }),
    },
  ];
  if (list.groups.size > 0 && query.layout === 'table') {
    bindings.push(
      { keys: 'ArrowLeft', label: 'Fold the group, or go to its heading', run: () => foldHere() },
      { keys: 'ArrowRight', label: 'Unfold the group, or go into it', run: () => unfoldHere() },
    );
  }
  if (operate) {
    bindings.push(
      {
        keys: 'a',
        label: 'Ask the selection',
        run: withChosen((hosts) => {
          const { cluster } = replica.store.getState();
          if (cluster === null) return;
          selection.setState({ hosts: new Set(hosts) });
          router.go({ view: 'ask', cluster, run: null });
        }),
      },
      {
        keys: 'f',
        label: 'Compare a file of the selection',
        run: withChosen((hosts) => {
          const { cluster } = replica.store.getState();
          if (cluster === null) return;
          selection.setState({ hosts: new Set(hosts) });
          router.go({ view: 'config', cluster, tab: 'compare', path: '' });
        }),
      },
      {
        keys: 'u',
        label: 'Act on a unit of the selection',
        run: withChosen((hosts) =>
          dialogs.setState({ open: { kind: 'unit-action', hosts, unit: '', verb: 'restart' } }),
        ),
      },
    );
  }
  useKeys('Fleet', 'view', bindings);
}

/** Where the row under the cursor is, for a menu opened from the keyboard. */
function cursorPlace(): MenuPlace {
  const row = document.querySelector('.vtable-cursor, .comb-cursor') ?? document.querySelector('.honeycomb');
  const box = row?.getBoundingClientRect();
  return box ? { x: box.left + 48, y: box.top + 26 } : { x: 300, y: 200 };
}
