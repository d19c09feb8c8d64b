import { toProblem } from '#shared/contract/problem.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { Bus } from '../dbus/bus.ts';
import type { HostAccess } from '../hosts/host-access.ts';
import { Limiter } from '../lib/limiter.ts';
import type { Scope } from '../lib/scope.ts';
import { readUpdate, unreadUpdate } from '../providers/update-agents/read-update.ts';
import type { UpdateAgent, UpdateEvents } from '../providers/update-agents/update-agent.ts';

const tickMs = 250;
/** A host without an agent may be given one. */
const noneEveryMs = 3_600_000;
const againAfterFailureMs = 60_000;
/** What is read as seldom as this costs a host much. */
const costlyMs = 3_600_000;
/** Hosts that come up together are not asked together. */
const comesUpMs = 3000;
const pushedMs = 300;
/** A host that pushes without end is not read without end. */
const pushedGapMs = 2000;
const againFollowMs = 15_000;
const settlingLeastMs = 5000;
const atOnce = 6;

interface Followed {
  readonly agent: UpdateAgent;
  /** Null while it is being opened. */
  stop: (() => void) | null;
}

/** Keeps the `update` section of every host that is up: read now and then, and where something happened, pushed where the agent pushes. */
export class UpdateWatch {
  readonly #around: ActionSurroundings;
  readonly #touched: (host: string) => void;
  /** When each host is read next, by performance.now(). */
  readonly #due = new Map<string, number>();
  readonly #running = new Set<string>();
  readonly #followed = new Map<string, Followed>();
  readonly #notBefore = new Map<string, number>();
  /** When each host was last read, by performance.now(). */
  readonly #readAt = new Map<string, number>();
  /** Since when each host has been settling, by performance.now(). */
  readonly #settlingSince = new Map<string, number>();
  readonly #buses = new Map<string, Promise<Bus>>();
  readonly #usual = new Limiter(atOnce);

  /** `touched` hears of every host whose section changed. */
  constructor(around: ActionSurroundings, scope: Scope, touched: (host: string) => void) {
    this.#around = around;
    this.#touched = touched;
    const told = new Map<string, string>();
    scope.add(
      around.records.onChange((change) => {
        const [kind, host, section, value] = change;
        if (kind !== 'host') return;
        if (section === 'identity' && value === null) {
          this.#forget(host);
          told.delete(host);
        } else if (section === 'link') this.#linkTold(host, told);
        else if (section === 'facts' && value) {
          // What an update changes, and by whose rights it is read; the rest of the facts jitters.
          const { bootId, os, channel, rebootNeeded, elevation } = value;
          const now = `${bootId} ${os.version} ${channel} ${rebootNeeded.length} ${elevation}`;
          if (told.get(`${host}/`) === now) return;
          told.set(`${host}/`, now);
          this.#soon(host, Math.random() * comesUpMs);
        }
      }),
    );
    scope.add(() => {
      for (const host of this.#followed.keys()) this.#unfollow(host);
    });
    scope.every(tickMs, () => this.#tick());
  }

  /** Reads a host's agent anew, soon: something was done there. */
  reread(host: string): void {
    if (this.#around.records.get('host', host, 'identity')) this.#soon(host, pushedMs);
  }

  #linkTold(host: string, told: Map<string, string>): void {
    const state = this.#isUp(host) ? 'up' : 'away';
    if (told.get(host) === state) return;
    told.set(host, state);
    if (state === 'up') return this.#soon(host, Math.random() * comesUpMs);
    this.#settlingSince.delete(host);
    this.#unfollow(host);
  }

  #tick(): void {
    const now = performance.now();
    for (const [host, at] of this.#due) {
      if (at > now || this.#running.has(host) || !this.#isUp(host)) continue;
      this.#due.set(host, Number.POSITIVE_INFINITY);
      this.#running.add(host);
      void this.#usual.run(() => this.#read(host)).finally(() => this.#running.delete(host));
    }
  }

  async #read(host: string): Promise<void> {
    const { records, now, signal } = this.#around;
    const facts = records.get('host', host, 'facts');
    if (!facts || signal.aborted) return;
    this.#readAt.set(host, performance.now());
    const before = records.get('host', host, 'update');
    let gap = noneEveryMs;
    try {
      const { update, agent } = await readUpdate(this.#access(host), facts, before, now);
      if (signal.aborted || !records.get('host', host, 'identity')) return;
      // An agent that said nothing may have been busy; one that tells root alone says no more in a minute.
      const isSilent = update.problem !== null && update.problem.code !== 'permission';
      gap = isSilent ? againAfterFailureMs : this.#gap(host, agent, update);
      this.#publish(host, update);
      if (agent) void this.#follow(host, agent);
      else this.#unfollow(host);
    } catch (error) {
      gap = againAfterFailureMs;
      const problem = { ...toProblem(error), host };
      if (!signal.aborted && records.get('host', host, 'identity'))
        this.#publish(host, unreadUpdate(facts, before, problem, now));
    }
    this.#soon(host, gap * (0.9 + Math.random() * 0.2));
  }

  /** What is settling is read after a fourth of the time it has been so: ever more seldom. */
  #gap(host: string, agent: UpdateAgent | null, update: HostUpdate): number {
    if (!agent?.settling?.(update)) {
      this.#settlingSince.delete(host);
      return agent?.everyMs ?? noneEveryMs;
    }
    const now = performance.now();
    const since = this.#settlingSince.get(host) ?? now;
    this.#settlingSince.set(host, since);
    return Math.min(agent.everyMs, Math.max(settlingLeastMs, (now - since) / 4));
  }

  /** Pushes are listened to once an agent was found. */
  async #follow(host: string, agent: UpdateAgent): Promise<void> {
    if (!agent.follow || !this.#isUp(host)) return;
    if (this.#followed.get(host)?.agent === agent) return;
    if ((this.#notBefore.get(host) ?? 0) > performance.now()) return;
    this.#unfollow(host);
    const mine: Followed = { agent, stop: null };
    this.#followed.set(host, mine);
    const isMine = () => this.#followed.get(host) === mine;
    const over = () => {
      if (!isMine()) return;
      this.#followed.delete(host);
      this.#notBefore.set(host, performance.now() + againFollowMs);
      this.#soon(host, againFollowMs + 1);
    };
    const events: UpdateEvents = {
      told: (change) => {
        const before = this.#around.records.get('host', host, 'update');
        if (isMine() && before) this.#publish(host, change({ ...before, readAt: this.#around.now(), problem: null }));
      },
      reread: () => {
        const sinceMs = performance.now() - (this.#readAt.get(host) ?? 0);
        if (isMine()) this.#soon(host, Math.max(pushedMs, pushedGapMs - sinceMs));
      },
      ended: over,
    };
    try {
      const stop = await agent.follow(this.#access(host), events);
      if (isMine()) mine.stop = stop;
      else stop();
      // Something may have been told before it was listened to; where reading costs much, that moment is not worth it.
      if (agent.everyMs < costlyMs) events.reread();
    } catch {
      // Without the bus it is read every few minutes; the section says how it was read.
      if (!isMine()) return;
      this.#followed.delete(host);
      this.#notBefore.set(host, performance.now() + agent.everyMs);
    }
  }

  /** With one door to the bus for as long as that is open: each is kept in the worker as well. */
  #access(host: string): HostAccess {
    const access = this.#around.hosts.access(host);
    return {
      ...access,
      bus: () => {
        const known = this.#buses.get(host);
        if (known) return known;
        const opening = access.bus();
        const forget = () => {
          if (this.#buses.get(host) === opening) this.#buses.delete(host);
        };
        this.#buses.set(host, opening);
        opening.then((bus) => bus.onClose(forget), forget);
        return opening;
      },
    };
  }

  #publish(host: string, update: HostUpdate): void {
    if (this.#around.records.publish('host', host, 'update', update)) this.#touched(host);
  }

  #soon(host: string, inMs: number): void {
    const at = performance.now() + inMs;
    this.#due.set(host, Math.min(this.#due.get(host) ?? Number.POSITIVE_INFINITY, at));
  }

  #unfollow(host: string): void {
    const followed = this.#followed.get(host);
    this.#followed.delete(host);
    followed?.stop?.();
  }

  #isUp(host: string): boolean {
    return isConnected(this.#around.records.get('host', host, 'link'));
  }

  #forget(host: string): void {
    this.#unfollow(host);
    this.#due.delete(host);
    this.#notBefore.delete(host);
    this.#readAt.delete(host);
    this.#settlingSince.delete(host);
  }
}
