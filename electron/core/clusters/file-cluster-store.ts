import { realpath, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ClusterMode, ThresholdChanges } from '#shared/contract/cluster.ts';
import { clusterId } from '#shared/contract/ids.ts';
import { fail, type Problem, ProblemError } from '#shared/contract/problem.ts';
import { setMode, setThresholds } from '#shared/formats/cluster-file/edit.ts';
import { parseClusterFile } from '#shared/formats/cluster-file/parse.ts';
import { emptySshConfig, type SshConfig } from '#shared/formats/ssh-config/config-tree.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { writeAtomically } from '../storage/json-file.ts';
import {
  FolderWatch,
  freeId,
  idFrom,
  listClusterFiles,
  readVersioned,
  signatureOf,
  versionOf,
} from './cluster-folder.ts';
import type { Cluster, ClusterStore } from './cluster-store.ts';
import type { Person } from './person.ts';
import { readCluster } from './read-cluster.ts';
import { readSshConfig, type SshConfigPlace } from './read-ssh-config.ts';
import { resolveCluster } from './resolve-cluster.ts';

export interface StoreSettings {
  readonly configDir: string;
  readonly ssh: SshConfigPlace;
  readonly person: Person;
  readonly log: Log;
  readonly debounceMs: number;
  readonly lookMs: number;
}

interface Held {
  readonly file: string;
  /** Null when it could not be read. */
  readonly version: string | null;
  readonly cluster: Cluster;
  /** The last text that was YAML. */
  readonly good: string | null;
}

/** Cluster files on disk. Everything that reads or writes them goes through one queue, so that no two steps overlap. */
export class FileClusterStore implements ClusterStore {
  readonly #settings: StoreSettings;
  readonly #scope: Scope;
  readonly #watch: FolderWatch;
  readonly #listeners = new Set<() => void>();
  /** Files from elsewhere, by id, for this run only. */
  readonly #attached = new Map<string, string>();
  #held = new Map<string, Held>();
  #config: SshConfig = emptySshConfig;
  #signature = '';
  #queue: Promise<unknown> = Promise.resolve();

  constructor(settings: StoreSettings, scope: Scope) {
    this.#settings = settings;
    this.#scope = scope;
    this.#watch = new FolderWatch(settings.configDir, scope, settings.log, settings.debounceMs, () =>
      this.#look('now'),
    );
    scope.every(settings.lookMs, () => this.#look('if changed'));
    scope.add(async () => {
      await this.#queue;
    });
  }

  list(): readonly Cluster[] {
    return [...this.#held.values()].map((held) => held.cluster);
  }

  get(id: string): Cluster | null {
    return this.#held.get(id)?.cluster ?? null;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async read(id: string): Promise<{ text: string; version: string }> {
    const read = await readVersioned(this.#fileOf(id));
    if ('why' in read) throw fail('not-found', `the file of ${id} cannot be read: ${read.why}`);
    return read;
  }

  check(text: string): Promise<{ problems: Problem[]; hosts: number }> {
    const file = 'this text';
    const parsed = parseClusterFile(text, file);
    const { configDir, person } = this.#settings;
    const resolved = resolveCluster(parsed.file, file, configDir, this.#config, person);
    return Promise.resolve({ problems: [...parsed.problems, ...resolved.problems], hosts: resolved.hosts.length });
  }

  create(id: string, text: string): Promise<void> {
    return this.#inTurn(async () => {
      if (!clusterId.safeParse(id).success) throw fail('invalid-input', 'this is no cluster id');
      const files = await listClusterFiles(this.#settings.configDir);
      if (files.has(id) || this.#attached.has(id))
        throw fail('conflict', `there is already a cluster ${id}`, { hint: 'Choose another name.' });
      await this.#write(join(this.#settings.configDir, `${id}.yaml`), text);
    });
  }

  /** Like create, under the first free id made from `name`; answers it. */
  async createNamed(name: string, text: string): Promise<string> {
    const files = await listClusterFiles(this.#settings.configDir);
    const id = freeId(idFrom(name), (taken) => files.has(taken) || this.#attached.has(taken));
    await this.create(id, text);
    return id;
  }

  save(id: string, text: string, version: string): Promise<string> {
    return this.#inTurn(async () => {
      await this.#replace(id, version, text);
      return versionOf(text);
    });
  }

  delete(id: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#attached.has(id)) throw fail('unsupported', 'this cluster has no file of its own in the folder');
      if (this.get(id)?.entry.protected)
        throw fail('refused', `${id} is protected: it is not deleted from here`, {
          hint: 'Set "protected: false" in its file first.',
        });
      await unlink(this.#fileOf(id));
      await this.#read();
    });
  }

  setMode(id: string, mode: ClusterMode): Promise<void> {
    return this.#edit(id, (text) => {
      if (mode === 'operate' && parseClusterFile(text, id).file.protected)
        throw fail('refused', `${id} is protected: it is not switched to operate from here`, {
          hint: 'Whoever may change its file sets "mode: operate" there.',
        });
      return setMode(text, mode);
    });
  }

  setThresholds(id: string, changes: ThresholdChanges): Promise<void> {
    return this.#edit(id, (text) => setThresholds(text, changes));
  }

  attach(file: string): Promise<string> {
    return this.#inTurn(async () => {
      const name = idFrom(basename(file).replace(/\.ya?ml$/i, ''));
      const id = freeId(name, (taken) => this.#held.has(taken));
      this.#attached.set(id, file);
      await this.#read();
      return id;
    });
  }

  /** Reads everything anew and tells listeners when something is different. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#read());
  }

  end(): Promise<void> {
    return this.#scope.end();
  }

  #fileOf(id: string): string {
    const file = this.#held.get(id)?.file;
    if (file === undefined) throw fail('not-found', `there is no cluster ${id}`);
    return file;
  }

  #edit(id: string, change: (text: string) => string): Promise<void> {
    return this.#inTurn(async () => {
      const { text, version } = await this.read(id);
      const changed = change(text);
      if (changed !== text) await this.#replace(id, version, changed);
    });
  }

  async #replace(id: string, version: string, text: string): Promise<void> {
    const file = this.#fileOf(id);
    const now = await readVersioned(file);
    if ('why' in now || now.version !== version)
      throw fail('conflict', `the file of ${id} has changed since it was read`, {
        hint: 'Read it again and make your change there; nothing was written.',
        place: { file, line: 1 },
      });
    await this.#write(file, text);
  }

  async #write(file: string, text: string): Promise<void> {
    const { secret } = parseClusterFile(text, basename(file));
    if (secret) throw new ProblemError({ ...secret, code: 'refused' });
    // A link (into a checkout, say) stays a link: what it points to is written.
    const real = await realpath(file).catch(async () =>
      join(await realpath(dirname(file)).catch(() => dirname(file)), basename(file)),
    );
    await writeAtomically(real, text);
    await this.#read();
  }

  async #read(): Promise<void> {
    const { configDir, ssh, person } = this.#settings;
    this.#watch.arm();
    this.#signature = await this.#sign();
    const config = await readSshConfig(ssh);
    // The signature was taken before the texts, so that no change in between is lost; files new to it are looked at again.
    if (config.files.join('\n') !== this.#config.files.join('\n')) this.#signature = '';
    const sameConfig = JSON.stringify(config) === JSON.stringify(this.#config);
    if (!sameConfig) this.#config = config;
    const files = await listClusterFiles(configDir);
    for (const [id, file] of this.#attached) files.set(id, file);
    const next = new Map<string, Held>();
    for (const [id, file] of files) {
      const before = this.#held.get(id);
      const read = await readVersioned(file);
      const version = 'why' in read ? null : read.version;
      if (sameConfig && before?.file === file && version !== null && before.version === version) {
        next.set(id, before);
        continue;
      }
      const source = { id, file, demo: this.#attached.has(id), read };
      const lastGood = before?.file === file ? before.good : null;
      next.set(id, { file, version, ...readCluster(source, lastGood, this.#config, person) });
    }
    const same = JSON.stringify([...next]) === JSON.stringify([...this.#held]);
    this.#held = next;
    if (!same) for (const listener of this.#listeners) listener();
  }

  async #sign(): Promise<string> {
    const { configDir, ssh } = this.#settings;
    const files = await listClusterFiles(configDir);
    return signatureOf([
      ...files.values(),
      ...this.#attached.values(),
      ssh.userFile,
      ...(ssh.systemFile === null ? [] : [ssh.systemFile]),
      ...this.#config.files,
    ]);
  }

  #look(when: 'now' | 'if changed'): void {
    void this.#inTurn(async () => {
      if (this.#scope.ended) return;
      if (when === 'now' || (await this.#sign()) !== this.#signature) await this.#read();
    }).catch((error: unknown) => {
      this.#settings.log.warn('the cluster files could not be read', {
        why: error instanceof Error ? error.message : '',
      });
    });
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(step);
    this.#queue = done.catch(() => {});
    return done;
  }
}
