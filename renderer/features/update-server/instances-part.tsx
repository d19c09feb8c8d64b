import { useState } from 'react';
import type { ServerApp, ServerGroup, ServerInstance } from '#shared/contract/update-server.ts';
import { useQuery } from '../../state/calls.ts';
import { printRoute } from '../../state/routes.ts';
import { useAgainWith } from '../../state/use-again-with.ts';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { AliasDialog } from './alias-dialog.tsx';
import { InstanceTable } from './instance-table.tsx';

/** Who asks for a group: each instance with the host that it is, and the hosts that should ask and were not heard. */
export function InstancesPart({
  cluster,
  app,
  group,
  readAt,
}: {
  readonly cluster: string;
  readonly app: ServerApp;
  readonly group: ServerGroup;
  readonly readAt: number | null;
}) {
  const asked = useQuery('server.instances', { app: app.id, group: group.id });
  useAgainWith(readAt, asked);
  const { output, problem, again } = asked;
  const [naming, setNaming] = useState<ServerInstance | null>(null);
  return (
    <section className="card" aria-label="Instances">
      <h2>Who asked in the last day</h2>
      {problem && <ProblemNote problem={problem} />}
      {!output && !problem && <WaitNote what="Reading the instances…" />}
      {output?.instances.length === 0 && <p className="faint">Nobody asked for this group.</p>}
      {output && output.instances.length > 0 && (
        <InstanceTable cluster={cluster} instances={output.instances} onName={setNaming} />
      )}
      {output && output.total > output.instances.length && (
        <p className="faint">
          {output.total} instances; {output.instances.length} are shown.
        </p>
      )}
      {output && output.unheard.length > 0 && (
        <>
          <h3 className="server-gap">Hosts of this cluster that the server did not hear of</h3>
          <ul className="server-unheard">
            {output.unheard.map(({ host, why }) => (
              <li key={host}>
                <a href={printRoute({ view: 'host', cluster, host, tab: 'updates', unit: null })}>{host}</a>{' '}
                <span className="faint">{why}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {naming && (
        <AliasDialog
          app={app}
          group={group}
          instance={naming}
          onClose={() => {
            setNaming(null);
            again();
          }}
        />
      )}
    </section>
  );
}
