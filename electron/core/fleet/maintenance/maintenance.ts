import type { HostMaintenance } from '#shared/contract/host.ts';
import type { Problem } from '#shared/contract/problem.ts';
import type { JournalStore } from '../../changes/journal-store.ts';
import type { Log } from '../../lib/log.ts';
import type { Records } from '../records.ts';
import type { Marks } from './marks.ts';
import { SharedMarks } from './shared-marks.ts';

export interface MaintenanceOptions {
  readonly records: Records;
  readonly log: Log;
  readonly now: () => number;
  /** What this console alone keeps, for a cluster without etcd. */
  readonly local: Marks;
  /** The health of these hosts has to be assessed anew. */
  readonly touched: (hosts: readonly string[]) => void;
}

/** The hosts of one cluster that are down on purpose, as sections of their records: shared through etcd where there is one. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  #shared: SharedMarks | null = null;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#tell(null);
  }

  /** The cluster's etcd; null when it has none. */
  use(store: JournalStore | null): void {
    const { local, log, now } = this.#options;
    const before = this.#marks.hosts();
    this.#shared?.stop();
    this.#shared =
      store &&
      new SharedMarks(store, local, {
        log,
        now,
        changed: (hosts) => this.#publish(hosts),
        trouble: (problem) => this.#tell(problem),
      });
    this.#tell(null);
    this.#publish([...before, ...this.#marks.hosts()]);
  }

  async set(hosts: readonly string[], mark: HostMaintenance | null): Promise<void> {
    await this.#marks.set(hosts, mark);
    if (!this.#shared) this.#publish(hosts);
  }

  expire(): void {
    this.#publish(this.#marks.expire(this.#options.now()));
  }

  /** A host came to the inventory: it may have a mark already. */
  show(host: string): void {
    this.#publish([host]);
  }

  end(): void {
    this.#shared?.stop();
  }

  get #marks(): Marks {
    return this.#shared ?? this.#options.local;
  }

  #publish(hosts: readonly string[]): void {
    const { records, touched } = this.#options;
    const known = hosts.filter((host) => records.get('host', host, 'identity'));
    for (const host of known) {
      const mark = this.#marks.get(host);
      if (mark) records.publish('host', host, 'maintenance', mark);
      else records.drop('host', host, 'maintenance');
    }
    if (known.length > 0) touched(known);
  }

  #tell(problem: Problem | null): void {
    const kind = this.#shared ? 'etcd' : 'local';
    this.#options.records.publish('cluster', '', 'maintenance', { kind, problem });
  }
}
