import type { Problem } from '#shared/contract/problem.ts';
import { boundedProblems, inOrder } from '../text-problem.ts';
import { readYaml } from '../yaml-tree/read.ts';
import type { ClusterFile } from './cluster-file.ts';
import { checks, colour, documents, etcd, health, mode, name, ssh, updates, yesNo } from './fields.ts';
import { Findings, mapping, type Reader } from './readers.ts';
import { readHosts, readPatterns } from './read-hosts.ts';
import { findSecretValues } from './secrets.ts';

/** A cluster file with everything that is wrong with it. */
export interface ParsedClusterFile {
  readonly file: ClusterFile;
  readonly problems: readonly Problem[];
  /** True when the text is not YAML: parts may be missing, so the mode is `observe` and `protected` is true. */
  readonly broken: boolean;
  /** The first secret in the text, if any: such a text must not be written to disk. */
  readonly secret: Problem | null;
}

const hosts: Reader<ReturnType<typeof readHosts>> = (node, _, findings) => readHosts(node, findings);
const patterns: Reader<ReturnType<typeof readPatterns>> = (node, _, findings) => readPatterns(node, findings);

/** What is protected by a word that cannot be read stays protected. */
const guarded: Reader<boolean> = (node, label, findings) => yesNo(node, label, findings) ?? true;

const fields = mapping(
  { name, colour, mode, protected: guarded, etcd, documents, updates, checks, ssh, health, hosts, patterns },
  'Write "name: …" and below it "hosts:"; resources/cluster.example.yaml shows everything',
);

/** Reads a cluster file. What cannot be used is left out and named with its line; everything else stays. Never throws. */
export function parseClusterFile(text: string, fileName: string): ParsedClusterFile {
  const yaml = readYaml(text, fileName);
  const findings = new Findings(fileName);
  findings.problems.push(...yaml.problems);
  if (yaml.root) findSecretValues(yaml.root, findings);
  const read = (yaml.root && fields(yaml.root, 'a cluster file', findings)) ?? {};
  const file: ClusterFile = {
    name: read.name ?? '',
    colour: read.colour ?? 'grey',
    mode: yaml.broken ? 'observe' : (read.mode ?? 'observe'),
    protected: yaml.broken || (read.protected ?? false),
    etcd: read.etcd ?? null,
    documents: read.documents ?? null,
    updateServer: read.updates?.server ?? null,
    checks: read.checks ?? [],
    ssh: {
      user: read.ssh?.user ?? null,
      keys: read.ssh?.keys ?? read.ssh?.key ?? null,
      jump: read.ssh?.jump ?? null,
      port: read.ssh?.port ?? null,
      transport: 'ssh2',
      agent: read.ssh?.agent ?? null,
      knownHosts: read.ssh?.knownHosts ?? null,
    },
    health: read.health ?? {},
    hosts: read.hosts ?? [],
    patterns: read.patterns ?? [],
  };
  // What follows from a text that is no YAML may be nonsense: what breaks it is said first.
  const problems = yaml.broken
    ? [...inOrder(yaml.problems), ...inOrder(findings.problems.slice(yaml.problems.length))]
    : inOrder(findings.problems);
  return { file, problems: boundedProblems(problems), broken: yaml.broken, secret: findings.secret };
}
