import type { Problem } from '#shared/contract/problem.ts';
import type { ServerHost } from '#shared/contract/update-server.ts';
import { Ago } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { useSection } from '../../state/hooks.ts';
import { useAgainWith } from '../../state/use-again-with.ts';
import { printRoute } from '../../state/routes.ts';
import { FactsList } from '../../ui/facts-list.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { serverStatusSigns } from '../../words/states.ts';

/** What the update server of the cluster has of a host, read anew with each reading of the server. */
export function useServerHost(host: string): { seen: ServerHost | null; problem: Problem | null } {
  const server = useSection('cluster', '', 'updateServer');
  const update = useSection('host', host, 'update');
  const readAt = server?.readAt ?? null;
  const asked = useQuery('server.host', readAt === null || !update ? null : { host });
  // What the host says of itself decides where it is looked for.
  useAgainWith(readAt === null || !update ? null : Math.max(readAt, update.readAt), asked);
  return { seen: asked.output?.seen ?? null, problem: asked.problem };
}

/** What the update server last heard of the host; nothing where the host does not ask it. */
export function ServerCard({
  cluster,
  seen,
  problem,
}: {
  readonly cluster: string;
  readonly seen: ServerHost | null;
  readonly problem: Problem | null;
}) {
  if (!seen && !problem) return null;
  const { group = null, instance = null } = seen ?? {};
  const of = group && { app: group.app, group: group.id };
  return (
    <section className="card" aria-label="Update server">
      <h2>At the update server</h2>
      {problem && <ProblemNote problem={problem} />}
      {seen && !instance && <p className="faint">{seen.url} never heard of this host.</p>}
      <FactsList
        facts={[
          ['Group', of && <a href={printRoute({ view: 'update-server', cluster, of })}>{group?.name}</a>],
          ...(instance ? instanceFacts(instance) : []),
        ]}
      />
    </section>
  );
}

function instanceFacts(instance: NonNullable<ServerHost['instance']>): [string, React.ReactNode][] {
  const { status, version, lastCheckAt, grantedVersion, grantedAt, alias } = instance;
  return [
    ['Status', <SignWord key="status" sign={serverStatusSigns[status]} />],
    ['Version', version],
    ['Asked', lastCheckAt === null ? 'not known' : <Ago key="asked" at={lastCheckAt} />],
    [
      'Granted',
      grantedVersion && (
        <>
          {grantedVersion} {grantedAt !== null && <Ago at={grantedAt} />}
        </>
      ),
    ],
    ['Alias', alias],
  ];
}
