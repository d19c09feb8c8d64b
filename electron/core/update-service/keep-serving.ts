import { fail, toProblem } from '#shared/contract/problem.ts';
import type { ClusterStore } from '../clusters/cluster-store.ts';
import type { OpenCluster } from '../fleet/open-cluster.ts';
import type { OpenClusters } from '../fleet/open-clusters.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { startUpdateListener } from './http/update-listener.ts';

/** How machines are to be answered. */
export interface ServeUpdates {
  /** Whose update service; null where there is but one cluster. */
  readonly cluster: string | null;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly payloads: string | null;
}

/** Listens for machines and answers them with a cluster's update service, whoever looks at it, until the scope ends. */
export async function keepServing(
  wish: ServeUpdates,
  { store, clusters, scope, log }: { store: ClusterStore; clusters: OpenClusters; scope: Scope; log: Log },
): Promise<{ url: string }> {
  const id = wish.cluster ?? onlyOf(store);
  if (!store.get(id))
    throw fail('not-found', `there is no cluster ${id}`, { hint: 'Name one with --update-service-cluster.' });
  let open: OpenCluster | null = null;
  const { port } = await startUpdateListener({
    ...wish,
    scope,
    log,
    answer: (xml, address) =>
      open && !open.ended
        ? open.updateService.answer(xml, address)
        : Promise.reject(fail('not-found', `the cluster ${id} is gone`)),
    trouble: () => (open && !open.ended ? open.updateService.trouble() : `the cluster ${id} is gone`),
  });
  const name = wish.host.includes(':') ? `[${wish.host}]` : wish.host;
  const url = `${wish.tls ? 'https' : 'http'}://${name}:${port}/v1/update/`;
  const join = () => {
    if ((open && !open.ended) || !store.get(id)) return;
    try {
      const joined = clusters.join(id);
      open = joined.cluster;
      open.updateService.serve(url);
      // It stays open for what it serves, not for somebody who looks at it.
      joined.leave();
    } catch (error) {
      log.error(`the update service cannot be opened: ${toProblem(error).message}`);
    }
  };
  join();
  // After a file that was gone came back.
  scope.every(1000, join);
  return { url };
}

function onlyOf(store: ClusterStore): string {
  const all = store.list().map(({ entry }) => entry.id);
  const [only, ...more] = all;
  if (only !== undefined && more.length === 0) return only;
  throw fail(
    'invalid-input',
    only === undefined
      ? 'there is no cluster whose machines could be answered'
      : `whose machines are to be answered: ${all.join(', ')}?`,
    {
      hint: 'Name the cluster with --update-service-cluster.',
    },
  );
}
