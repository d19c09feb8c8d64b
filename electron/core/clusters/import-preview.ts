import type { ClusterMode, ImportPreview } from '#shared/contract/cluster.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';
import { parseInventoryIni } from '#shared/formats/ansible-inventory/parse-ini.ts';
import { parseInventoryYaml } from '#shared/formats/ansible-inventory/parse-yaml.ts';
import { previewInventory } from '#shared/formats/ansible-inventory/preview.ts';
import { printClusterFile } from '#shared/formats/cluster-file/print.ts';
import { previewHostList } from '#shared/formats/host-list/parse.ts';
import { loadSshConfig } from '#shared/formats/ssh-config/load.ts';
import { previewSshConfig } from '#shared/formats/ssh-config/preview.ts';
import type { FileClusterStore } from './file-cluster-store.ts';
import type { Person } from './person.ts';
import { readSshConfig, type SshConfigPlace } from './read-ssh-config.ts';

export type ImportFormat = 'ssh-config' | 'ansible-ini' | 'ansible-yaml' | 'list';

/** Inventories from elsewhere: looked at first, then made into a cluster file. */
export class ImportSources {
  readonly #store: FileClusterStore;
  readonly #ssh: SshConfigPlace;
  readonly #person: Person;

  constructor(store: FileClusterStore, ssh: SshConfigPlace, person: Person) {
    this.#store = store;
    this.#ssh = ssh;
    this.#person = person;
  }

  /** What an import would bring; nothing is written. Null reads the person's own ssh_config, with its includes. */
  async preview(format: ImportFormat, text: string | null): Promise<ImportPreview> {
    if (format === 'ssh-config') return text === null ? this.#ownSshConfig() : this.#pastedSshConfig(text);
    if (text === null) throw fail('invalid-input', 'there is no text to import');
    const file = 'pasted text';
    if (format === 'list') return previewHostList(text, file);
    return previewInventory(format === 'ansible-ini' ? parseInventoryIni(text, file) : parseInventoryYaml(text, file));
  }

  /** Makes a cluster file from an import; answers its id. Rejects with `refused` when a secret would be written. */
  createCluster(name: string, mode: ClusterMode, hosts: ImportPreview['hosts']): Promise<string> {
    return this.#store.createNamed(name, printClusterFile(name, mode, hosts));
  }

  async #ownSshConfig(): Promise<ImportPreview> {
    const config = await readSshConfig(this.#ssh);
    const preview = previewSshConfig(config, this.#person);
    if (config.files.includes(this.#ssh.userFile)) return preview;
    const problem: Problem = {
      code: 'not-found',
      message: `there is no ${this.#ssh.userFile}, or it cannot be read`,
      hint: 'Paste a list of hosts instead.',
    };
    return { ...preview, problems: [problem, ...preview.problems] };
  }

  async #pastedSshConfig(text: string): Promise<ImportPreview> {
    const included: Problem[] = [];
    const config = await loadSshConfig([{ file: 'pasted text', text, owner: 'user' }], (pattern) => {
      included.push({ code: 'unsupported', message: `Include ${pattern} is not followed in pasted text` });
      return Promise.resolve([]);
    });
    const preview = previewSshConfig(config, this.#person);
    return { ...preview, problems: [...included.slice(0, 20), ...preview.problems] };
  }
}
