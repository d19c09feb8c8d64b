import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { ClusterStore } from '../clusters/cluster-store.ts';
import type { Scope } from '../lib/scope.ts';
import { DisabledHosts } from './disabled-hosts.ts';
import { LocalMarks } from './maintenance/local-marks.ts';
import { OpenCluster, type OpenClusterOptions } from './open-cluster.ts';

/** A page reload or a short look at another cluster must not cost a thousand handshakes. */
const lingerMs = 60_000;

/** What all clusters share; `lingerMs` is how long one stays open after its last viewer left, a minute when left out. */
type SharedOptions = Omit<OpenClusterOptions, keyof Kept | 'journalFile' | 'consoleId'> & {
  readonly lingerMs?: number;
};

/** What this console keeps of one cluster, whether it is open or not. */
interface Kept {
  readonly maintenance: LocalMarks;
  readonly disabled: DisabledHosts;
}

interface Entry {
  readonly cluster: OpenCluster;
  viewers: number;
  cancelEnd: () => void;
}

/** The clusters that someone looks at: opened at the first look, shared, ended a while after the last. */
export class OpenClusters {
  readonly #scope: Scope;
  readonly #store: ClusterStore;
  readonly #dataDir: string;
  readonly #options: SharedOptions;
  readonly #open = new Map<string, Entry>();
  readonly #kept = new Map<string, Kept>();
  readonly #consoleId = randomBytes(4).toString('hex');

  constructor(scope: Scope, store: ClusterStore, dataDir: string, options: SharedOptions) {
    this.#scope = scope;
    this.#store = store;
    this.#dataDir = dataDir;
    this.#options = options;
    scope.add(async () => {
      await Promise.all([...this.#open.values()].map(({ cluster }) => cluster.end()));
    });
  }

  /** Reads what is kept of all clusters, so that opening one is immediate. */
  async prepare(): Promise<void> {
    for (const { entry } of this.#store.list()) await this.#load(entry.id);
  }

  /** Throws `not-found` for an id without a cluster file. `leave` must be called once. */
  join(id: string): { cluster: OpenCluster; leave: () => void } {
    const cluster = this.#store.get(id);
    if (!cluster) throw fail('not-found', `there is no cluster ${id}`);
    let entry = this.#open.get(id);
    if (!entry) {
      const kept = this.#kept.get(id) ?? this.#keep(id);
      const journalFile = join(this.#dataDir, 'changes', `${id}.sqlite`);
      const opened = new OpenCluster(cluster, {
        ...this.#options,
        ...kept,
        journalFile,
        consoleId: this.#consoleId,
      });
      entry = { cluster: opened, viewers: 0, cancelEnd: () => {} };
      this.#open.set(id, entry);
    }
    const joined = entry;
    joined.cancelEnd();
    joined.cluster.setViewers(++joined.viewers);
    return { cluster: joined.cluster, leave: () => this.#leave(id, joined) };
  }

  /**
   * The cluster files changed. A cluster whose file is gone is ended at once, its connections with it: nobody may look at
   * it any more (sessions leave before). When the file comes back it is opened anew.
   */
  refresh(): void {
    for (const [id, entry] of this.#open) {
      const fresh = this.#store.get(id);
      if (fresh) entry.cluster.update(fresh);
      else this.#end(id, entry);
    }
  }

  #leave(id: string, entry: Entry): void {
    if (this.#open.get(id) !== entry) return;
    entry.cluster.setViewers(--entry.viewers);
    if (entry.viewers > 0) return;
    this.#endLater(id, entry);
  }

  /** Not while something runs on the hosts: closing the window must not leave it standing. */
  #endLater(id: string, entry: Entry): void {
    entry.cancelEnd = this.#scope.after(this.#options.lingerMs ?? lingerMs, () => {
      if (entry.cluster.busy) this.#endLater(id, entry);
      else this.#end(id, entry);
    });
  }

  #end(id: string, entry: Entry): void {
    entry.cancelEnd();
    this.#open.delete(id);
    entry.cluster
      .end()
      .catch((error: unknown) =>
        this.#options.log.error('a cluster did not end cleanly', { id, error: String(error) }),
      );
  }

  #keep(id: string): Kept {
    const kept = {
      maintenance: new LocalMarks(join(this.#dataDir, 'maintenance', `${id}.json`)),
      disabled: new DisabledHosts(join(this.#dataDir, 'disabled', `${id}.json`)),
    };
    this.#kept.set(id, kept);
    return kept;
  }

  async #load(id: string): Promise<void> {
    for (const one of Object.values(this.#keep(id)))
      await one.load().catch((error: unknown) => this.#options.log.warn(toProblem(error).message));
  }
}
