import type { z } from 'zod';
import type { Problem } from '#shared/contract/problem.ts';
import type { ServiceActivity, ServiceChannel, ServiceGroup, ServicePackage } from '#shared/contract/update-service.ts';
import type { JournalStore, StoreNews } from '../changes/journal-store.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { Followed } from './followed.ts';
import { type GroupLedger, keys, type servingConsole, stored } from './stored.ts';

/** What the update service of a cluster is made of, followed in its store until the scope ends; all but its instances. */
export class ServiceSetup {
  readonly packages: Followed<ServicePackage>;
  readonly channels: Followed<ServiceChannel>;
  readonly groups: Followed<ServiceGroup>;
  readonly ledgers: Followed<GroupLedger>;
  readonly activity: Followed<ServiceActivity>;
  readonly servers: Followed<z.infer<typeof servingConsole>>;
  /** Resolves once it is known for the first time, or when nobody wants it any more. */
  readonly ready: Promise<void>;
  /** Why it is not known what is there now. */
  problem: Problem | null = null;

  constructor(store: JournalStore, options: { scope: Scope; log: Log; changed: () => void }) {
    const { scope, log, changed } = options;
    this.packages = new Followed<ServicePackage>(keys.packages, stored.packages, log);
    this.channels = new Followed<ServiceChannel>(keys.channels, stored.channels, log);
    this.groups = new Followed<ServiceGroup>(keys.groups, stored.groups, log);
    this.ledgers = new Followed<GroupLedger>(keys.ledgers, stored.ledgers, log);
    this.activity = new Followed<ServiceActivity>(keys.activity, stored.activity, log);
    this.servers = new Followed<z.infer<typeof servingConsole>>(keys.servers, stored.servers, log);
    const first = Promise.withResolvers<void>();
    this.ready = first.promise;
    const stop = store.watch(
      keys.setup,
      (news) => {
        this.#take(news);
        first.resolve();
        changed();
      },
      (problem) => {
        this.problem = problem;
        changed();
      },
    );
    scope.add(stop);
    scope.add(() => first.resolve());
  }

  #take({ reset, changed, gone }: StoreNews): void {
    const all = [this.packages, this.channels, this.groups, this.ledgers, this.activity, this.servers];
    const placeOf = (key: string) => all.find(({ prefix }) => key.startsWith(prefix));
    if (reset) for (const one of all) one.clear();
    for (const key of gone) placeOf(key)?.delete(key);
    for (const entry of changed) placeOf(entry.key)?.put(entry);
  }
}
