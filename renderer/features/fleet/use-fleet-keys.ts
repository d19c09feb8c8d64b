import { useConsole } from '../../state/console.ts';
import type { FleetList } from '../../state/fleet-list.ts';
import { useOperate } from '../../state/hooks.ts';
import { type Binding, useKeys } from '../../state/keyboard.ts';
import type { FleetQuery } from '../../state/routes.ts';
import { chosen, extended, moved, toggled } from '../../state/selection.ts';
import type { MenuPlace } from '../../ui/menu.tsx';

interface FleetKeys {
  readonly list: FleetList;
  readonly query: FleetQuery;
  readonly setQuery: (change: Partial<FleetQuery>) => void;
  readonly openHost: (host: string) => void;
  readonly openMenu: (hosts: readonly string[], place: MenuPlace) => void;
}

/** Moving, selecting and acting in the fleet without a mouse. */
export function useFleetKeys({ list, query, setQuery, openHost, openMenu }: FleetKeys): void {
  const { selection, router, replica, dialogs, link, notices } = useConsole();
  const operate = useOperate();
  const here = () => selection.getState();
  const move = (steps: number) => () => selection.setState(moved(here(), steps, list.hosts));
  const extend = (steps: number) => () => {
    const from = here();
    const to = moved(from, steps, list.hosts).cursor;
    if (to !== null) selection.setState(extended(from, to, list.hosts));
  };
  const withChosen = (act: (hosts: string[]) => void) => () => {
    const hosts = chosen(here(), list.hosts);
    if (hosts.length > 0) act(hosts);
  };
  const leave = () => {
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    else if (query.preview !== null) setQuery({ preview: null });
    else if (here().hosts.size > 0) selection.setState({ hosts: new Set(), anchor: null });
    else if (query.filter !== '') setQuery({ filter: '' });
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
      label: 'Select the host',
      run: () => {
        const { cursor } = here();
        if (cursor !== null) selection.setState(toggled(here(), cursor));
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
      run: () => setQuery({ preview: query.preview === null ? (here().cursor ?? list.hosts[0] ?? null) : null }),
    },
    {
      keys: 'Enter',
      label: 'Open the host',
      run: () => {
        const { cursor } = here();
        if (cursor !== null) openHost(cursor);
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
  const row = document.querySelector('.vtable-cursor, .honeycomb');
  const box = row?.getBoundingClientRect();
  return box ? { x: box.left + 48, y: box.top + 26 } : { x: 300, y: 200 };
}
