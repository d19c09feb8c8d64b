import type {
  ChangePlan,
  ChangeProgress,
  ChangeState,
  ChangeVerb,
  HostChange,
  PlannedStep,
} from '#shared/contract/change.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { opensAt, printWindow } from '#shared/lib/change/change-window.ts';
import { movedOnText } from '#shared/lib/change/moved-on.ts';
import { countsAsFailed, hasBegun, hasFailed, mayHaveIt } from '#shared/lib/change/verbs.ts';
import { Limiter } from '../lib/limiter.ts';
import { auditOf } from './audit.ts';
import type { StoredChange } from './change-journal.ts';
import { overBudget } from './failure-budget.ts';
import { HostRun, type HostRunTools } from './host-run.ts';
import { waitingHost } from './waiting-host.ts';
import { Sleepers } from './sleepers.ts';

export interface ChangeRunTools extends Omit<HostRunTools, 'sleep' | 'told' | 'plan'> {
  readonly told: (progress: ChangeProgress, hosts: ReadonlyMap<string, HostChange>) => void;
  /** It drives no host any more, for now or for good. */
  readonly rests: () => void;
}

/** What is under way may take this long to be written down when this console is left. */
const leavingMs = 1500;
/** Hosts put back at once: rolling back takes no waves. */
const undoAtOnce = 25;

interface Asked {
  readonly verb: 'pause' | 'stop' | 'roll-back';
  readonly by: string;
}

/** Drives one change over its hosts: the only one who does, as long as its ownership holds. */
export class ChangeRun {
  readonly plan: ChangePlan;
  readonly #tools: ChangeRunTools;
  readonly #hosts: Map<string, HostChange>;
  #progress: ChangeProgress;
  /** Asked of it since: looked at before every host. */
  #asked: Asked | null = null;
  #driving: Promise<void> | null = null;
  #left = false;
  /** Hosts on which something of it is under way from here. */
  readonly #busy = new Set<string>();
  /** Hosts that a person vouched for, beside the course of the others. */
  readonly #accepting = new Set<Promise<void>>();
  readonly #sleepers = new Sleepers();
  #writing: Promise<void> = Promise.resolve();

  constructor({ plan, progress, hosts }: StoredChange, tools: ChangeRunTools) {
    this.plan = plan;
    this.#tools = tools;
    this.#progress = progress;
    this.#hosts = new Map(hosts);
    for (const [wave, members] of plan.waves.entries()) {
      for (const host of members) {
        if (!this.#hosts.has(host)) this.#hosts.set(host, waitingHost(host, wave));
      }
    }
  }

  get progress(): ChangeProgress {
    return this.#progress;
  }

  get hosts(): ReadonlyMap<string, HostChange> {
    return this.#hosts;
  }

  /** Whether it drives hosts now. */
  get driving(): boolean {
    return this.#driving !== null;
  }

  /** Does what is asked; resolves once it is written down. Verbs that do not fit its state are the caller's to refuse. */
  async do(verb: Exclude<ChangeVerb, 'take-over' | 'hand-over'>, hosts: readonly string[], by: string): Promise<void> {
    switch (verb) {
      case 'resume':
        await this.#acceptFailures(by);
        await this.#goOn();
        return;
      case 'start':
        await this.#goOn();
        return;
      case 'pause':
      case 'stop':
      case 'roll-back':
        await this.#ask(verb, by);
        return;
      case 'retry-failed':
        for (const one of this.#hosts.values()) {
          if (!hasFailed(one) || this.#busy.has(one.host)) continue;
          if (one.state === 'stale') {
            // The same plan would find the same again.
            await this.#writeHost({ ...one, state: 'skipped', text: movedOnText });
            continue;
          }
          const again = {
            state: 'waiting',
            text: '',
            attempt: one.attempt + 1,
            endedAt: null,
            accepted: null,
          } as const;
          await this.#writeHost({ ...one, ...again });
        }
        await this.#goOn();
        return;
      case 'accept':
        for (const { host } of this.#named(hosts, verb, ({ state }) => state === 'inconclusive'))
          this.#accept(host, by);
        return;
      case 'skip': {
        const endedAt = this.#tools.around.now();
        const named = this.#named(hosts, verb, (one) => one.state === 'waiting' || hasFailed(one));
        for (const one of named) await this.#writeHost({ ...one, state: 'skipped', text: `skipped by ${by}`, endedAt });
        this.#sleepers.wake();
        return;
      }
      default:
        verb satisfies never;
    }
  }

  /** Runs again, unless somebody ended it while this was on its way: over it is for good. */
  async #goOn(): Promise<void> {
    const now = this.#tools.around.now();
    await this.#write((before) =>
      endedStates.has(before.state)
        ? before
        : { ...before, ...fresh, state: 'running', startedAt: before.startedAt ?? now },
    );
    if (this.#progress.state === 'running') this.drive();
  }

  /** The failures that it paused for are known and gone on with: only new ones count from here on. */
  async #acceptFailures(by: string): Promise<void> {
    // Others came to be behind a pause that somebody asked for: they are told first.
    if (this.#progress.text !== overBudget(this.#hosts.values(), this.plan.policy.failureBudget)) return;
    const accepted = { by, at: this.#tools.around.now() };
    for (const one of this.#hosts.values()) if (countsAsFailed(one)) await this.#writeHost({ ...one, accepted });
  }

  /** These hosts, if each may be asked for this now: all of them or none. */
  #named(hosts: readonly string[], verb: 'accept' | 'skip', fits: (host: HostChange) => boolean): HostChange[] {
    if (hosts.length === 0) throw fail('invalid-input', `name the hosts to ${verb}`);
    return hosts.map((host) => {
      const one = this.#hosts.get(host);
      if (!one) throw fail('not-found', `${host} has no part in this change`);
      if (this.#busy.has(host)) throw fail('refused', `${host} is being worked on: too late to ${verb} it`, { host });
      if (!fits(one)) throw fail('refused', `${host} is ${one.state}: it cannot be asked to ${verb} it`, { host });
      return one;
    });
  }

  #accept(host: string, by: string): void {
    const accepting = this.#on(host, (run) => run.accept(by))
      .catch((error: unknown) => this.#trouble(toProblem(error)))
      .finally(() => this.#accepting.delete(accepting));
    this.#accepting.add(accepting);
  }

  /** Goes on from where the journal says it stands, in the background; does nothing when it drives already. */
  drive(): void {
    if (this.#driving || this.#left) return;
    const course: Promise<void> = this.#course()
      .catch((error: unknown) => this.#trouble(toProblem(error)))
      .finally(() => {
        if (this.#driving === course) this.#driving = null;
        this.#tools.rests();
      });
    this.#driving = course;
  }

  /**
   * Nothing more is done from here; what hosts have begun they finish by themselves. Resolves at once, or a moment later
   * when what is under way can still be written down.
   */
  async leave(): Promise<void> {
    this.#left = true;
    this.#sleepers.leave();
    const driving = Promise.all([this.#driving, ...this.#accepting]);
    if (!this.#driving && this.#accepting.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      driving,
      new Promise((resolve) => {
        timer = setTimeout(resolve, leavingMs);
      }),
    ]);
    clearTimeout(timer);
  }

  async #ask(verb: 'pause' | 'stop' | 'roll-back', by: string): Promise<void> {
    if (this.#driving) {
      this.#asked = { verb, by };
      const text = `${verb} asked by ${by}: hosts already begun finish first`;
      await this.#write((now) => (now.state === 'running' ? { ...now, text } : now));
      this.#sleepers.wake();
    } else if (verb === 'roll-back') {
      await this.#become('rolling-back', `rolled back by ${by}`);
      this.drive();
    } else {
      this.#asked = { verb, by };
      // What an owner that is gone had begun is settled first.
      if ([...this.#hosts.values()].some(hasBegun)) this.drive();
      else await this.#obeyed();
    }
  }

  async #course(): Promise<void> {
    await this.#settleBegun();
    if (this.#progress.state === 'rolling-back') await this.#rollBack();
    else await this.#goOverWaves();
    // It may have paused by itself a moment before it was asked; over it is for good.
    while (this.#asked && !this.#left && this.#progress.state === 'paused') await this.#obeyed();
    this.#asked = null;
    // What is asked from here on finds nobody driving.
    this.#driving = null;
  }

  async #goOverWaves(): Promise<void> {
    if (!this.#left) await this.#obeyed();
    while (!this.#left && this.#progress.state === 'running') {
      if (await this.#obeyed()) continue;
      if (await this.#gaveBack()) continue;
      const tooMany = overBudget(this.#hosts.values(), this.plan.policy.failureBudget);
      if (tooMany !== null) return this.#become('paused', tooMany);
      const wave = this.plan.waves.findIndex((members) => members.some((host) => this.#is(host, 'waiting')));
      if (wave < 0 && this.#accepting.size > 0) {
        await Promise.all(this.#accepting);
        continue;
      }
      if (wave < 0) return this.#finish('committed', this.#summary());
      if (wave > this.#progress.wave && !(await this.#soaked())) continue;
      if (!(await this.#inWindow())) continue;
      if (wave !== this.#progress.wave || this.#progress.soaksUntil !== null)
        await this.#write((now) => ({ ...now, wave, soaksUntil: null, text: '' }));
      await this.#runWave(wave);
    }
  }

  /** Pause, stop and roll back; true when one was asked. */
  async #obeyed(): Promise<boolean> {
    const asked = this.#asked;
    if (!asked) return false;
    await Promise.all(this.#accepting);
    await this.#obey(asked);
    // Until it was written down it held for whoever began to drive meanwhile, as a resume that crossed it.
    if (this.#asked === asked) this.#asked = null;
    return true;
  }

  async #obey(asked: Asked): Promise<void> {
    if (asked.verb === 'pause') await this.#become('paused', `paused by ${asked.by}`);
    else if (asked.verb === 'stop') await this.#finish('stopped', `stopped by ${asked.by}`);
    else {
      await this.#become('rolling-back', `rolled back by ${asked.by}`);
      await this.#rollBack();
    }
  }

  /** Hosts that were gone on without, though the change may be there, are put back; true when there were any. */
  async #gaveBack(): Promise<boolean> {
    const left = [...this.#hosts.values()].filter(
      ({ host, state, accepted }) => state === 'inconclusive' && accepted !== null && !this.#busy.has(host),
    );
    await allSettled(left.map(({ host, accepted }) => this.#on(host, (run) => run.giveBack(accepted?.by ?? ''))));
    return left.length > 0;
  }

  async #soaked(): Promise<boolean> {
    const { soakS } = this.plan.policy;
    const { now } = this.#tools.around;
    const until = this.#progress.soaksUntil ?? now() + soakS * 1000;
    if (this.#progress.soaksUntil === null && soakS > 0)
      await this.#write((progress) => ({ ...progress, soaksUntil: until }));
    await this.#sleepers.sleep(until - now());
    return now() >= until;
  }

  /** Waits for the window a while; true once it is open. */
  async #inWindow(): Promise<boolean> {
    const { window } = this.plan.policy;
    const now = this.#tools.around.now();
    const opens = window && opensAt(window, now);
    if (window === null || opens === null) {
      await this.#write((progress) => (progress.text.startsWith(waiting) ? { ...progress, text: '' } : progress));
      return true;
    }
    const text = `${waiting} ${printWindow(window)} UTC`;
    await this.#write((progress) => (progress.text === text ? progress : { ...progress, text }));
    // Looked at again and again: this machine may sleep, and clocks are put right.
    await this.#sleepers.sleep(Math.min(opens - now, lookAtClockMs));
    return false;
  }

  async #runWave(wave: number): Promise<void> {
    const { maxUnavailable } = this.plan.policy;
    const limiter = new Limiter(maxUnavailable);
    const members = (this.plan.waves[wave] ?? []).filter((host) => this.#is(host, 'waiting'));
    await allSettled(
      members.map((host) =>
        limiter.run(async () => {
          // Looked at when its turn comes: what was asked or went wrong meanwhile holds for it too.
          if (this.#left || this.#asked || this.#tools.ownership.lost || !this.#is(host, 'waiting')) return;
          const { window } = this.plan.policy;
          if (window && opensAt(window, this.#tools.around.now()) !== null) return;
          if (overBudget(this.#hosts.values(), this.plan.policy.failureBudget) !== null) return;
          await this.#on(host, (run) => run.apply());
        }),
      ),
    );
  }

  async #settleBegun(): Promise<void> {
    await Promise.all(this.#accepting);
    const begun = [...this.#hosts.values()].filter(hasBegun);
    await allSettled(begun.map(({ host }) => this.#on(host, (run) => run.settle())));
  }

  async #rollBack(): Promise<void> {
    const limiter = new Limiter(undoAtOnce);
    const touched = [...this.#hosts.values()].filter(mayHaveIt);
    await allSettled(
      touched.map(({ host }) =>
        limiter.run(async () => (this.#left ? undefined : this.#on(host, (run) => run.undo()))),
      ),
    );
    if (this.#left) return;
    const stuck = touched.filter(({ host }) => !this.#is(host, 'undone'));
    if (stuck.length === 0) return this.#finish('rolled-back', `put back on ${hostsInWords(touched.length)}`);
    const names = stuck.slice(0, 3).map(({ host }) => host);
    const more = stuck.length > names.length ? ` and ${stuck.length - names.length} more` : '';
    await this.#finish('not-rolled-back', `NOT put back on ${names.join(', ')}${more}`);
  }

  async #on(host: string, work: (run: HostRun) => Promise<unknown>): Promise<void> {
    this.#busy.add(host);
    try {
      await work(this.#hostRun(host));
    } finally {
      this.#busy.delete(host);
    }
  }

  #hostRun(host: string): HostRun {
    const step = this.#stepOf(host);
    const now = this.#hosts.get(host);
    // The frozen list is the plan's: a host that is not in it is never touched.
    if (!step || !now) throw fail('internal', `${host} is not among the hosts of this plan`);
    return new HostRun(
      {
        ...this.#tools,
        plan: this.plan,
        sleep: (ms) => this.#sleepers.sleepUnlessLeft(ms),
        told: (one) => this.#hostTold(one),
      },
      step,
      now,
    );
  }

  #hostTold(host: HostChange): void {
    const ended = host.endedAt !== null && this.#hosts.get(host.host)?.endedAt !== host.endedAt;
    this.#hosts.set(host.host, host);
    // A log that cannot be written says so itself, as a broken chain.
    if (ended) this.#audit(host).catch(() => {});
    this.#tools.told(this.#progress, this.#hosts);
  }

  async #audit(host: HostChange): Promise<void> {
    const { around } = this.#tools;
    const { activity, actor, cluster } = around;
    const step = this.#stepOf(host.host);
    if (!step) return;
    const course = auditOf(this.plan.title, this.plan.id, step, host);
    const entry = { at: around.now(), actor: actor.name, cluster, host: host.host, kind: 'change' as const };
    await activity.add({ ...entry, ...course, exitCode: null });
  }

  #stepOf(host: string): PlannedStep | undefined {
    return this.plan.steps.find(({ hosts }) => hosts.includes(host));
  }

  #is(host: string, state: HostChange['state']): boolean {
    return this.#hosts.get(host)?.state === state;
  }

  #summary(): string {
    const count = (...states: HostChange['state'][]) =>
      [...this.#hosts.values()].filter(({ state }) => states.includes(state)).length;
    const words = [`${count('done', 'unchanged')} of ${hostsInWords(this.#hosts.size)}`];
    const skipped = count('skipped');
    if (skipped > 0) words.push(`${skipped} skipped`);
    const failed = [...this.#hosts.values()].filter(hasFailed).length;
    if (failed > 0) words.push(`${failed} failed`);
    return words.join(', ');
  }

  async #become(state: ChangeState, text: string): Promise<void> {
    const now = this.#tools.around.now();
    await this.#write((before) =>
      state === 'paused' && endedStates.has(before.state)
        ? before
        : {
            ...before,
            state,
            text,
            startedAt: before.startedAt ?? (state === 'running' ? now : null),
            endedAt: null,
            soaksUntil: null,
          },
    );
  }

  async #finish(state: ChangeState, text: string): Promise<void> {
    const endedAt = this.#tools.around.now();
    await this.#write((before) =>
      state === 'committed' && endedStates.has(before.state)
        ? before
        : { ...before, state, text, soaksUntil: null, endedAt },
    );
  }

  /** One after another: what two of them change must not undo each other. */
  #write(change: (before: ChangeProgress) => ChangeProgress): Promise<void> {
    const written = this.#writing.then(async () => {
      const next = change(this.#progress);
      if (next === this.#progress) return;
      await this.#tools.ownership.writeProgress(next);
      this.#progress = next;
      this.#tools.told(next, this.#hosts);
    });
    this.#writing = written.catch(() => {});
    return written;
  }

  async #writeHost(host: HostChange): Promise<void> {
    await this.#tools.ownership.writeHost(host, 'let-go');
    this.#hostTold(host);
  }

  /** Nothing more is done from here: the journal cannot be written, or another console has taken over. */
  #trouble(problem: Problem): void {
    this.#left = true;
    this.#progress = { ...this.#progress, text: problem.message };
    this.#tools.told(this.#progress, this.#hosts);
  }
}

const fresh = { text: '', endedAt: null, soaksUntil: null } as const;
/** What a person ended; what is committed may still be tried again. */
const endedStates: ReadonlySet<ChangeState> = new Set(['stopped', 'rolling-back', 'rolled-back', 'not-rolled-back']);

const waiting = 'waits for its window:';
const lookAtClockMs = 30_000;

/** Waits for all, then fails with the first failure: nothing goes on unseen. */
async function allSettled(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

function hostsInWords(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}
