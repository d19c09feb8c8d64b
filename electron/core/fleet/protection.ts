import { fail } from '#shared/contract/problem.ts';
import type { Records } from './records.ts';

/** What decides whether something may be done at once to several hosts. */
export interface Protected {
  readonly name: string;
  readonly protected: boolean;
  readonly records: Pick<Records, 'get'>;
}

/**
 * On a protected cluster what nobody else looks at is done to one host at a time: what goes over several is a staged change,
 * which a second person approves. Throws `refused`.
 */
export function refuseSeveral(cluster: Protected, hosts: readonly string[], what: string): void {
  if (!cluster.protected || new Set(hosts).size <= 1) return;
  throw fail('refused', `${cluster.name} is protected: ${what} is for one host at a time there`, {
    hint: 'Choose one host, or make it a staged change, which a second person approves.',
  });
}

/** The same of a command, where it runs as root; reading as a login user is for any number of hosts. */
export function refuseRootOnSeveral(cluster: Protected, hosts: readonly string[], elevate: boolean): void {
  const asRoot = hosts.filter((host) => elevate || cluster.records.get('host', host, 'facts')?.elevation === 'root');
  refuseSeveral(cluster, asRoot, 'a command as root');
}
