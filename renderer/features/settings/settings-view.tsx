import { lazy, Suspense } from 'react';
import { printRoute, type SettingsTab, settingsTabs } from '../../state/routes.ts';
import { useSection } from '../../state/hooks.ts';
import { WaitNote } from '../../ui/notes.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { GeneralTab } from './general-tab.tsx';
import { HealthTab } from './health-tab.tsx';
import './settings.css';

const FileTab = lazy(async () => ({ default: (await import('./file-tab.tsx')).FileTab }));

const tabWords: Record<SettingsTab, string> = { general: 'General', health: 'Health', file: 'Cluster file' };

/** The settings of a cluster and of this window. */
export function SettingsView({ cluster, tab }: { readonly cluster: string; readonly tab: SettingsTab }) {
  const about = useSection('cluster', '', 'about');
  if (!about) return <WaitNote what="Waiting for the cluster…" />;
  return (
    <>
      <h1 className="unseen">Settings of {about.name}</h1>
      <Tabs
        label="Parts of the settings"
        current={tab}
        tabs={settingsTabs.map((id) => ({
          id,
          label: tabWords[id],
          href: printRoute({ view: 'settings', cluster, tab: id }),
        }))}
      />
      {tab === 'general' && <GeneralTab about={about} />}
      {tab === 'health' && <HealthTab key={about.id} about={about} />}
      {tab === 'file' && (
        <Suspense fallback={<WaitNote what="Loading the editor…" />}>
          <FileTab key={about.id} about={about} />
        </Suspense>
      )}
    </>
  );
}
