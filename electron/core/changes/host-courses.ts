import type { HostChange } from '#shared/contract/change.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import { fail } from '#shared/contract/problem.ts';
import type { ChangeStanding } from './change-standing.ts';
import type { HostCourse, HostCourseTools } from './host-course.ts';
import { HostRun } from './host-run.ts';
import type { Sleepers } from './sleepers.ts';
import { Turns } from './work/turns.ts';
import type { WorkTools } from './work/work-host.ts';
import { WorkRun } from './work/work-run.ts';

/** What hosts' courses are made with, beside what their change knows. */
export interface CoursesTools
  extends Omit<HostCourseTools, 'sleep' | 'signal' | 'told' | 'plan'>,
    Pick<WorkTools, 'reboots' | 'acts'> {}

/** What hosts' courses ask of their change, and tell it. */
export interface CoursesChange {
  /** Whether hosts that are not down yet may go on: nothing was asked of the change, and not too many failed. */
  readonly mayGoOn: () => boolean;
  /** A course came to no end: this console may not go on, or cannot write down what it does. */
  readonly broke: (error: unknown) => void;
}

/** The courses of a change's hosts that are under way from here. */
export class HostCourses {
  readonly #standing: ChangeStanding;
  readonly #tools: CoursesTools;
  readonly #sleepers: Sleepers;
  readonly #change: CoursesChange;
  readonly #turns: Turns;
  readonly #busy = new Set<string>();
  /** Hosts that a person vouched for, beside the course of the others. */
  readonly #accepting = new Set<Promise<void>>();

  constructor(standing: ChangeStanding, tools: CoursesTools, sleepers: Sleepers, change: CoursesChange) {
    this.#standing = standing;
    this.#tools = tools;
    this.#sleepers = sleepers;
    this.#change = change;
    this.#turns = new Turns(() => standing.hosts.values(), standing.plan.policy.reboot ?? defaultReboots);
  }

  isBusy(host: string): boolean {
    return this.#busy.has(host);
  }

  get accepting(): number {
    return this.#accepting.size;
  }

  /** Resolves once every host that a person vouched for is settled. */
  async accepted(): Promise<void> {
    await Promise.all(this.#accepting);
  }

  accept(host: string, by: string): void {
    const accepting = this.on(host, (run) => run.accept(by))
      // Told already.
      .catch(() => {})
      .finally(() => this.#accepting.delete(accepting));
    this.#accepting.add(accepting);
  }

  async on(host: string, work: (run: HostCourse) => Promise<HostChange>): Promise<void> {
    this.#busy.add(host);
    try {
      await work(this.#courseOf(host));
    } catch (error) {
      this.#change.broke(error);
      throw error;
    } finally {
      this.#busy.delete(host);
      // It may be another one's turn now, or none may go on any more.
      this.#sleepers.wake();
    }
  }

  #courseOf(host: string): HostCourse {
    const { plan } = this.#standing;
    const step = this.#standing.stepOf(host);
    const now = this.#standing.hosts.get(host);
    // The frozen list is the plan's: a host that is not in it is never touched.
    if (!step || !now) throw fail('internal', `${host} is not among the hosts of this plan`);
    const tools = {
      ...this.#tools,
      plan,
      sleep: (ms: number) => this.#sleepers.sleepUnlessLeft(ms),
      signal: this.#sleepers.left,
      told: (one: HostChange) => this.#standing.hostTold(one),
    };
    if (!step.work) return new HostRun(tools, step, now);
    const nap = (ms: number) => this.#sleepers.nap(ms);
    return new WorkRun({ ...tools, nap, turns: this.#turns, mayGoOn: this.#change.mayGoOn }, step, now);
  }
}
