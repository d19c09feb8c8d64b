import type { ChangePlan, ChangeProgress, ChangeVerb, HostChange } from '#shared/contract/change.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { movedOnText } from '#shared/lib/change/moved-on.ts';
import { countsAsFailed, hasBegun, hasFailed } from '#shared/lib/change/verbs.ts';
import type { StoredChange } from './stored-change.ts';
import { ChangeStanding, endedStates, type StandingTools } from './change-standing.ts';
import { overBudget } from './failure-budget.ts';
import { type CoursesTools, HostCourses } from './host-courses.ts';
import { wasConfirmed } from './host-end.ts';
import { wasDone } from './look-again.ts';
import { Sleepers } from './sleepers.ts';
import { mayPass } from './take-up.ts';
import { type Asks, WaveCourse } from './wave-course.ts';

export interface ChangeRunTools extends CoursesTools, StandingTools {
  /** It drives no host any more, for now or for good. */
  readonly rests: () => void;
}

/** What is under way may take this long to be written down when this console is left. */
const leavingMs = 1500;

/** Drives one change over its hosts: the only one who does, as long as its ownership holds. */
export class ChangeRun {
  readonly plan: ChangePlan;
  readonly #tools: ChangeRunTools;
  readonly #standing: ChangeStanding;
  readonly #courses: HostCourses;
  readonly #waves: WaveCourse;
  readonly #sleepers = new Sleepers();
  readonly #asks: Asks = { asked: null, left: false };
  #driving: Promise<void> | null = null;
  #broken: Problem | null = null;

  constructor(stored: StoredChange, tools: ChangeRunTools) {
    this.plan = stored.plan;
    this.#tools = tools;
    this.#standing = new ChangeStanding(stored, tools);
    this.#courses = new HostCourses(this.#standing, tools, this.#sleepers, {
      mayGoOn: () => this.#mayGoOn(),
      // At once, for all: hosts must not wait for one whose course is gone, as for its slot of the lock.
      broke: (error) => this.#trouble(toProblem(error)),
    });
    const lost = () => tools.ownership.lost !== null;
    this.#waves = new WaveCourse(this.#standing, this.#courses, this.#sleepers, this.#asks, lost);
  }

  get progress(): ChangeProgress {
    return this.#standing.progress;
  }

  get hosts(): ReadonlyMap<string, HostChange> {
    return this.#standing.hosts;
  }

  /** Whether it drives hosts now. */
  get driving(): boolean {
    return this.#driving !== null;
  }

  /** Why it came to a stop that nobody asked for: the journal was not written, and says better than this run where it stands. */
  get broken(): Problem | null {
    return this.#broken;
  }

  /** Resolves once nothing is under way from here any more. */
  async ended(): Promise<void> {
    await Promise.allSettled([this.#driving, this.#courses.accepted()]);
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
        for (const one of this.#standing.hosts.values()) {
          if (!hasFailed(one) || this.#courses.isBusy(one.host)) continue;
          if (one.state === 'stale') {
            // The same plan would find the same again.
            await this.#standing.writeHost({ ...one, state: 'skipped', text: movedOnText });
            continue;
          }
          if (one.state === 'inconclusive' && wasDone(one)) {
            // It has the change, and is looked at once more before the next wave.
            await this.#standing.writeHost({ ...one, state: 'done', text: '', accepted: null });
            continue;
          }
          const again = {
            state: 'waiting',
            text: '',
            attempt: one.attempt + 1,
            endedAt: null,
            accepted: null,
            // What is confirmed under an id is never done again under it.
            ...(wasConfirmed(one) && { round: (one.round ?? 1) + 1 }),
          } as const;
          await this.#standing.writeHost({ ...one, ...again });
        }
        await this.#goOn();
        return;
      case 'accept':
        for (const { host } of this.#named(hosts, verb, ({ state }) => state === 'inconclusive'))
          this.#courses.accept(host, by);
        return;
      case 'skip': {
        const endedAt = this.#tools.around.now();
        const named = this.#named(hosts, verb, (one) => one.state === 'waiting' || hasFailed(one));
        for (const one of named)
          await this.#standing.writeHost({ ...one, state: 'skipped', text: `skipped by ${by}`, endedAt });
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
    await this.#standing.write((before) =>
      endedStates.has(before.state)
        ? before
        : { ...before, ...fresh, state: 'running', startedAt: before.startedAt ?? now },
    );
    if (this.#standing.progress.state === 'running') this.drive();
  }

  /** The failures that it paused for are known and gone on with: only new ones count from here on. */
  async #acceptFailures(by: string): Promise<void> {
    // Others came to be behind a pause that somebody asked for: they are told first.
    if (this.#standing.progress.text !== overBudget(this.#standing.hosts.values(), this.plan.policy.failureBudget))
      return;
    const accepted = { by, at: this.#tools.around.now() };
    for (const one of this.#standing.hosts.values())
      if (countsAsFailed(one)) await this.#standing.writeHost({ ...one, accepted });
  }

  /** These hosts, if each may be asked for this now: all of them or none. */
  #named(hosts: readonly string[], verb: 'accept' | 'skip', fits: (host: HostChange) => boolean): HostChange[] {
    if (hosts.length === 0) throw fail('invalid-input', `name the hosts to ${verb}`);
    return hosts.map((host) => {
      const one = this.#standing.hosts.get(host);
      if (!one) throw fail('not-found', `${host} has no part in this change`);
      if (this.#courses.isBusy(host))
        throw fail('refused', `${host} is being worked on: too late to ${verb} it`, { host });
      if (!fits(one)) throw fail('refused', `${host} is ${one.state}: it cannot be asked to ${verb} it`, { host });
      return one;
    });
  }

  /** Goes on from where the journal says it stands, in the background; does nothing when it drives already. */
  drive(): void {
    if (this.#driving || this.#asks.left) return;
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
    this.#asks.left = true;
    this.#sleepers.leave();
    const driving = Promise.all([this.#driving, this.#courses.accepted()]);
    if (!this.#driving && this.#courses.accepting === 0) return;
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
      this.#asks.asked = { verb, by };
      const text = `${verb} asked by ${by}: hosts already begun finish first`;
      await this.#standing.write((now) => (now.state === 'running' ? { ...now, text } : now));
      this.#sleepers.wake();
    } else if (verb === 'roll-back') {
      await this.#standing.become('rolling-back', `rolled back by ${by}`);
      this.drive();
    } else {
      this.#asks.asked = { verb, by };
      // What an owner that is gone had begun is settled first.
      if ([...this.#standing.hosts.values()].some(hasBegun)) this.drive();
      else await this.#waves.obeyed();
    }
  }

  async #course(): Promise<void> {
    await this.#waves.run(() => {
      // What is asked from here on finds nobody driving.
      this.#driving = null;
    });
  }

  /** Whether a host that has not gone down may go on towards it. */
  #mayGoOn(): boolean {
    if (this.#asks.asked || this.#asks.left || this.#tools.ownership.lost) return false;
    return overBudget(this.#standing.hosts.values(), this.plan.policy.failureBudget) === null;
  }

  /** Nothing more is done by this run: the journal cannot be written, or another console has taken over. */
  #trouble(problem: Problem): void {
    if (this.#asks.left) return;
    this.#broken = problem;
    this.#asks.left = true;
    this.#sleepers.leave();
    this.#standing.sayOnly(mayPass(problem) ? `${problem.message}; tried again from here` : problem.message);
    if (!this.#driving) this.#tools.rests();
  }
}

const fresh = { text: '', endedAt: null, soaksUntil: null } as const;
