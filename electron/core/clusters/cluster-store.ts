import type { ClusterEntry, ClusterMode, ThresholdChanges, Thresholds } from '#shared/contract/cluster.ts';
import type { Problem } from '#shared/contract/problem.ts';
import type { HostSpec } from '../hosts/hosts.ts';
import type { FileCheck } from '#shared/formats/cluster-file/cluster-file.ts';

/** How to reach a cluster's etcd; passwords and key passphrases are asked for, never stored here. */
export interface EtcdSpec {
  readonly endpoints: readonly string[];
  readonly tls: {
    readonly caFile: string | null;
    readonly certFile: string | null;
    readonly keyFile: string | null;
    readonly serverName: string | null;
  } | null;
  readonly user: string | null;
}

/** The server that a cluster's hosts ask for updates; its token is asked for, never stored here. */
export interface UpdateServerSpec {
  readonly kind: 'nebraska';
  readonly url: string;
  readonly caFile: string | null;
  readonly app: string | null;
}

/** A cluster file read, checked and resolved against ssh_config; problems never hide the hosts that are fine. */
export interface Cluster {
  readonly entry: ClusterEntry;
  readonly hosts: readonly (HostSpec & { readonly labels: Readonly<Record<string, string>> })[];
  readonly etcd: EtcdSpec | null;
  /** Where documents are kept; null for etcd, or this console where there is none. */
  readonly documentsFolder: string | null;
  readonly updateServer: UpdateServerSpec | null;
  /** What changes of some files have to pass, beside what is known of them anyway. */
  readonly checks: readonly FileCheck[];
  readonly knownHostsFiles: readonly string[];
  readonly thresholds: Thresholds;
}

/** The folder of cluster files, watched: edits by hand or by git show up without a restart. */
export interface ClusterStore {
  list(): readonly Cluster[];
  get(id: string): Cluster | null;
  onChange(listener: () => void): () => void;
  read(id: string): Promise<{ text: string; version: string }>;
  check(text: string): Promise<{ problems: Problem[]; hosts: number }>;
  create(id: string, text: string): Promise<void>;
  /** Rejects with `conflict` when the file is no longer at `version`. */
  save(id: string, text: string, version: string): Promise<string>;
  /** Rejects with `refused` for a protected cluster. */
  delete(id: string): Promise<void>;
  /** Edits in place; comments and order stay. A protected cluster is not switched to operate: `refused`. */
  setMode(id: string, mode: ClusterMode): Promise<void>;
  setThresholds(id: string, thresholds: ThresholdChanges): Promise<void>;
  /** Adds a cluster file from elsewhere for this run only (the demo fleet); not listed in the folder. */
  attach(file: string): Promise<string>;
  end(): Promise<void>;
}
