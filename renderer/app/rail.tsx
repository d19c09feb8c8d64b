import { ChevronsUpDown, PanelLeft } from 'lucide-react';
import { useStore } from 'zustand';
import { driftedHosts } from '../parts/drift-words.ts';
import { useConsole } from '../state/console.ts';
import { usePreference, useRecords, useRoute, useSection } from '../state/hooks.ts';
import { plainFleet, printRoute } from '../state/routes.ts';
import { IconButton } from '../ui/button.tsx';
import { count } from '../words/amounts.ts';
import { MenuButton, type MenuLine } from '../ui/menu.tsx';
import { type Place, places, settingsPlace } from './places.ts';
import { RailLinks } from './rail-links.tsx';
import './rail.css';

/** The left rail: which cluster, and the views of it. */
export function Rail() {
  const { replica } = useConsole();
  const cluster = useStore(replica.store, (state) => state.cluster);
  const [collapsed, setCollapsed] = usePreference('railCollapsed');
  return (
    <nav className="rail" aria-label="Views">
      <ClusterSwitcher />
      {cluster !== null && (
        <ul>
          {places.map((place) => (
            <RailLink key={place.view} place={place} cluster={cluster} />
          ))}
        </ul>
      )}
      <span className="rail-gap" />
      {cluster !== null && <RailLinks cluster={cluster} />}
      {cluster !== null && (
        <ul>
          <RailLink place={settingsPlace} cluster={cluster} />
        </ul>
      )}
      <div className="rail-foot">
        <IconButton
          name={collapsed ? 'Widen the rail' : 'Narrow the rail to icons'}
          aria-expanded={!collapsed}
          onClick={() => setCollapsed(!collapsed)}
        >
          <PanelLeft size={16} />
        </IconButton>
      </div>
    </nav>
  );
}

function RailLink({ place, cluster }: { readonly place: Place; readonly cluster: string }) {
  const { router } = useConsole();
  const { view } = useRoute();
  const current = view === place.view || (place.view === 'fleet' && view === 'host');
  const Icon = place.icon;
  return (
    <li>
      <a
        // From elsewhere the fleet is as it was left; a second press shows all of it.
        href={printRoute(place.view === 'fleet' && view !== 'fleet' ? router.fleet(cluster) : place.route(cluster))}
        aria-current={current ? 'page' : undefined}
        title={`${place.name} — ${place.about} (${place.keys})`}
      >
        <Icon size={16} aria-hidden="true" />
        <span className="rail-word">{place.name}</span>
        {place.view === 'config' && <DriftedCount />}
      </a>
    </li>
  );
}

/** How many hosts are not as the team's documents say; nothing when all are. */
function DriftedCount() {
  const hosts = driftedHosts(useRecords('document')).size;
  if (hosts === 0) return null;
  return (
    <span className="rail-count" title={`${count(hosts, 'host')} drifted from a document`}>
      {hosts}
      <span className="unseen"> drifted</span>
    </span>
  );
}

function ClusterSwitcher() {
  const { router, link, notices } = useConsole();
  const clusters = useSection('app', '', 'clusters') ?? [];
  const demo = useSection('app', '', 'demo');
  const about = useSection('cluster', '', 'about');
  const startDemo = () => {
    router.go({ view: 'start' });
    const started = link
      .call('demo.start', { hosts: 24 })
      .then(({ id }) => router.go({ view: 'fleet', cluster: id, query: plainFleet }));
    notices.watch('Starting the demo fleet', started);
  };
  const lines: (MenuLine | null)[] = [
    ...clusters.map((entry) => ({
      label: entry.problems.length > 0 ? `${entry.name} — ${entry.problems.length} problems` : entry.name,
      checked: entry.id === about?.id,
      run: () => router.go({ view: 'fleet', cluster: entry.id, query: plainFleet }),
    })),
    ...(clusters.length > 0 ? [null] : []),
    { label: 'All clusters', run: () => router.go({ view: 'start' }) },
    { label: 'Add a cluster', run: () => router.go({ view: 'add', from: 'ssh-config' }) },
    ...(demo?.available && !clusters.some((entry) => entry.demo)
      ? [{ label: 'Try the demo fleet', run: startDemo }]
      : []),
  ];
  return (
    <MenuButton name={`Switch the cluster, now ${about?.name ?? 'No cluster'}`} className="switcher" lines={lines}>
      <span className={`switcher-dot colour-${about?.colour ?? 'grey'}`} aria-hidden="true" />
      <span className="switcher-name">{about?.name ?? 'No cluster'}</span>
      <ChevronsUpDown size={14} aria-hidden="true" />
    </MenuButton>
  );
}
