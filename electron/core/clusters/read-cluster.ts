import { dirname } from 'node:path';
import { defaultThresholds } from '#shared/contract/cluster.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { type ParsedClusterFile, parseClusterFile } from '#shared/formats/cluster-file/parse.ts';
import type { SshConfig } from '#shared/formats/ssh-config/config-tree.ts';
import type { TextRead } from './cluster-folder.ts';
import type { Cluster } from './cluster-store.ts';
import type { Person } from './person.ts';
import { resolveCluster } from './resolve-cluster.ts';

/** What makes one cluster out of a file. */
export interface ClusterSource {
  readonly id: string;
  readonly file: string;
  readonly demo: boolean;
  readonly read: TextRead;
}

/**
 * Parses and resolves a cluster file. While its text is not YAML, or cannot be read, the last good text stays in force
 * and the problems say so. Answers the text that is in force, for the next time.
 */
export function readCluster(
  source: ClusterSource,
  lastGood: string | null,
  config: SshConfig,
  person: Person,
): { cluster: Cluster; good: string | null } {
  const { read, file } = source;
  if ('why' in read) {
    const problem: Problem = {
      code: read.absent ? 'not-found' : 'permission',
      message: `the cluster file cannot be used: ${read.why}`,
      place: { file, line: 1 },
    };
    if (lastGood === null) return { cluster: nothing(source, [problem]), good: null };
    const old = make(source, parseClusterFile(lastGood, file), config, person);
    return { cluster: withProblems(old, [problem, kept(file)]), good: lastGood };
  }
  const parsed = parseClusterFile(read.text, file);
  if (!parsed.broken) return { cluster: make(source, parsed, config, person), good: read.text };
  if (lastGood === null) return { cluster: make(source, parsed, config, person), good: null };
  const old = make(source, parseClusterFile(lastGood, file), config, person);
  return { cluster: withProblems(old, [...parsed.problems, kept(file)]), good: lastGood };
}

/** The cluster with other problems: those of a text that is not in force are no longer of use. */
function withProblems(cluster: Cluster, problems: Problem[]): Cluster {
  return { ...cluster, entry: { ...cluster.entry, problems } };
}

function kept(file: string): Problem {
  return {
    code: 'stale',
    message: 'what is shown is the last version of the file that could be read',
    hint: 'Mend the file: it is read again as soon as it is saved.',
    place: { file, line: 1 },
  };
}

function make(
  { id, file, demo }: ClusterSource,
  { file: said, problems }: ParsedClusterFile,
  config: SshConfig,
  person: Person,
): Cluster {
  const resolved = resolveCluster(said, file, dirname(file), config, person);
  return {
    entry: {
      id,
      file,
      name: said.name === '' ? id : said.name,
      colour: said.colour,
      mode: said.mode,
      protected: said.protected,
      demo,
      hosts: resolved.hosts.length,
      problems: [...problems, ...resolved.problems],
    },
    hosts: resolved.hosts,
    etcd: resolved.etcd,
    documentsFolder: resolved.documentsFolder,
    updateServer: resolved.updateServer,
    checks: resolved.checks,
    knownHostsFiles: resolved.knownHostsFiles,
    thresholds: resolved.thresholds,
  };
}

function nothing({ id, file, demo }: ClusterSource, problems: Problem[]): Cluster {
  return {
    entry: { id, file, name: id, colour: 'grey', mode: 'observe', protected: true, demo, hosts: 0, problems },
    hosts: [],
    etcd: null,
    documentsFolder: null,
    updateServer: null,
    checks: [],
    knownHostsFiles: [],
    thresholds: defaultThresholds,
  };
}
