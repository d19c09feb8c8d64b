import { FileInput, Plus, Ship } from 'lucide-react';
import type { ClusterEntry } from '#shared/contract/cluster.ts';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useSection } from '../../state/hooks.ts';
import { plainFleet, printRoute } from '../../state/routes.ts';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';
import './first-run.css';

/** The clusters of this console, and three doors to more. */
export function StartView() {
  const clusters = useSection('app', '', 'clusters') ?? [];
  return (
    <div className="page">
      <div className="page-column">
        {clusters.length > 0 ? (
          <section aria-label="Clusters" className="start-clusters">
            <h1>Clusters</h1>
            {clusters.map((entry) => (
              <ClusterCard key={entry.id} entry={entry} />
            ))}
          </section>
        ) : (
          <header className="start-welcome">
            <h1>Welcome to Quarterdeck</h1>
            <p>
              Watch and look after a fleet of Linux hosts over SSH. Nothing is installed on them. Choose where to begin:
            </p>
          </header>
        )}
        <Doors />
      </div>
    </div>
  );
}

function ClusterCard({ entry }: { readonly entry: ClusterEntry }) {
  return (
    <article className="card start-cluster">
      <span className={`switcher-dot colour-${entry.colour}`} aria-hidden="true" />
      <div className="start-cluster-name">
        <a href={printRoute({ view: 'fleet', cluster: entry.id, query: plainFleet })}>{entry.name}</a>
        <span className="faint">
          {count(entry.hosts, 'host')} · {entry.mode === 'operate' ? 'Operate' : 'Observe'}
          {entry.protected && ' · protected'}
          {entry.demo && ' · demo'}
        </span>
        <span className="faint mono cut">{entry.file}</span>
      </div>
      {entry.problems.length > 0 && (
        <div className="start-problems">
          {entry.problems.slice(0, 5).map((problem) => (
            <ProblemNote key={`${problem.place?.line} ${problem.message}`} problem={problem} />
          ))}
          {entry.problems.length > 5 && (
            <p className="faint">and {entry.problems.length - 5} more problems in this file</p>
          )}
          <a href={printRoute({ view: 'settings', cluster: entry.id, tab: 'file' })}>Mend the file</a>
        </div>
      )}
    </article>
  );
}

function Doors() {
  const { router } = useConsole();
  const demo = useSection('app', '', 'demo');
  const start = useDo('demo.start');
  const begin = async () => {
    const started = await start.run({ hosts: 24 });
    if (started) router.go({ view: 'fleet', cluster: started.id, query: plainFleet });
  };
  const starting = start.busy || (demo?.starting ?? false);
  return (
    <section aria-label="Add a cluster" className="doors">
      {demo?.available && (
        <button type="button" className="door" disabled={starting} onClick={() => void begin()}>
          <Ship size={22} aria-hidden="true" />
          <b>Try the demo fleet</b>
          <span>
            24 simulated hosts with their own etcd, on this machine only. Nothing to set up, nothing to clean up.
          </span>
        </button>
      )}
      <a className="door" href={printRoute({ view: 'add', from: 'ssh-config' })}>
        <FileInput size={22} aria-hidden="true" />
        <b>Import from ~/.ssh/config</b>
        <span>
          Choose from the hosts you already reach, with their jump hosts and keys. Ansible inventories work too.
        </span>
      </a>
      <a className="door" href={printRoute({ view: 'add', from: 'list' })}>
        <Plus size={22} aria-hidden="true" />
        <b>Add a cluster</b>
        <span>Paste a list of hosts, or write a cluster file that your team can keep in git.</span>
      </a>
      {starting && <WaitNote what="Starting the demo fleet…" onCancel={start.cancel} />}
      {start.problem && <ProblemNote problem={start.problem} />}
    </section>
  );
}
