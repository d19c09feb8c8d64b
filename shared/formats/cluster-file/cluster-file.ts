import type { clusterColours, ClusterMode, Thresholds } from '#shared/contract/cluster.ts';

/** A host as the file says it; null fields are not said and come from `ssh:` or from ssh_config. */
export interface FileHost {
  readonly name: string;
  readonly address: string | null;
  readonly port: number | null;
  readonly user: string | null;
  readonly keys: readonly string[] | null;
  /** Hops in order; empty for `none`. */
  readonly jump: readonly string[] | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Its line in the file. */
  readonly line: number;
}

/** Hosts taken from the person's own ssh_config by pattern. */
export interface FilePattern {
  readonly fromSshConfig: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly line: number;
}

export interface FileSsh {
  readonly user: string | null;
  readonly keys: readonly string[] | null;
  readonly jump: readonly string[] | null;
  readonly port: number | null;
  readonly transport: 'ssh2';
  /** False for no agent, a path for another socket, null for SSH_AUTH_SOCK. */
  readonly agent: false | string | null;
  readonly knownHosts: readonly string[] | null;
}

export interface FileEtcd {
  readonly endpoints: readonly string[];
  readonly tls: {
    readonly ca: string | null;
    readonly cert: string | null;
    readonly key: string | null;
    readonly serverName: string | null;
  } | null;
  readonly user: string | null;
}

/** The server that this cluster's hosts ask for updates. */
export interface FileUpdateServer {
  readonly kind: 'nebraska';
  /** Where it answers, without a slash at its end. */
  readonly url: string;
  readonly ca: string | null;
  /** Id or product id of the one application to look at; null for all. */
  readonly app: string | null;
}

/** A check of the files at some paths, that each change of them has to pass on its hosts. */
export interface FileCheck {
  /** A pattern of paths, as `/etc/haproxy/*.cfg`. */
  readonly path: string;
  /** Shell text; `$1` is the file. */
  readonly command: string;
  /** Of a copy before anything is changed, or of the file in place before units act. */
  readonly when: 'staged' | 'in-place';
}

/** A cluster file as far as it could be read; paths are as written. */
export interface ClusterFile {
  /** Empty when the file names none. */
  readonly name: string;
  readonly colour: (typeof clusterColours)[number];
  readonly mode: ClusterMode;
  readonly protected: boolean;
  readonly etcd: FileEtcd | null;
  /** A folder where documents are kept; null for etcd, or this console. */
  readonly documents: string | null;
  readonly updateServer: FileUpdateServer | null;
  readonly checks: readonly FileCheck[];
  readonly ssh: FileSsh;
  readonly health: Partial<Thresholds>;
  readonly hosts: readonly FileHost[];
  readonly patterns: readonly FilePattern[];
}

/** Hosts that one cluster file may hold. */
export const maxHosts = 5000;
