import type { HostChange, PlannedStep } from '#shared/contract/change.ts';
import { fail, ProblemError, toProblem } from '#shared/contract/problem.ts';
import { defaultReboots, type RebootPolicy } from '#shared/contract/reboot.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { HostWork, WorkProgress } from '#shared/contract/work.ts';
import type { Reboots } from '../../reboots/reboots.ts';
import { mergeEvidence } from '../evidence.ts';
import type { HostCourseTools } from '../host-course.ts';
import type { Turns } from './turns.ts';
import type { WorkActs } from './work-acts.ts';

/** The one door through which hosts go down, as far as a roll-out uses it. */
export type Door = Pick<Reboots, 'obstacles' | 'take' | 'give' | 'reboot' | 'warn'>;

/** What work on a host needs beside what every change does. */
export interface WorkTools extends HostCourseTools {
  readonly reboots: Door;
  readonly acts: WorkActs;
  readonly turns: Turns;
  /** False when hosts that are not down yet are to wait: something was asked of the change, or too many failed. */
  readonly mayGoOn: () => boolean;
  /** Waits; ends early when something is asked of the change, and rejects with `cancelled` when it is left. */
  readonly nap: (ms: number) => Promise<void>;
}

const bootIdFile = '/proc/sys/kernel/random/boot_id';
const triesToGive = 3;

/** One host under work: what the journal says of it, and the ways to write there. */
export class WorkHost {
  readonly tools: WorkTools;
  readonly step: PlannedStep;
  readonly job: HostWork;
  readonly policy: RebootPolicy;
  #now: HostChange;

  constructor(tools: WorkTools, step: PlannedStep, now: HostChange) {
    if (!step.work) throw fail('internal', 'a step without work has no course of work');
    this.tools = tools;
    this.step = step;
    this.job = step.work;
    this.policy = tools.plan.policy.reboot ?? defaultReboots;
    this.#now = now;
  }

  get now(): HostChange {
    return this.#now;
  }

  get name(): string {
    return this.#now.host;
  }

  get work(): WorkProgress {
    return this.#now.work ?? this.freshWork();
  }

  freshWork(): WorkProgress {
    return {
      phase: 'checking',
      since: this.tools.around.now(),
      progress: null,
      waitsFor: null,
      from: ('from' in this.job ? this.job.from : null) ?? '',
      to: 'to' in this.job ? this.job.to : null,
      bootBefore: null,
      bootAfter: null,
      holdsLock: this.#now.work?.holdsLock ?? false,
      rolledBack: this.#now.work?.rolledBack ?? false,
    };
  }

  /** One decision is named alike by every console; a new attempt is a new one. */
  get decision(): string {
    return `${this.tools.plan.id}.${this.#now.attempt}${this.work.phase === 'rolling-back' ? '-back' : ''}`;
  }

  refuseInObserveMode(): void {
    if (this.tools.around.mode() !== 'operate')
      throw fail('refused', 'the cluster is in observe mode', { host: this.name });
  }

  /** False when another change works on the host, which is then what is not known of it. */
  async begin(change: Partial<HostChange>): Promise<boolean> {
    try {
      await this.write({ ...change, endedAt: null }, 'take');
      return true;
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== 'busy') throw error;
      await this.end('inconclusive', problem.message);
      return false;
    }
  }

  /** Written down before anything of it is done. */
  async phase(phase: WorkProgress['phase'], more: Partial<WorkProgress> = {}, text = ''): Promise<void> {
    const { work } = this;
    const since = phase === work.phase ? work.since : this.tools.around.now();
    const state = phase === 'verifying' && this.#now.state === 'applying' ? 'verifying' : this.#now.state;
    const next = { ...work, progress: null, waitsFor: null, ...more, phase, since };
    if (JSON.stringify(next) === JSON.stringify(this.#now.work) && text === this.#now.text) return;
    await this.write({ state, text, work: next }, 'keep');
  }

  note(step: string, text: string): void {
    const at = this.tools.around.now();
    this.#now = { ...this.#now, evidence: mergeEvidence(this.#now.evidence, [{ at, step, text }]) };
  }

  /** Its course is over. One that is away keeps its slot of the lock: nobody else is to go down beside it. */
  async end(state: HostChange['state'], text: string, isAway = state === 'unreachable'): Promise<HostChange> {
    const { around, turns } = this.tools;
    const left = isAway || !this.work.holdsLock ? '' : await this.giveLock();
    const accepted = state === 'inconclusive' || state === 'done' ? null : this.#now.accepted;
    const work = { ...this.work, waitsFor: null, progress: null };
    const said = [text, left].filter((part) => part !== '').join('; ');
    turns.giveBack(this.name);
    return this.write({ state, text: said, endedAt: around.now(), accepted, work }, 'let-go');
  }

  /** It has not gone down: it waits for its turn again, and keeps what was staged. */
  async letGo(): Promise<HostChange> {
    const { turns } = this.tools;
    turns.giveBack(this.name);
    if (this.work.holdsLock) await this.giveLock();
    const { phase } = this.work;
    const kept = phase === 'staged' || phase === 'waiting' ? 'it keeps what was staged' : '';
    const work = { ...this.work, waitsFor: null, progress: null };
    return this.write({ state: 'waiting', text: kept, work }, 'let-go');
  }

  /** Empty, or why the slot is still taken; then the journal goes on saying that it is. */
  async giveLock(): Promise<string> {
    const { reboots, plan, sleep } = this.tools;
    for (let left = triesToGive; ; left--) {
      try {
        await reboots.give(this.name, this.policy.lockGroup, plan.id);
        this.#now = { ...this.#now, work: { ...this.work, holdsLock: false } };
        return '';
      } catch (error) {
        const { code, message } = toProblem(error);
        if (code === 'internal') throw error;
        if (left <= 1) return `its slot of the reboot lock was not given back: ${message}`;
        await sleep(1000);
      }
    }
  }

  /** The boot that the host is in; null when it cannot be asked now. */
  async bootId(): Promise<string | null> {
    const { hosts } = this.tools.around;
    this.refuseWhenLost();
    // While the usual connection is being made again another may get through.
    for (const anew of [false, true]) {
      try {
        const command = `cat ${bootIdFile}`;
        const options = { timeoutMs: 8000, maxBytes: 200, anew };
        const { stdout, lost } = await hosts.access(this.name).exec(command, options);
        const id = new TextDecoder().decode(stdout).trim();
        if (!lost && /^[0-9a-f-]{36}$/.test(id)) return id;
      } catch (error) {
        if (toProblem(error).code === 'internal') throw error;
      }
    }
    return null;
  }

  /** What the agent says now; null when it cannot be asked. */
  async update(): Promise<HostUpdate | null> {
    this.refuseWhenLost();
    try {
      return await this.tools.acts.read(this.name);
    } catch (error) {
      if (toProblem(error).code === 'internal') throw error;
      return null;
    }
  }

  refuseWhenLost(): void {
    const { ownership } = this.tools;
    if (ownership.lost) throw new ProblemError(ownership.lost);
  }

  async write(change: Partial<HostChange>, claim: 'take' | 'keep' | 'let-go'): Promise<HostChange> {
    const next = { ...this.#now, ...change };
    await this.tools.ownership.writeHost(next, claim);
    this.#now = next;
    this.tools.told(next);
    return next;
  }
}
