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
import { hasBegun, hasFailed } from '#shared/lib/change/verbs.ts';
import { Limiter } from '../lib/limiter.ts';
import { auditOf } from './audit.ts';
import type { StoredChange } from './change-journal.ts';
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

/** Drives one change over its hosts: the only one who does, as long as its ownership holds. */
export class ChangeRun {
  readonly plan: ChangePlan;
  readonly #tools: ChangeRunTools;
  readonly #hosts: Map<string, HostChange>;
  #progress: ChangeProgress;
  /** Asked of it since: looked at before every host. */
  #asked: { verb: 'pause' | 'stop' | 'roll-back'; by: string } | null = null;
  #driving: Promise<void> | null = null;
  #left = false;
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
  async do(verb: Exclude<ChangeVerb, 'take-over' | 'hand-over'>, host: string | null, by: string): Promise<void> {
    switch (verb) {
      case 'start':
      case 'resume':
        await this.#become('running', '');
        this.drive();
        return;
      case 'pause':
        await this.#ask('pause', by);
        return;
      case 'stop':
        if (this.#driving) await this.#ask('stop', by);
        else await this.#finish('stopped', `stopped by ${by}`);
        return;
      case 'roll-back':
        if (this.#driving) await this.#ask('roll-back', by);
        else {
          await this.#become('rolling-back', `rolled back by ${by}`);
          this.drive();
        }
        return;
      case 'retry-failed':
        for (const one of this.#hosts.values()) {
          if (!hasFailed(one)) continue;
          if (one.state === 'stale') {
            // The same plan would find the same again; and while it counts as failed nothing else would be tried.
            await this.#writeHost({ ...one, state: 'skipped', text: movedOnText });
            continue;
          }
          await this.#writeHost({ ...one, state: 'waiting', text: '', attempt: one.attempt + 1, endedAt: null });
        }
        await this.#become('running', '');
        this.drive();
        return;
      case 'skip': {
        const one = host === null ? undefined : this.#hosts.get(host);
        if (!one) throw fail('not-found', `${host} has no part in this change`);
        if (one.state !== 'waiting' && !hasFailed(one))
          throw fail('refused', `${host} is ${one.state}: too late to skip it`);
        await this.#writeHost({
          ...one,
          state: 'skipped',
          text: `skipped by ${by}`,
          endedAt: this.#tools.around.now(),
        });
        this.#sleepers.wake();
        return;
      }
      default:
        verb satisfies never;
    }
  }

  /** Goes on from where the journal says it stands, in the background; does nothing when it drives already. */
  drive(): void {
    if (this.#driving || this.#left) return;
    this.#driving = this.#course()
      .catch((error: unknown) => this.#trouble(toProblem(error)))
      .finally(() => {
        this.#driving = null;
        this.#tools.rests();
      });
  }

  /**
   * Nothing more is done from here; what hosts have begun they finish by themselves. Resolves at once, or a moment later
   * when what is under way can still be written down.
   */
  async leave(): Promise<void> {
    this.#left = true;
    this.#sleepers.leave();
    const driving = this.#driving;
    if (!driving) return;
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
    const text = `${verb} asked by ${by}: hosts already begun finish first`;
    await this.#write((now) => (now.state === 'running' ? { ...now, text } : now));
    this.#asked = { verb, by };
    this.#sleepers.wake();
    // It may have ended by itself meanwhile.
    if (!this.#driving) await this.#obeyed();
  }

  async #course(): Promise<void> {
    await this.#settleBegun();
    if (this.#progress.state === 'rolling-back') return this.#rollBack();
    while (!this.#left && this.#progress.state === 'running') {
      if (await this.#obeyed()) continue;
      if (await this.#overBudget()) return;
      const wave = this.plan.waves.findIndex((members) => members.some((host) => this.#is(host, 'waiting')));
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
    this.#asked = null;
    if (asked.verb === 'pause') await this.#become('paused', `paused by ${asked.by}`);
    else if (asked.verb === 'stop') await this.#finish('stopped', `stopped by ${asked.by}`);
    else {
      await this.#become('rolling-back', `rolled back by ${asked.by}`);
      await this.#rollBack();
    }
    return true;
  }

  async #overBudget(): Promise<boolean> {
    const all = [...this.#hosts.values()];
    const unsure = all.find(({ state }) => state === 'inconclusive');
    const failed = all.filter(hasFailed);
    const budget = this.plan.policy.failureBudget;
    if (unsure) await this.#become('paused', `${unsure.host}: ${unsure.text}`);
    else if (failed.length > budget) {
      const first = failed[0];
      const others = failed.length > 1 ? ` and ${failed.length - 1} more` : '';
      await this.#become('paused', `${first?.host}${others}: ${first?.text || first?.state} (${budget} may fail)`);
    } else return false;
    return true;
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
          const failed = [...this.#hosts.values()].filter(hasFailed);
          if (failed.length > this.plan.policy.failureBudget || failed.some(({ state }) => state === 'inconclusive'))
            return;
          await this.#hostRun(host).apply();
        }),
      ),
    );
  }

  async #settleBegun(): Promise<void> {
    const begun = [...this.#hosts.values()].filter(hasBegun);
    await allSettled(begun.map(({ host }) => this.#hostRun(host).settle()));
  }

  async #rollBack(): Promise<void> {
    const limiter = new Limiter(undoAtOnce);
    const touched = [...this.#hosts.values()].filter(({ state }) => undoable.has(state));
    await allSettled(
      touched.map(({ host }) => limiter.run(async () => (this.#left ? undefined : this.#hostRun(host).undo()))),
    );
    if (this.#left) return;
    const stuck = touched.filter(({ host }) => !this.#is(host, 'undone'));
    if (stuck.length === 0) return this.#finish('rolled-back', `put back on ${hostsInWords(touched.length)}`);
    const names = stuck.slice(0, 3).map(({ host }) => host);
    const more = stuck.length > names.length ? ` and ${stuck.length - names.length} more` : '';
    await this.#finish('not-rolled-back', `NOT put back on ${names.join(', ')}${more}`);
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
    await this.#write((before) => ({
      ...before,
      state,
      text,
      startedAt: before.startedAt ?? (state === 'running' ? now : null),
      endedAt: null,
      soaksUntil: null,
    }));
  }

  async #finish(state: ChangeState, text: string): Promise<void> {
    const endedAt = this.#tools.around.now();
    await this.#write((before) => ({ ...before, state, text, soaksUntil: null, endedAt }));
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

const waiting = 'waits for its window:';
const lookAtClockMs = 30_000;

const undoable: ReadonlySet<HostChange['state']> = new Set([
  'done',
  'inconclusive',
  'not-restored',
  'unreachable',
  'undoing',
]);

/** Waits for all, then fails with the first failure: nothing goes on unseen. */
async function allSettled(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

function hostsInWords(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}
