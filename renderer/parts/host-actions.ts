import { unitsToRestart } from '#shared/lib/restart/restart-way.ts';
import { useConsole } from '../state/console.ts';
import { useOperate } from '../state/hooks.ts';
import type { MenuLine } from '../ui/menu.tsx';
import { count } from '../words/amounts.ts';

/** What can be done with hosts, as lines of a menu; lines that would change a host are absent in observe mode. */
export function useHostActions(): (hosts: readonly string[]) => (MenuLine | null)[] {
  const { dialogs, replica, router, link, notices, selection } = useConsole();
  const operate = useOperate();
  return (hosts) => {
    const first = hosts[0];
    const cluster = replica.store.getState().cluster;
    if (first === undefined || cluster === null) return [];
    const records = hosts.map((host) => replica.store.getState().records.host.get(host));
    const noun = hosts.length === 1 ? first : count(hosts.length, 'host');
    const failed = records.flatMap((host) => host?.units?.failed ?? []).map(({ name }) => name)[0];
    const on = (states: readonly string[]) =>
      hosts.filter((_, index) => states.includes(records[index]?.link?.state ?? 'idle'));
    const away = on(['idle', 'lost', 'backing-off', 'disabled', 'needs-authentication', 'blocked']);
    const enabled = hosts.filter((_, index) => records[index]?.link?.state !== 'disabled');
    const old = hosts.filter((_, index) => unitsToRestart(records[index]?.restarts).length > 0);
    const resting = hosts.filter((_, index) => records[index]?.maintenance);
    const lines: (MenuLine | null)[] = [];
    if (hosts.length === 1) {
      const open = { view: 'host', cluster, host: first, tab: 'overview', unit: null } as const;
      lines.push(
        { label: `Open ${first}`, keys: 'Enter', run: () => router.go(open) },
        { label: `Why is ${first} not updating?`, run: () => router.go({ ...open, tab: 'updates' }) },
      );
    }
    if (operate) {
      lines.push(
        {
          label: `Ask ${noun}…`,
          keys: 'a',
          run: () => {
            selection.setState({ hosts: new Set(hosts) });
            router.go({ view: 'ask', cluster, run: null });
          },
        },
        {
          label: `Compare a file of ${noun}…`,
          keys: 'f',
          run: () => {
            selection.setState({ hosts: new Set(hosts) });
            router.go({ view: 'config', cluster, tab: 'compare', path: '' });
          },
        },
        {
          label: `Act on a unit of ${noun}…`,
          keys: 'u',
          run: () => dialogs.setState({ open: { kind: 'unit-action', hosts, unit: failed ?? '', verb: 'restart' } }),
        },
        ...(old.length > 0
          ? [
              {
                label: `Restart what runs old files on ${old.length === 1 ? old[0] : count(old.length, 'host')}…`,
                run: () => dialogs.setState({ open: { kind: 'restart-units', hosts: old } }),
              },
            ]
          : []),
        {
          label: `Reboot ${noun}…`,
          run: () => dialogs.setState({ open: { kind: 'reboot', hosts } }),
        },
        {
          label: `Update ${noun}…`,
          run: () => dialogs.setState({ open: { kind: 'update-act', hosts } }),
        },
      );
    }
    lines.push(null, {
      label: `Mark ${noun} down on purpose…`,
      keys: 'm',
      run: () => dialogs.setState({ open: { kind: 'maintenance', hosts } }),
    });
    if (resting.length > 0) {
      lines.push({
        label: `End “down on purpose” of ${resting.length === 1 ? resting[0] : count(resting.length, 'host')}`,
        run: () =>
          notices.watch(
            'Ending “down on purpose”',
            link.call('hosts.maintenance', { hosts: resting, maintenance: null }),
          ),
      });
    }
    if (away.length > 0) {
      lines.push({
        label: `Connect ${away.length === 1 ? away[0] : count(away.length, 'host')} now`,
        keys: 'c',
        run: () => notices.watch('Connecting', link.call('hosts.connect', { hosts: away })),
      });
    }
    if (enabled.length > 0) {
      lines.push({
        label: `Disable the connection of ${enabled.length === 1 ? enabled[0] : count(enabled.length, 'host')}`,
        run: () => notices.watch('Disabling', link.call('hosts.disable', { hosts: enabled })),
      });
    }
    lines.push(null, {
      label: hosts.length === 1 ? 'Copy its name' : 'Copy their names',
      run: () => notices.watch('Copying', navigator.clipboard.writeText(hosts.join('\n'))),
    });
    return lines;
  };
}
