import { useState } from 'react';
import type { ClusterAbout, ClusterMode } from '#shared/contract/cluster.ts';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { usePreference } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { KeptSecrets } from './kept-secrets.tsx';

const modeAbout: Record<ClusterMode, string> = {
  observe: 'Hosts are only read. Actions are absent from the window and refused by the console.',
  operate: 'Units can be started and stopped and commands run. Each is shown before it is done and written down.',
};

/** Mode of the cluster, look of the window, and taking the cluster away. */
export function GeneralTab({ about }: { readonly about: ClusterAbout }) {
  const [theme, setTheme] = usePreference('theme');
  const setMode = useDo('clusters.set-mode');
  return (
    <div className="page">
      <div className="page-column settings-column">
        <section className="card settings-card" aria-label="Mode">
          <h2>Mode</h2>
          <Segments
            label="Mode"
            value={about.mode}
            options={[
              { value: 'observe', label: 'Observe' },
              { value: 'operate', label: 'Operate' },
            ]}
            onChange={(mode) => void setMode.run({ id: about.id, mode })}
          />
          <p className="faint">{modeAbout[about.mode]}</p>
          {about.protected && (
            <p className="faint">This cluster is protected: its file says so, and only its file can change that.</p>
          )}
          {setMode.problem && <ProblemNote problem={setMode.problem} />}
        </section>
        <section className="card settings-card" aria-label="Theme">
          <h2>Theme of this window</h2>
          <Segments
            label="Theme"
            value={theme}
            options={[
              { value: 'system', label: 'As the system' },
              { value: 'dark', label: 'Dark' },
              { value: 'light', label: 'Light' },
            ]}
            onChange={setTheme}
          />
        </section>
        <KeptSecrets />
        {!about.demo && <DeleteCard about={about} />}
      </div>
    </div>
  );
}

function DeleteCard({ about }: { readonly about: ClusterAbout }) {
  const { router } = useConsole();
  const [asked, setAsked] = useState(false);
  const remove = useDo('clusters.delete');
  const submit = async () => {
    if (await remove.run({ id: about.id })) router.go({ view: 'start' });
  };
  return (
    <section className="card settings-card" aria-label="Remove the cluster">
      <h2>Remove this cluster</h2>
      <p className="faint">
        Takes its file away from this console: <code>{about.file}</code>. Nothing on its hosts changes.
      </p>
      <div className="settings-buttons">
        {asked ? (
          <>
            <Button kind="danger" disabled={remove.busy} onClick={() => void submit()}>
              Delete the file of {about.name}
            </Button>
            <Button kind="quiet" onClick={() => setAsked(false)}>
              Keep it
            </Button>
          </>
        ) : (
          <Button onClick={() => setAsked(true)}>Remove the cluster…</Button>
        )}
      </div>
      {remove.problem && <ProblemNote problem={remove.problem} />}
    </section>
  );
}
