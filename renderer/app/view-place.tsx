import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { StartView } from '../features/first-run/start-view.tsx';
import { FleetView } from '../features/fleet/fleet-view.tsx';
import { useConsole } from '../state/console.ts';
import { useRoute, useSection } from '../state/hooks.ts';
import { clusterOf, type Route } from '../state/routes.ts';
import { WaitNote } from '../ui/notes.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { NoSuchCluster } from './no-such-cluster.tsx';

const ActivityView = lazy(async () => ({
  default: (await import('../features/activity/activity-view.tsx')).ActivityView,
}));
const AskView = lazy(async () => ({ default: (await import('../features/ask/ask-view.tsx')).AskView }));
const ChangesView = lazy(async () => ({
  default: (await import('../features/changes/changes-view.tsx')).ChangesView,
}));
const ConfigView = lazy(async () => ({ default: (await import('../features/config/config-view.tsx')).ConfigView }));
const DocumentsView = lazy(async () => ({
  default: (await import('../features/documents/documents-view.tsx')).DocumentsView,
}));
const MatrixView = lazy(async () => ({ default: (await import('../features/matrix/matrix-view.tsx')).MatrixView }));
const EtcdView = lazy(async () => ({ default: (await import('../features/etcd/etcd-view.tsx')).EtcdView }));
const HostView = lazy(async () => ({ default: (await import('../features/host/host-view.tsx')).HostView }));
const AddView = lazy(async () => ({ default: (await import('../features/first-run/add-view.tsx')).AddView }));
const UpdateServerView = lazy(async () => ({
  default: (await import('../features/update-server/update-server-view.tsx')).UpdateServerView,
}));
const UnitsView = lazy(async () => ({ default: (await import('../features/units/units-view.tsx')).UnitsView }));
const UpdateServiceView = lazy(async () => ({
  default: (await import('../features/update-service/update-service-view.tsx')).UpdateServiceView,
}));
const UpdatesView = lazy(async () => ({
  default: (await import('../features/updates/updates-view.tsx')).UpdatesView,
}));
const SettingsView = lazy(async () => ({
  default: (await import('../features/settings/settings-view.tsx')).SettingsView,
}));

/** Draws the one view that the address names, once the core has told what it needs. */
export function ViewPlace() {
  const route = useRoute();
  const { replica } = useConsole();
  const cluster = useStore(replica.store, (state) => state.cluster);
  const ready = useStore(replica.store, (state) => state.ready);
  const app = useSection('app', '', 'clusters');
  const wanted = clusterOf(route);
  if (!ready && wanted !== null) return <WaitNote what={`Opening the cluster ${wanted}…`} />;
  if (!app) return <WaitNote what="Waiting for the console…" />;
  if (wanted !== null && cluster !== wanted) return <NoSuchCluster id={wanted} />;
  const key = `${route.view} ${wanted ?? ''} ${route.view === 'host' ? route.host : ''}`;
  return (
    <ErrorBoundary key={key}>
      <Suspense fallback={<WaitNote what="Loading the view…" />}>
        <View route={route} />
      </Suspense>
    </ErrorBoundary>
  );
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'start':
      return <StartView />;
    case 'add':
      return <AddView from={route.from} />;
    case 'fleet':
      return <FleetView cluster={route.cluster} query={route.query} />;
    case 'host':
      return (
        <HostView cluster={route.cluster} host={route.host} tab={route.tab} unit={route.unit} units={route.units} />
      );
    case 'ask':
      return <AskView cluster={route.cluster} run={route.run} />;
    case 'config':
      if (route.tab === 'documents') {
        const { cluster, document, part, state } = route;
        return <DocumentsView cluster={cluster} document={document} part={part} state={state} />;
      }
      if (route.tab === 'matrix')
        return <MatrixView cluster={route.cluster} path={route.path} filter={route.filter ?? ''} />;
      return (
        <ConfigView key={route.filter ?? ''} cluster={route.cluster} path={route.path} filter={route.filter ?? ''} />
      );
    case 'units':
      return <UnitsView cluster={route.cluster} unit={route.unit} />;
    case 'updates':
      return <UpdatesView route={route} />;
    case 'changes':
      return <ChangesView cluster={route.cluster} change={route.change} />;
    case 'activity':
      return <ActivityView route={route} />;
    case 'etcd':
      return <EtcdView cluster={route.cluster} />;
    case 'update-service':
      return <UpdateServiceView cluster={route.cluster} part={route.part} group={route.group ?? null} />;
    case 'update-server':
      return <UpdateServerView cluster={route.cluster} of={route.of} />;
    case 'settings':
      return <SettingsView cluster={route.cluster} tab={route.tab} />;
    default:
      return route satisfies never;
  }
}
