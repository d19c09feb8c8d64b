import type { HostMaintenance } from '#shared/contract/host.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { LoggedIn, RebootObstacle, RebootPolicy } from '#shared/contract/reboot.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { stateInWords, windowState } from '#shared/lib/reboot/window.ts';
import { settleElevation } from '../actions/elevation.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import type { EtcdConnection } from '../etcd/connect-etcd.ts';
import type { Scope } from '../lib/scope.ts';
import { ClusterLock, type Taken } from './cluster-lock.ts';
import { runRebootScript, type WayToRoot } from './host-script.ts';
import type { HostLock } from './host-locks.ts';
import { DownMarks, type SetMark } from './down-marks.ts';
import { giveOrphansBack } from './orphans.ts';
import { PeopleWait } from './people-wait.ts';
import { peopleOn } from './people.ts';
import { QuorumGuard } from './quorum-claim.ts';
import { rateObstacle } from './rate.ts';
import { RebootNotes } from './reboot-notes.ts';

/** A question about one host: what stands in the way of its going down now. */
export interface RebootAsk {
  readonly host: string;
  readonly policy: RebootPolicy;
  /** Does not wait for people who are logged in. */
  readonly now?: boolean;
  /** When hosts began to go down under this policy, for its rate; those that went down from here when left out. */
  readonly began?: readonly number[];
}

/** One decision that one boot of a host is to end. */
export interface RebootOrder {
  readonly bootId: string;
  /** Names the decision; letters, digits, dots, dashes and underscores. */
  readonly decision: string;
  /** Grows with each owner of the decision: the host refuses an older one than it has seen. */
  readonly token: number;
  /** What for, as everybody reads it who meets the host meanwhile; `It reboots.` when left out. */
  readonly why?: string;
  /** For sudo, where the host asks for it. */
  readonly password?: string | null;
  /** How long it may be away before that counts as a fault. */
  readonly bootTimeoutS?: number;
}

const bootTimeoutS = 900;

/**
 * The one door through which this console makes hosts go down. Everything is asked anew at the door itself: mode, quorum
 * and the boot that is to end. The lock is the caller's to take before and to give back after.
 */
export class Reboots {
  readonly #around: ActionSurroundings;
  readonly #marks: DownMarks;
  readonly #people: PeopleWait;
  readonly #notes = new RebootNotes();
  readonly #lock: ClusterLock;
  readonly #quorum: QuorumGuard;
  #etcd: EtcdConnection | null = null;
  #began: number[] = [];

  constructor(around: ActionSurroundings, scope: Scope, mark: SetMark) {
    this.#around = around;
    const { records, now, signal, actor, hosts } = around;
    this.#marks = new DownMarks(records, scope, mark);
    this.#people = new PeopleWait((host) => hosts.access(host), now);
    this.#lock = new ClusterLock({
      records,
      now,
      signal,
      by: actor.name,
      notes: this.#notes,
      etcd: () => this.#etcd,
    });
    this.#quorum = new QuorumGuard(records, this.#notes, now);
    giveOrphansBack(around, this.#notes, this.#lock, scope);
  }

  /** Where the cluster's locks are kept, and where consoles write down what they do; null while there is none. */
  use(etcd: EtcdConnection | null): void {
    this.#etcd = etcd;
  }

  useNotes(store: JournalStore | null): void {
    this.#notes.use(store);
  }

  /** All that stands in the way now, in the order of its weight; nothing is done to the host. Empty: it may go. */
  async obstacles(ask: RebootAsk): Promise<RebootObstacle[]> {
    const { host, policy } = ask;
    const now = this.#around.now();
    const found: RebootObstacle[] = [];
    const add = (by: RebootObstacle['by'], text: string | null, until: number | null = null) => {
      if (text !== null) found.push({ by, text: cleanLine(text, 1000), until });
    };
    if (this.#around.mode() !== 'operate')
      add('mode', 'The cluster is in observe mode: nothing on its hosts may be changed.');
    add('quorum', await this.#quorum.obstacle(host));
    if (policy.windows && !windowState(policy.windows, now).open)
      add('window', `The window ${stateInWords(policy.windows, now)}.`, windowState(policy.windows, now).until);
    if (policy.lock === 'cluster') add('lock', await this.#lock.obstacle(host, policy.lockGroup));
    const person = ask.now === true ? null : await this.#people.obstacle(host, policy.peopleWaitS);
    if (person) found.push(person);
    const rate = policy.rate && rateObstacle(policy.rate, ask.began ?? this.#began, now);
    if (rate) found.push(rate);
    return found;
  }

  /** The lock that a host would take, in words and as what it is. */
  lock(host: string, group: string): Promise<HostLock> {
    return this.#lock.of(host, group);
  }

  /** Takes a slot of the cluster's lock for a host, once for a decision. Rejects when it is not known whether it has one. */
  async take(host: string, group: string, decision = ''): Promise<Taken> {
    this.#refuseInObserveMode(host);
    return await this.#lock.take(host, group, decision);
  }

  /** Gives back what a console took for this host and decision, null for any; a slot of the host's own agent is left alone. */
  async give(host: string, group: string, decision: string | null = null): Promise<void> {
    this.#refuseInObserveMode(host);
    await this.#lock.give(host, group, decision);
  }

  people(host: string): Promise<LoggedIn[]> {
    return peopleOn(this.#around.hosts.access(host));
  }

  /** Tells everybody who is logged in; from the first time on they are waited for as long as the policy says. */
  async warn(host: string, text: string, password: string | null = null): Promise<void> {
    this.#refuseInObserveMode(host);
    // The wait begins now also where nobody can be told, or it would never end.
    this.#people.warned(host);
    const access = this.#around.hosts.access(host);
    const root = await this.#root(host, password).catch(() => null);
    await runRebootScript(access, 'warn', [cleanLine(text, 300)], root);
  }

  /**
   * Makes exactly the boot `bootId` of a host end. `gone-already`: that boot is over. Rejects with `refused` when it must
   * not go, `stale` when the decision has another owner by now, `lost` when it is not known whether it goes down.
   */
  async reboot(host: string, order: RebootOrder): Promise<'going' | 'gone-already'> {
    const { actor, now, activity, cluster } = this.#around;
    const startedAt = now();
    const record = async (outcome: 'ok' | 'refused' | 'failed', detail: string) => {
      await activity.add({
        at: startedAt,
        actor: actor.name,
        cluster,
        host,
        kind: 'reboot',
        what: `reboot for the decision ${order.decision}`,
        command: rebootCommand,
        exitCode: null,
        durationMs: now() - startedAt,
        outcome,
        detail: cleanLine(detail, 1000),
      });
    };
    let begun = false;
    try {
      this.#refuseInObserveMode(host);
      const root = await this.#root(host, order.password ?? null);
      await this.#quorum.claim(host, order.bootId, actor.name);
      begun = true;
      await this.#marks.set(host, order.bootId, this.#markOf(order));
      const went = await this.#run(host, order, root);
      if (went === 'going') this.#began = [...this.#began, now()].slice(-5000);
      else await this.#marks.lift(host);
      this.#people.over(host);
      await record('ok', went === 'going' ? `boot ${order.bootId} ends` : `boot ${order.bootId} is over already`);
      return went;
    } catch (error) {
      const problem = toProblem(error);
      // What was lost may be on its way down; it is told to be until it is seen again.
      if (begun && problem.code !== 'lost') {
        await this.#quorum.unclaim(host);
        await this.#marks.lift(host);
      }
      const refused = ['refused', 'permission', 'authentication', 'stale'].includes(problem.code);
      await record(refused ? 'refused' : 'failed', problem.message);
      throw error;
    }
  }

  /** Throws `refused` when the host's etcd must not go away now, with the sum in the text. */
  async refuseWithoutQuorum(host: string, what: string): Promise<void> {
    const text = await this.#quorum.obstacle(host);
    if (text !== null) throw fail('refused', `${what} is refused: ${text}`, { host, hint: mendHint });
  }

  /** The same of what is done now, beside this door: until it is over no other member's host may go. */
  async claimQuorum(host: string, what: 'host' | 'etcd'): Promise<void> {
    const bootId = what === 'host' ? (this.#around.records.get('host', host, 'facts')?.bootId ?? '') : '';
    await this.#quorum.claim(host, bootId, this.#around.actor.name);
  }

  async #run(host: string, order: RebootOrder, root: WayToRoot): Promise<'going' | 'gone-already'> {
    const { actor, hosts } = this.#around;
    const note = cleanLine(`${actor.name}: reboots this host, decision ${order.decision}`, 400);
    const words = [order.bootId, order.decision, String(order.token), note];
    const { said, lost } = await runRebootScript(hosts.access(host), 'reboot', words, root);
    const last = said.lines('reboot').at(-1) ?? '';
    if (last === 'going' || last === 'gone-already') return last;
    if (lost) throw fail('lost', 'the connection was lost: whether the host goes down is not known', { host });
    if (last === 'old-token')
      throw fail('stale', 'another console has taken this decision over: the host refuses this one', { host });
    throw fail('protocol', `the host does not go down: ${last.replace(/^failed /, '') || 'it did not say why'}`, {
      host,
    });
  }

  #markOf({ why, bootTimeoutS: seconds = bootTimeoutS }: RebootOrder): HostMaintenance {
    const { actor, now } = this.#around;
    const reason = cleanLine(why ?? '', 500) || 'It reboots.';
    return { reason, by: actor.name, since: now(), until: now() + seconds * 1000 };
  }

  async #root(host: string, password: string | null): Promise<WayToRoot> {
    const known = this.#around.records.get('host', host, 'facts')?.elevation ?? 'unknown';
    const elevation = await settleElevation(this.#around.hosts.access(host), known);
    if (elevation === 'none')
      throw fail('permission', 'this user may not become root on this host', {
        host,
        hint: 'Log in as root or as a user that may use sudo.',
      });
    return { elevation, password };
  }

  #refuseInObserveMode(host: string): void {
    if (this.#around.mode() === 'operate') return;
    throw fail('refused', 'the cluster is in observe mode: nothing on its hosts may be changed', {
      host,
      hint: 'Switch the cluster to operate mode first.',
    });
  }
}

const mendHint = 'Mend the other members of etcd first; the etcd view shows them.';

/** What brings a host down, as a person would type it. */
export const rebootCommand = 'systemctl reboot';
