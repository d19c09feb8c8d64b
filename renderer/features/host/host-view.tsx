import { MoreHorizontal } from 'lucide-react';
import { useState } from 'react';
import { HealthWord } from '../../parts/health.tsx';
import { useHostActions } from '../../parts/host-actions.ts';
import { LastSeen, LiveValues } from '../../parts/seen.tsx';
import { useConsole } from '../../state/console.ts';
import { usePreference, useSection } from '../../state/hooks.ts';
import { useKeys } from '../../state/keyboard.ts';
import { useLookAt } from '../../state/looking.ts';
import { type HostTab, hostTabs, plainUnits, printRoute, type UnitQuery } from '../../state/routes.ts';
import { MenuAt, MenuButton, type MenuPlace } from '../../ui/menu.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { linkSigns } from '../../words/states.ts';
import { ConfigTab } from './config-tab.tsx';
import { ConnectionTab } from './connection-tab.tsx';
import { FactsTab } from './facts-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { UnitsTab } from './units-tab.tsx';
import { UpdatesTab } from './updates-tab.tsx';
import './host.css';

const tabWords: Record<HostTab, string> = {
  overview: 'Overview',
  units: 'Units',
  updates: 'Updates',
  config: 'Config',
  facts: 'Facts',
  connection: 'Connection',
};

/** One host: its last hour, what needs attention, its units, what it is, and how it is reached. */
export function HostView({
  cluster,
  host,
  tab,
  unit,
  units: filter,
}: {
  readonly cluster: string;
  readonly host: string;
  readonly tab: HostTab;
  readonly unit: string | null;
  /** Which units are listed, on their tab. */
  readonly units?: UnitQuery | undefined;
}) {
  const { router } = useConsole();
  const identity = useSection('host', host, 'identity');
  const units = useSection('host', host, 'units');
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const actions = useHostActions();
  const [unitTypes] = usePreference('unitTypes');
  const address = (tab: HostTab) =>
    ({
      view: 'host',
      cluster,
      host,
      tab,
      unit: null,
      ...(tab === 'units' && { units: { ...plainUnits, type: unitTypes } }),
    }) as const;
  useLookAt(host);
  useKeys(`Host ${host}`, 'view', [
    ...hostTabs.map((tab, index) => ({
      keys: `${index + 1}`,
      label: tabWords[tab],
      run: () => router.replace(address(tab)),
    })),
    { keys: '.', label: 'Actions of this host', run: () => setMenu(actionsPlace()) },
    {
      keys: 'Escape',
      label: 'Back to the fleet',
      run: () => router.go(router.fleet(cluster)),
    },
  ]);
  if (!identity) {
    return (
      <EmptyNote title={`There is no host “${host}” in this cluster`}>
        <p>
          It may have been renamed or taken out of the cluster file.{' '}
          <a href={printRoute(router.fleet(cluster))}>See all hosts</a>
        </p>
      </EmptyNote>
    );
  }
  const failed = units?.failed.length ?? 0;
  return (
    <>
      <HostHead host={host}>
        <MenuButton name={`Actions of ${host}`} lines={actions([host])}>
          <MoreHorizontal size={15} /> Actions
        </MenuButton>
      </HostHead>
      <Tabs
        label={`Parts of ${host}`}
        current={tab}
        tabs={hostTabs.map((id) => ({
          id,
          href: printRoute(address(id)),
          label: (
            <>
              {tabWords[id]}
              {id === 'units' && failed > 0 && <span className="tab-count">{failed} failed</span>}
            </>
          ),
        }))}
      />
      {tab === 'overview' && <OverviewTab cluster={cluster} host={host} />}
      {tab === 'units' && <UnitsTab cluster={cluster} host={host} unit={unit} filter={filter} />}
      {tab === 'updates' && <UpdatesTab cluster={cluster} host={host} />}
      {tab === 'config' && <ConfigTab cluster={cluster} host={host} />}
      {tab === 'facts' && <FactsTab host={host} />}
      {tab === 'connection' && <ConnectionTab host={host} />}
      {menu && <MenuAt place={menu} label={host} lines={actions([host])} onClose={() => setMenu(null)} />}
    </>
  );
}

/** Below the button that opens the same menu. */
function actionsPlace(): MenuPlace {
  const box = document.querySelector('.host-actions')?.getBoundingClientRect();
  return { x: box?.left ?? 0, y: (box?.bottom ?? 0) + 4 };
}

function HostHead({ host, children }: { readonly host: string; readonly children: React.ReactNode }) {
  const link = useSection('host', host, 'link');
  const facts = useSection('host', host, 'facts');
  const identity = useSection('host', host, 'identity');
  return (
    <header className="host-head">
      <div className="host-title">
        <h1>{host}</h1>
        <HealthWord host={host} />
        {link && link.state !== 'up' && <SignWord sign={linkSigns[link.state]} title={link.reason} />}
        <LastSeen host={host} />
      </div>
      <LiveValues host={host} className="host-about cut">
        {[facts?.os.pretty, facts?.kernel, facts?.virtualization, identity?.address].filter(Boolean).join(' · ')}
      </LiveValues>
      <div className="host-actions">{children}</div>
    </header>
  );
}
