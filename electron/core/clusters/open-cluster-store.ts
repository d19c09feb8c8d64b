import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import type { ClusterStore } from './cluster-store.ts';
import { FileClusterStore } from './file-cluster-store.ts';
import { ImportSources } from './import-preview.ts';
import { thisPerson } from './person.ts';

export interface ClusterStoreOptions {
  /** The folder of cluster files; it is made when the first one is written. */
  readonly configDir: string;
  /** The person's own ssh_config. */
  readonly sshConfigFile: string;
  /** Default `/etc/ssh/ssh_config`; null reads none. */
  readonly systemSshConfigFile?: string | null;
  readonly home: string;
  /** Default: the environment of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly scope: Scope;
  /** How long a change must rest before it is read. Default 100 ms. */
  readonly debounceMs?: number;
  /** How often files are looked at without being told of a change. Default 3 s. */
  readonly lookMs?: number;
}

/** The store of cluster files, read and watched, and the imports that go with it. Ends with `scope`. */
export async function openClusterStore(
  options: ClusterStoreOptions,
): Promise<{ store: ClusterStore; imports: ImportSources }> {
  const system = options.systemSshConfigFile;
  const settings = {
    configDir: options.configDir,
    ssh: {
      userFile: options.sshConfigFile,
      systemFile: system === undefined ? systemSshConfig(process.platform, process.env) : system,
      home: options.home,
    },
    person: thisPerson(options.home, options.env ?? process.env),
    log: options.log,
    debounceMs: options.debounceMs ?? 100,
    lookMs: options.lookMs ?? 3000,
  };
  const store = new FileClusterStore(settings, options.scope.child('clusters'));
  await store.reload();
  return { store, imports: new ImportSources(store, settings.ssh, settings.person) };
}

function systemSshConfig(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): string {
  return platform === 'win32' ? `${env['PROGRAMDATA'] ?? 'C:\\ProgramData'}\\ssh\\ssh_config` : '/etc/ssh/ssh_config';
}
