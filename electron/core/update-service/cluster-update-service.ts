import { randomUUID } from 'node:crypto';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { ServiceInstance, SetupItem, SetupKind, UpdateService } from '#shared/contract/update-service.ts';
import { parseOmahaRequest } from '#shared/formats/omaha/request.ts';
import { printOmahaResponse } from '#shared/formats/omaha/response.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import { parseStored } from '../documents/stored-values.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { removeItem, saveItem } from './edit-setup.ts';
import { type InstanceWish, pickInstances } from './pick-instances.ts';
import { ledgerFigures } from './policy.ts';
import { ServiceSetup } from './service-setup.ts';
import { emptyLedger, keys, stored, storedText } from './stored.ts';
import { listInstances } from './sweep.ts';
import { UpdateServer } from './update-server.ts';

const serverName = 'quarterdeck';
const leaseSeconds = 20;
const lookAgainMs = 5000;
const tryAgainMs = 5000;
const mostShown = 200;

/** One store, and all that follows it or serves from it. */
interface Place {
  readonly store: JournalStore;
  readonly setup: ServiceSetup;
  readonly scope: Scope;
  serving: { readonly server: UpdateServer; readonly scope: Scope } | null;
}

/** The update service of an open cluster: told as a section, edited by a person's word, and served when it is asked to. */
export class ClusterUpdateService {
  readonly #around: ActionSurroundings;
  readonly #scope: Scope;
  readonly #log: Log;
  #place: Place | null = null;
  #problem: Problem | null = null;
  /** Where this console listens for machines. */
  #url: string | null = null;

  constructor({ around, scope, log }: { around: ActionSurroundings; scope: Scope; log: Log }) {
    this.#around = around;
    this.#scope = scope;
    this.#log = log;
    // Grants leave the period, and updates take too long, without anything being written.
    scope.every(lookAgainMs, () => {
      this.#serveOrRest();
      this.#publish();
    });
  }

  /** Where it is kept; null with the reason while there is no such place. */
  use(store: JournalStore | null, problem: Problem | null): void {
    const before = this.#place;
    const end = before?.scope.end();
    void end?.catch((error: unknown) => this.#log.warn('an update service did not end', { error: String(error) }));
    this.#problem = problem;
    this.#place = null;
    if (!store) return this.#publish();
    const scope = this.#scope.child('update service');
    const setup = new ServiceSetup(store, { scope, log: this.#log, changed: () => this.#publish() });
    this.#place = { store, setup, scope, serving: null };
    this.#serveOrRest();
    this.#publish();
  }

  /** Whether machines are answered from here, so that the cluster has to stay open. */
  get serving(): boolean {
    return this.#url !== null;
  }

  /** Says that machines reach this console at `url`, and answers them from now on. */
  serve(url: string): void {
    this.#url = url;
    this.#serveOrRest();
    this.#publish();
  }

  /** Why no machine can be answered now; null when it can. */
  trouble(): string | null {
    this.#serveOrRest();
    if (this.#around.mode() !== 'operate') return 'the cluster is in observe mode';
    if (!this.#place?.serving) return this.#problem?.message ?? 'where the update service is kept is not known yet';
    return this.#place.setup.problem?.message ?? null;
  }

  /** Answers what a machine posted; rejects with `invalid-input` for what is no Omaha request. */
  async answer(xml: string, address: string): Promise<string> {
    const request = parseOmahaRequest(xml);
    const trouble = this.trouble();
    const serving = this.#place?.serving;
    if (trouble !== null || !serving) throw fail('refused', trouble ?? 'not served');
    return printOmahaResponse(serverName, await serving.server.answer(request, address));
  }

  /** Writes a package, channel or group, and writes down who did. */
  async save(item: SetupItem, revision: number | null): Promise<{ revision: number }> {
    const { store, setup } = this.#open();
    const { kind, value } = item;
    const name = kind === 'packages' ? `${value.version} for ${value.arch}` : `${value.name} for ${value.arch}`;
    await setup.ready;
    const saved = () => saveItem(store, setup, item, revision, this.#around.now());
    return this.#record(`${revision === null ? 'add' : 'change'} ${one[kind]} ${name}`, storedText(value), saved);
  }

  async remove(kind: SetupKind, id: string, revision: number): Promise<void> {
    const { store, setup } = this.#open();
    await setup.ready;
    const value = setup[kind].get(id)?.value;
    const name = value && ('name' in value ? value.name : value.version);
    await this.#record(`remove ${one[kind]} ${name ?? id}`, '', () => removeItem(store, setup, kind, id, revision));
  }

  /** Instances as they are written down now. */
  async instances(wish: InstanceWish) {
    const { store } = this.#open();
    const all = (await listInstances(store, this.#log)).map(({ value }) => value);
    return pickInstances(all, wish, this.#around.records);
  }

  async instance(id: string): Promise<ServiceInstance> {
    const entry = await this.#open().store.get(keys.instances + id);
    if (!entry) throw fail('not-found', `no machine ${id} is known to the update service`);
    return parseStored(stored.instances, entry).value;
  }

  #open(): Place {
    if (this.#place) return this.#place;
    const { code, message, ...more } = this.#problem ?? { code: 'busy', message: 'the update service is being opened' };
    throw fail(code, message, more);
  }

  /** Nothing is written for machines while the cluster is only observed, not even that they are answered. */
  #serveOrRest(): void {
    const place = this.#place;
    if (!place || this.#url === null) return;
    const may = this.#around.mode() === 'operate';
    if (may && !place.serving) this.#serveHere(place, this.#url);
    if (may || !place.serving) return;
    const { scope } = place.serving;
    place.serving = null;
    scope.end().catch((error: unknown) => this.#log.warn('an update service did not end', { error: String(error) }));
  }

  #serveHere(place: Place, url: string): void {
    const { store, setup } = place;
    const scope = place.scope.child('served');
    const { now } = this.#around;
    place.serving = { server: new UpdateServer({ store, setup, scope, log: this.#log, now }), scope };
    const key = keys.servers + randomUUID();
    const show = async (): Promise<void> => {
      const again = (error: unknown) => {
        this.#log.info('that machines are answered here could not be written down', { error: String(error) });
        scope.after(tryAgainMs, () => void show());
      };
      try {
        const lease = await store.lease(leaseSeconds, again);
        scope.add(() => lease.release());
        const value = storedText({ url, by: this.#around.actor.name, since: this.#around.now() });
        await store.commit([], [{ put: key, value, lease: lease.id }]);
      } catch (error) {
        again(toProblem(error).message);
      }
    };
    void show();
  }

  async #record<T>(what: string, command: string, run: () => Promise<T>): Promise<T> {
    const { activity, actor, cluster, now } = this.#around;
    const at = now();
    const add = (outcome: 'ok' | 'refused' | 'failed', detail: string) =>
      activity.add({
        at,
        actor: actor.name,
        cluster,
        host: '',
        kind: 'update-service',
        what,
        command: command.slice(0, 4000),
        exitCode: null,
        durationMs: now() - at,
        outcome,
        detail,
      });
    try {
      const done = await run();
      await add('ok', '');
      return done;
    } catch (error) {
      const { code, message } = toProblem(error);
      await add(['stale', 'refused', 'invalid-input'].includes(code) ? 'refused' : 'failed', message);
      throw error;
    }
  }

  #publish(): void {
    const section = this.#section();
    if (section) this.#around.records.publish('cluster', '', 'updateService', section);
    else this.#around.records.drop('cluster', '', 'updateService');
  }

  #section(): UpdateService | null {
    const place = this.#place;
    if (!place) {
      if (!this.#problem) return null;
      return {
        kind: 'local',
        problem: this.#problem,
        servers: [],
        waiting: this.#url,
        packages: [],
        channels: [],
        groups: [],
        activity: [],
      };
    }
    const { setup, store } = place;
    const now = this.#around.now();
    const groups = setup.groups.all().map(({ revision, value }) => {
      const ledger = setup.ledgers.get(value.id)?.value ?? emptyLedger;
      return { revision, value, progress: { ...ledgerFigures(value, ledger, now), rollout: ledger.rollout } };
    });
    return {
      kind: store.kind,
      problem: setup.problem,
      servers: setup.servers.values().slice(0, 50),
      waiting: place.serving ? null : this.#url,
      packages: setup.packages.all(),
      channels: setup.channels.all(),
      groups,
      activity: setup.activity.last(mostShown),
    };
  }
}

const one: Readonly<Record<SetupKind, string>> = { packages: 'package', channels: 'channel', groups: 'group' };
