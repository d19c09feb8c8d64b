import { join } from 'node:path';
import { defaultThresholds } from '#shared/contract/cluster.ts';
import { hostName } from '#shared/contract/ids.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { type ClusterFile, type FileHost, maxHosts } from '#shared/formats/cluster-file/cluster-file.ts';
import { hostAliases, selectAliases } from '#shared/formats/ssh-config/aliases.ts';
import type { SshConfig } from '#shared/formats/ssh-config/config-tree.ts';
import type { ResolvedHost } from '#shared/formats/ssh-config/resolve.ts';
import type { Cluster, EtcdSpec, UpdateServerSpec } from './cluster-store.ts';
import { pathFrom, type Person } from './person.ts';
import { ReachResolver } from './resolve-reach.ts';

/** What a cluster comes to on this machine. */
export type ResolvedCluster = Pick<
  Cluster,
  'hosts' | 'etcd' | 'documentsFolder' | 'updateServer' | 'checks' | 'knownHostsFiles' | 'thresholds'
> & {
  readonly problems: readonly Problem[];
};

/** Resolves a cluster file of `folder` against the person's ssh_config; hosts without a way to them are left out and named. */
export function resolveCluster(
  file: ClusterFile,
  fileName: string,
  folder: string,
  config: SshConfig,
  person: Person,
): ResolvedCluster {
  const problems: Problem[] = [];
  const report = (line: number, message: string, more: Partial<Problem> = {}): void => {
    problems.push({ code: 'invalid-input', message, place: { file: fileName, line }, ...more });
  };
  const everyHost = [...file.hosts, ...hostsOfPatterns(file, config, report)];
  if (everyHost.length > maxHosts) {
    report(everyHost[maxHosts]?.line ?? 1, `a cluster holds at most ${maxHosts} hosts; the rest is left out`);
    everyHost.length = maxHosts;
  }
  const resolver = new ReachResolver({ ...file, hosts: everyHost }, folder, config, person);
  const hosts: Cluster['hosts'][number][] = [];
  const said: ResolvedHost[] = [];
  for (const host of everyHost) {
    const resolved = resolver.resolve(host);
    if ('spec' in resolved) {
      hosts.push({ ...resolved.spec, labels: host.labels });
      said.push(resolved.knownHosts);
    } else
      report(host.line, `${host.name} is left out: ${resolved.why}`, {
        host: host.name,
        hint: 'Mend "jump" here or ProxyJump in ~/.ssh/config; "jump: none" goes there directly.',
      });
  }
  return {
    hosts,
    etcd: etcdSpec(file, folder, person),
    documentsFolder: file.documents === null ? null : pathFrom(folder, file.documents, person),
    updateServer: updateServerSpec(file, folder, person),
    checks: file.checks,
    knownHostsFiles:
      file.ssh.knownHosts === null
        ? usualKnownHosts(said, person)
        : file.ssh.knownHosts.map((path) => pathFrom(folder, path, person)),
    thresholds: { ...defaultThresholds, ...file.health },
    problems: [...problems, ...resolver.problems.values()],
  };
}

function hostsOfPatterns(
  file: ClusterFile,
  config: SshConfig,
  report: (line: number, message: string, more?: Partial<Problem>) => void,
): FileHost[] {
  if (file.patterns.length === 0) return [];
  const aliases = hostAliases(config);
  const taken = new Set(file.hosts.map((host) => host.name));
  const hosts: FileHost[] = [];
  for (const { fromSshConfig, labels, line } of file.patterns) {
    const names = selectAliases(aliases, fromSshConfig).filter((name) => hostName.safeParse(name).success);
    if (names.length === 0)
      report(line, `no host of ~/.ssh/config fits ${fromSshConfig.join(', ')}`, {
        hint: 'Patterns are compared with the names that Host lines spell out; "Host web-*" names none.',
      });
    for (const name of names) {
      if (taken.has(name)) continue;
      taken.add(name);
      hosts.push({ name, address: null, port: null, user: null, keys: null, jump: null, labels, line });
    }
  }
  return hosts;
}

function etcdSpec(file: ClusterFile, folder: string, person: Person): EtcdSpec | null {
  if (file.etcd === null) return null;
  const { endpoints, tls, user } = file.etcd;
  const path = (text: string | null | undefined): string | null => (text ? pathFrom(folder, text, person) : null);
  const secure = endpoints.some((endpoint) => endpoint.startsWith('https:'));
  return {
    endpoints,
    tls:
      secure || tls !== null
        ? {
            caFile: path(tls?.ca),
            certFile: path(tls?.cert),
            keyFile: path(tls?.key),
            serverName: tls?.serverName ?? null,
          }
        : null,
    user,
  };
}

function updateServerSpec({ updateServer }: ClusterFile, folder: string, person: Person): UpdateServerSpec | null {
  if (updateServer === null) return null;
  const { kind, url, ca, app } = updateServer;
  return { kind, url, caFile: ca === null ? null : pathFrom(folder, ca, person), app };
}

/**
 * The known_hosts files of all hosts together: the one most hosts use comes first and takes new keys, the system's come
 * last. Sinks like /dev/null are left out: accepted keys have to be kept.
 */
function usualKnownHosts(said: readonly ResolvedHost[], person: Person): string[] {
  const own = join(person.home, '.ssh', 'known_hosts');
  const uses = new Map<string, number>();
  for (const { userKnownHostsFiles } of said)
    for (const file of userKnownHostsFiles ?? [own, `${own}2`])
      if (file !== '/dev/null') uses.set(file, (uses.get(file) ?? 0) + 1);
  const files = [...uses].toSorted(([, a], [, b]) => b - a).map(([file]) => file);
  const system =
    person.platform === 'win32'
      ? [join(person.env['PROGRAMDATA'] ?? 'C:\\ProgramData', 'ssh', 'ssh_known_hosts')]
      : ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'];
  const global = new Set(said.flatMap(({ globalKnownHostsFiles }) => globalKnownHostsFiles ?? system));
  return [...new Set([...(files.length === 0 ? [own] : files), ...global])];
}
