import { opensAt, windowInWords } from '#shared/lib/change/change-window.ts';
import { lookingAgain } from '#shared/lib/change/looking-again.ts';
import { hasBegun, mayHaveIt } from '#shared/lib/change/verbs.ts';
import { Limiter } from '../lib/limiter.ts';
import { type ChangeStanding, hostsInWords } from './change-standing.ts';
import { overBudget } from './failure-budget.ts';
import type { HostCourses } from './host-courses.ts';
import type { Sleepers } from './sleepers.ts';
import { isVouchedFor } from './vouched.ts';

/** Hosts put back at once: rolling back takes no waves. */
const undoAtOnce = 25;
/** Hosts looked at once more at a time: it only reads. */
const lookAtOnce = 100;

/** What was asked of a change that is driven, and that it is not driven any more; looked at before every host. */
export interface Asks {
  asked: { readonly verb: 'pause' | 'stop' | 'roll-back'; readonly by: string } | null;
  left: boolean;
}

/** The course of a change over its hosts: what was begun is settled, then wave after wave, or all of them back. */
export class WaveCourse {
  readonly #standing: ChangeStanding;
  readonly #courses: HostCourses;
  readonly #sleepers: Sleepers;
  readonly #asks: Asks;
  readonly #lost: () => boolean;
  /** The wave before which hosts were looked at once more already. */
  #lookedBefore: number | null = null;

  constructor(standing: ChangeStanding, courses: HostCourses, sleepers: Sleepers, asks: Asks, lost: () => boolean) {
    this.#standing = standing;
    this.#courses = courses;
    this.#sleepers = sleepers;
    this.#asks = asks;
    this.#lost = lost;
  }

  /** From where the journal says it stands to where it rests; `rests` is called in the moment in which nothing is asked of it. */
  async run(rests: () => void): Promise<void> {
    await this.#settleBegun();
    if (this.#standing.progress.state === 'rolling-back') await this.#rollBack();
    else await this.#goOverWaves();
    // It may have paused by itself a moment before it was asked; over it is for good.
    while (this.#asks.asked && !this.#asks.left && this.#standing.progress.state === 'paused') await this.obeyed();
    this.#asks.asked = null;
    rests();
  }

  async #goOverWaves(): Promise<void> {
    if (!this.#asks.left) await this.obeyed();
    while (!this.#asks.left && this.#standing.progress.state === 'running') {
      if (await this.obeyed()) continue;
      if (await this.#gaveBack()) continue;
      const tooMany = overBudget(this.#standing.hosts.values(), this.#standing.plan.policy.failureBudget);
      if (tooMany !== null) return this.#standing.become('paused', tooMany);
      const wave = this.#standing.plan.waves.findIndex((members) =>
        members.some((host) => this.#standing.is(host, 'waiting')),
      );
      if (wave < 0 && this.#courses.accepting > 0) {
        await this.#courses.accepted();
        continue;
      }
      if (wave < 0) return this.#standing.finish('committed', this.#standing.summary());
      if (wave > this.#standing.progress.wave && !(await this.#soaked(wave))) continue;
      if (!(await this.#inWindow())) continue;
      if (wave !== this.#standing.progress.wave || this.#standing.progress.soaksUntil !== null)
        await this.#standing.write((now) => ({ ...now, wave, soaksUntil: null, text: '' }));
      await this.#runWave(wave);
    }
  }

  /** Pause, stop and roll back; true when one was asked. */
  async obeyed(): Promise<boolean> {
    const asked = this.#asks.asked;
    if (!asked) return false;
    await this.#courses.accepted();
    if (asked.verb === 'pause') await this.#standing.become('paused', `paused by ${asked.by}`);
    else if (asked.verb === 'stop') await this.#standing.finish('stopped', `stopped by ${asked.by}`);
    else await this.#standing.become('rolling-back', `rolled back by ${asked.by}`);
    // Until it was written down it held for whoever began to drive meanwhile, as a resume that crossed it.
    if (this.#asks.asked === asked) this.#asks.asked = null;
    if (asked.verb === 'roll-back') await this.#rollBack();
    return true;
  }

  /** Hosts that were gone on without, though the change may be there, are put back; true when there were any. */
  async #gaveBack(): Promise<boolean> {
    const left = [...this.#standing.hosts.values()].filter(
      ({ host, state, accepted }) => state === 'inconclusive' && accepted !== null && !this.#courses.isBusy(host),
    );
    await allSettled(
      left.map(({ host, accepted }) => this.#courses.on(host, (run) => run.giveBack(accepted?.by ?? ''))),
    );
    return left.length > 0;
  }

  /** Waits while the wave before soaks; true once that is over, and hosts that are done are still well. */
  async #soaked(wave: number): Promise<boolean> {
    const { soakS } = this.#standing.plan.policy;
    if (soakS === 0) return true;
    const now = () => this.#standing.now();
    const until = this.#standing.progress.soaksUntil ?? now() + soakS * 1000;
    if (this.#standing.progress.soaksUntil === null) {
      this.#lookedBefore = null;
      await this.#standing.write((progress) => ({ ...progress, soaksUntil: until }));
    }
    await this.#sleepers.sleep(until - now());
    if (now() < until) return false;
    // It may be long until its window opens: they are not asked anew at each look at the clock.
    if (this.#lookedBefore !== wave && (await this.#stillWell())) this.#lookedBefore = wave;
    return this.#lookedBefore === wave;
  }

  /** Hosts that are done are looked at once more, those of all waves before; false when one is not, or something was asked. */
  async #stillWell(): Promise<boolean> {
    const done = [...this.#standing.hosts.values()].filter((host) => host.state === 'done' && !isVouchedFor(host));
    if (done.length === 0) return true;
    await this.#standing.write((progress) => ({ ...progress, text: lookingAgain(done.length) }));
    const limiter = new Limiter(lookAtOnce);
    const isAsked = () => this.#asks.left || this.#asks.asked !== null || this.#lost();
    await allSettled(
      done.map(({ host }) =>
        limiter.run(async () => (isAsked() ? undefined : this.#courses.on(host, (run) => run.lookAgain()))),
      ),
    );
    return !isAsked() && done.every(({ host }) => this.#standing.is(host, 'done'));
  }

  /** Waits for the window a while; true once it is open. */
  async #inWindow(): Promise<boolean> {
    const { window } = this.#standing.plan.policy;
    const now = this.#standing.now();
    const opens = window && opensAt(window, now);
    if (window === null || opens === null) {
      await this.#standing.write((progress) =>
        progress.text.startsWith(waiting) ? { ...progress, text: '' } : progress,
      );
      return true;
    }
    const text = `${waiting} ${windowInWords(window)}`;
    await this.#standing.write((progress) => (progress.text === text ? progress : { ...progress, text }));
    // Looked at again and again: this machine may sleep, and clocks are put right.
    await this.#sleepers.sleep(Math.min(opens - now, lookAtClockMs));
    return false;
  }

  async #runWave(wave: number): Promise<void> {
    const { maxUnavailable } = this.#standing.plan.policy;
    const limiter = new Limiter(maxUnavailable);
    const members = (this.#standing.plan.waves[wave] ?? []).filter((host) => this.#standing.is(host, 'waiting'));
    await allSettled(
      members.map((host) =>
        limiter.run(async () => {
          // Looked at when its turn comes: what was asked or went wrong meanwhile holds for it too.
          if (this.#asks.left || this.#asks.asked || this.#lost() || !this.#standing.is(host, 'waiting')) return;
          const { window } = this.#standing.plan.policy;
          if (window && opensAt(window, this.#standing.now()) !== null) return;
          if (overBudget(this.#standing.hosts.values(), this.#standing.plan.policy.failureBudget) !== null) return;
          await this.#courses.on(host, (run) => run.apply());
        }),
      ),
    );
  }

  async #settleBegun(): Promise<void> {
    await this.#courses.accepted();
    const begun = [...this.#standing.hosts.values()].filter(hasBegun);
    await allSettled(begun.map(({ host }) => this.#courses.on(host, (run) => run.settle())));
  }

  async #rollBack(): Promise<void> {
    const limiter = new Limiter(undoAtOnce);
    const touched = [...this.#standing.hosts.values()].filter(mayHaveIt);
    await allSettled(
      touched.map(({ host }) =>
        limiter.run(async () => (this.#asks.left ? undefined : this.#courses.on(host, (run) => run.undo()))),
      ),
    );
    if (this.#asks.left) return;
    const stuck = touched.filter(({ host }) => !this.#standing.is(host, 'undone'));
    if (stuck.length === 0) return this.#standing.finish('rolled-back', `put back on ${hostsInWords(touched.length)}`);
    const names = stuck.slice(0, 3).map(({ host }) => host);
    const more = stuck.length > names.length ? ` and ${stuck.length - names.length} more` : '';
    await this.#standing.finish('not-rolled-back', `NOT put back on ${names.join(', ')}${more}`);
  }
}

const waiting = 'waits for its window:';
const lookAtClockMs = 30_000;

/** Waits for all, then fails with the first failure: nothing goes on unseen. */
async function allSettled(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
