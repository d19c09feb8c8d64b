import type { ServiceActivity, ServiceChannel, ServiceGroup, ServicePackage } from '#shared/contract/update-service.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { Followed } from './followed.ts';
import { type GroupLedger, keys, stored } from './stored.ts';

/** What the update service of a cluster is made of, followed in its store. */
export class ServiceSetup {
  readonly packages: Followed<ServicePackage>;
  readonly channels: Followed<ServiceChannel>;
  readonly groups: Followed<ServiceGroup>;
  readonly ledgers: Followed<GroupLedger>;
  readonly activity: Followed<ServiceActivity>;
  readonly ready: Promise<unknown>;

  constructor(store: JournalStore, options: { scope: Scope; log: Log; changed: () => void }) {
    this.packages = new Followed<ServicePackage>(store, keys.packages, stored.packages, options);
    this.channels = new Followed<ServiceChannel>(store, keys.channels, stored.channels, options);
    this.groups = new Followed<ServiceGroup>(store, keys.groups, stored.groups, options);
    this.ledgers = new Followed<GroupLedger>(store, keys.ledgers, stored.ledgers, options);
    this.activity = new Followed<ServiceActivity>(store, keys.activity, stored.activity, options);
    const all = [this.packages, this.channels, this.groups, this.ledgers, this.activity];
    this.ready = Promise.all(all.map(({ ready }) => ready));
  }
}
