import type { ActionSurroundings } from '#core/actions/unit-actions.ts';
import type { EtcdConnection } from '#core/etcd/connect-etcd.ts';
import type { Log } from '#core/lib/log.ts';
import type { Scope } from '#core/lib/scope.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { LockEdit, LockKind, LockPlan } from '#shared/contract/reboot-lock.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { editLock, planLockEdit } from './edit-lock.ts';
import { HolderHosts } from './holder-hosts.ts';
import { lockStores } from './index.ts';
import type { KeptLock } from './lock-store.ts';
import { WatchedPlace } from './locks-view.ts';
import type { Semaphore } from './semaphore.ts';
import { WaitingHosts } from './waiting-hosts.ts';

const lookAtHostsEveryMs = 2000;

/** The reboot locks of an open cluster: followed and told as a section, edited by a person's word. */
export class ClusterLocks {
  readonly #around: ActionSurroundings;
  readonly #scope: Scope;
  readonly #log: Log;
  readonly #hosts: HolderHosts;
  readonly #waiting: WaitingHosts;
  #places: { readonly place: WatchedPlace; readonly lookAgain: () => void }[] = [];
  #following: Scope | null = null;

  constructor({ around, scope, log }: { around: ActionSurroundings; scope: Scope; log: Log }) {
    this.#around = around;
    this.#scope = scope;
    this.#log = log;
    this.#hosts = new HolderHosts(around.records);
    this.#waiting = new WaitingHosts(around.records, around.now);
    // Holders are judged by their hosts, which come and go without a lock being written.
    scope.every(lookAtHostsEveryMs, () => this.#publish());
  }

  /** The cluster's etcd, or null where it has none. */
  use(etcd: EtcdConnection | null): void {
    const before = this.#following;
    void before
      ?.end()
      .catch((error: unknown) => this.#log.warn('a watch of locks did not end', { error: String(error) }));
    this.#following = null;
    this.#places = [];
    if (!etcd) {
      this.#around.records.drop('cluster', '', 'rebootLocks');
      return;
    }
    const scope = this.#scope.child('reboot locks');
    this.#following = scope;
    this.#places = lockStores(etcd).map((store) => {
      const place = new WatchedPlace(store, this.#around.now);
      const lookAgain = store.follow(scope, {
        locks: (locks) => {
          place.hear(locks);
          this.#publish();
        },
        problem: (problem) => {
          place.fail(problem);
          this.#publish();
        },
      });
      return { place, lookAgain };
    });
    this.#publish();
  }

  /** What an edit would write now. */
  plan(kind: LockKind, group: string, edit: LockEdit): Promise<LockPlan> {
    return planLockEdit(this.#storeOf(kind).place.store, group, edit, (semaphore) => this.#warnings(semaphore, edit));
  }

  /** Writes an edit over the value at `revision` alone, and writes down what was done or refused. */
  async edit(kind: LockKind, group: string, edit: LockEdit, revision: number): Promise<void> {
    const { place, lookAgain } = this.#storeOf(kind);
    const startedAt = this.#around.now();
    try {
      const { before, after } = await editLock(place.store, group, edit, revision);
      await this.#record(kind, group, edit, startedAt, 'ok', `${before.text} -> ${after.text}`, after);
    } catch (error) {
      const problem = toProblem(error);
      const refused = problem.code === 'stale' || problem.code === 'refused' || problem.code === 'permission';
      await this.#record(kind, group, edit, startedAt, refused ? 'refused' : 'failed', problem.message, null);
      throw error;
    } finally {
      lookAgain();
    }
  }

  #storeOf(kind: LockKind) {
    const found = this.#places.find(({ place }) => place.store.kind === kind);
    if (!found) throw fail('unsupported', 'the cluster file names no etcd, where locks would be kept');
    return found;
  }

  #warnings({ max, holders }: Semaphore, edit: LockEdit): string[] {
    if (edit.verb === 'set-max') {
      const over = holders.length - edit.max;
      if (over > 0)
        return [`${holders.length} hold a slot already: nobody gets one until ${over + 1} gave theirs back.`];
      return edit.max > max ? [`Up to ${edit.max} hosts may then reboot at the same time.`] : [];
    }
    const [found] = this.#hosts.resolve([edit.holder]);
    if (!found || found.host === null) return found?.evidence ? [found.evidence] : [];
    const may = 'Another host may then reboot while it does.';
    return [found.gone ? `${found.evidence} ${may}` : `${found.host} is up, so it may be about to reboot. ${may}`];
  }

  async #record(
    kind: LockKind,
    group: string,
    edit: LockEdit,
    at: number,
    outcome: 'ok' | 'refused' | 'failed',
    detail: string,
    written: KeptLock | null,
  ): Promise<void> {
    const { activity, actor, cluster, now } = this.#around;
    const lock = `the ${kind} reboot lock${group === '' ? '' : ` of group ${group}`}`;
    const host = edit.verb === 'clear' ? (this.#hosts.resolve([edit.holder])[0]?.host ?? '') : '';
    await activity.add({
      at,
      actor: actor.name,
      cluster,
      host,
      kind: 'lock',
      what: edit.verb === 'clear' ? `clear ${edit.holder} from ${lock}` : `set ${lock} to at most ${edit.max}`,
      command: written ? `put ${written.key} ${written.text}` : '',
      exitCode: null,
      durationMs: now() - at,
      outcome,
      detail: cleanLine(detail).slice(0, 4000),
    });
  }

  #publish(): void {
    if (this.#places.length === 0) return;
    const locks = this.#places.flatMap(({ place }) => place.locks(this.#hosts));
    const waiting = this.#waiting.of(locks);
    this.#around.records.publish('cluster', '', 'rebootLocks', {
      places: this.#places.map(({ place }) => place.place),
      locks: locks.map((lock, at) => ({ ...lock, waiting: waiting[at] ?? [] })),
    });
  }
}
