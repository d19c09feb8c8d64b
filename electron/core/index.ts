import type { Port } from '#shared/wire/port.ts';
import type { Log } from './lib/log.ts';
import type { Vault } from './lib/vault.ts';

/** Starts the embedded demo fleet; `clusterFile` is a cluster file like any other. */
export interface DemoFleet {
  readonly clusterFile: string;
  end(): Promise<void>;
}

/** The five things a shell supplies. */
export interface CoreOptions {
  /** Where the console keeps what it may lose only by the user's wish: activity log, saved views, maintenance marks. */
  readonly dataDir: string;
  /** The folder of cluster files, `$XDG_CONFIG_HOME/quarterdeck/clusters`. */
  readonly configDir: string;
  readonly vault: Vault;
  readonly log: Log;
  /** Null where the shell has no demo. */
  readonly startDemo: ((hosts: number) => Promise<DemoFleet>) | null;
}

/** The core behind its one door: each view is attached by a Port. */
export interface Core {
  attach(port: Port): void;
  /** Starts the demo fleet and answers its cluster id, for `--demo`. */
  startDemo(hosts: number): Promise<string>;
  end(): Promise<void>;
}
