import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { toProblem } from '#shared/contract/problem.ts';
import {
  instanceId,
  type ServiceActivity,
  type ServiceGroup,
  type ServiceInstance,
} from '#shared/contract/update-service.ts';
import type { OmahaApp, OmahaRequest } from '#shared/formats/omaha/request.ts';
import type { OmahaAppAnswer } from '#shared/formats/omaha/response.ts';
import type { JournalStore, StoredEntry, StoreGuard, StoreStep } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import { Limiter } from '../lib/limiter.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { activityStep } from './activity-step.ts';
import { type AskedOf, decide, type Decision } from './decide.ts';
import { findGroup } from './find-group.ts';
import { withEnd } from './policy.ts';
import { finishRollout, sweep } from './sweep.ts';
import type { ServiceSetup } from './service-setup.ts';
import { emptyLedger, type GroupLedger, keys, mostInstances, stored, storedText } from './stored.ts';

const attempts = 25;
const sweepEveryMs = 3_600_000;
const finishAfterMs = 1000;
const sayAgainMs = 86_400_000;

/** What an app is told, or why it is nobody's. */
type Told = { readonly check: OmahaAppAnswer['check'] } | { readonly unknown: string };

/** What was read, so that it is written over just that. */
interface Entries {
  readonly groupEntry: StoredEntry;
  readonly instanceEntry: StoredEntry | null;
  readonly ledgerEntry: StoredEntry | null;
}

export interface UpdateServerOptions {
  readonly store: JournalStore;
  readonly setup: ServiceSetup;
  readonly scope: Scope;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Answers machines: decides each app of a request over what the store says and writes down what was decided in one commit
 * that is made only while nothing of it moved, so that several of these on one store never give more than a policy allows.
 */
export class UpdateServer {
  readonly #options: UpdateServerOptions;
  /** One at a time for a group, so that requests here do not make each other begin anew. */
  readonly #turns = new Map<string, Limiter>();
  readonly #finishing = new Set<string>();
  #instances = 0;

  constructor(options: UpdateServerOptions) {
    this.#options = options;
    const tidy = () =>
      void sweep(options).then(
        (instances) => (this.#instances = instances),
        (error: unknown) => options.log.warn(`the update service could not be tidied: ${toProblem(error).message}`),
      );
    options.scope.every(sweepEveryMs, tidy);
    tidy();
  }

  /** What each app of a request is told. Rejects with the store's Problem when it cannot be asked. */
  async answer(request: OmahaRequest, address: string): Promise<OmahaAppAnswer[]> {
    await this.#options.setup.ready;
    const answers: OmahaAppAnswer[] = [];
    for (const app of request.apps) {
      const told = await this.#decideApp(app, address);
      const id = app.sentId;
      if ('unknown' in told) {
        const check = { kind: 'refused', status: told.unknown } as const;
        answers.push({ id, status: told.unknown, ping: false, events: 0, check });
      } else answers.push({ id, status: 'ok', ping: app.ping, events: app.events.length, check: told.check });
    }
    return answers;
  }

  async #decideApp(app: OmahaApp, address: string): Promise<Told> {
    const group = findGroup(app, this.#options.setup.groups.values());
    if (!group) return { unknown: 'error-unknownApplicationOrGroup' };
    if (!instanceId.safeParse(app.machine).success) return { unknown: 'error-instanceRegistrationFailed' };
    let turn = this.#turns.get(group.id);
    if (!turn) this.#turns.set(group.id, (turn = new Limiter(1)));
    return turn.run(async () => {
      for (let attempt = 1; attempt <= attempts; attempt++) {
        const decided = await this.#attempt(app, group, address);
        if (decided) return decided;
        // Another console was faster: what it wrote is read anew, a little later each time.
        await sleep(Math.random() * 10 * attempt);
      }
      return { unknown: 'error-couldNotCheckUpdatesStats' };
    });
  }

  /** Null when something moved meanwhile. */
  async #attempt(app: OmahaApp, { id }: ServiceGroup, address: string): Promise<Told | null> {
    const { store, setup, now } = this.#options;
    const [groupEntry, instanceEntry, ledgerEntry] = await Promise.all([
      store.get(keys.groups + id),
      store.get(keys.instances + app.machine),
      store.get(keys.ledgers + id),
    ]);
    if (!groupEntry) return { unknown: 'error-unknownApplicationOrGroup' };
    const group = parseStored(stored.groups, groupEntry).value;
    const instance = read(stored.instances, instanceEntry) as ServiceInstance | null;
    if (!instance && this.#instances >= mostInstances) return { unknown: 'error-instanceRegistrationFailed' };
    const ledger = (read(stored.ledgers, ledgerEntry) ?? emptyLedger) as GroupLedger;
    const channel = setup.channels.get(group.channel ?? '')?.value ?? null;
    const asked: AskedOf = { group, channel, packages: setup.packages.values(), instance, ledger };
    const decision = decide(asked, app, address, now());
    const { guards, steps } = await this.#writing(asked, decision, { groupEntry, instanceEntry, ledgerEntry });
    if (steps.length > 0 && !(await this.#commit(guards, steps))) return null;
    if (steps.length > 0 && !instance) this.#instances++;
    if (decision.instance.status === 'complete' || decision.answer?.kind === 'noupdate') this.#finishSoon(id);
    return { check: decision.answer };
  }

  async #writing(
    asked: AskedOf,
    { group, instance, ledger, activity, answer }: Decision,
    { groupEntry, instanceEntry, ledgerEntry }: Entries,
  ): Promise<{ guards: StoreGuard[]; steps: StoreStep[] }> {
    const { store, setup } = this.#options;
    const steps: StoreStep[] = [];
    const guards: StoreGuard[] = [];
    const write = (key: string, before: StoredEntry | null, value: unknown) => {
      guards.push(before ? { key, is: 'modified', at: before.modified } : { key, is: 'absent' });
      steps.push({ put: key, value: storedText(value) });
    };
    const hold = (key: string, revision: number | undefined) =>
      guards.push(revision === undefined ? { key, is: 'absent' } : { key, is: 'modified', at: revision });
    if (!isDeepStrictEqual(instance, asked.instance)) write(keys.instances + instance.id, instanceEntry, instance);
    const changes = !isDeepStrictEqual(ledger, asked.ledger);
    if (changes) {
      write(keys.ledgers + group.id, ledgerEntry, ledger);
      hold(groupEntry.key, groupEntry.modified);
      if (group !== asked.group) steps.push({ put: groupEntry.key, value: storedText(group) });
    }
    // A grant holds only while the channel and its package are those that were looked at.
    if (changes && answer?.kind === 'update' && asked.channel) {
      hold(keys.channels + asked.channel.id, setup.channels.get(asked.channel.id)?.revision);
      hold(keys.packages + answer.package.id, setup.packages.get(answer.package.id)?.revision);
    }
    const left = asked.instance?.inProgress && asked.instance.group !== group.id ? asked.instance.group : null;
    if (left !== null) {
      const entry = await store.get(keys.ledgers + left);
      const before = read(stored.ledgers, entry) as GroupLedger | null;
      if (before) write(keys.ledgers + left, entry, withEnd(before, instance.id, 'over'));
    }
    for (const [order, one] of activity.entries()) if (!this.#saidBefore(one)) steps.push(activityStep(one, order));
    return { guards, steps };
  }

  async #commit(guards: StoreGuard[], steps: StoreStep[]): Promise<boolean> {
    try {
      return (await this.#options.store.commit(guards, steps)).made;
    } catch (error) {
      // It may have been made: what is there now says so.
      if (toProblem(error).code === 'lost') return false;
      throw error;
    }
  }

  /** That there is no package is said once a day, not to each machine. */
  #saidBefore({ class: kind, group, at }: ServiceActivity): boolean {
    if (kind !== 'package not found') return false;
    const said = this.#options.setup.activity.values();
    return said.some((one) => one.class === kind && one.group === group && at - one.at < sayAgainMs);
  }

  /** Whether all machines of a group have the version is looked at for many of them at once. */
  #finishSoon(group: string): void {
    const { setup, scope, log } = this.#options;
    if (this.#finishing.has(group) || setup.ledgers.get(group)?.value.rollout?.state === 'finished') return;
    this.#finishing.add(group);
    scope.after(finishAfterMs, () => {
      this.#finishing.delete(group);
      finishRollout(this.#options, group).catch((error: unknown) =>
        log.warn(`whether a roll-out is over could not be seen: ${toProblem(error).message}`),
      );
    });
  }
}

function read(schema: (typeof stored)['instances'] | (typeof stored)['ledgers'], entry: StoredEntry | null) {
  return entry && parseStored(schema, entry).value;
}
