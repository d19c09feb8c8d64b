import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { RebootObstacle, RebootPlan, RebootPolicy } from '#shared/contract/reboot.ts';
import type { ActionOutcome } from '#shared/contract/unit.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { Taken } from './cluster-lock.ts';
import type { Reboots } from './reboots.ts';

export interface HostRebootTools {
  readonly around: ActionSurroundings;
  readonly reboots: Reboots;
  readonly step: RebootPlan['steps'][number];
  readonly policy: RebootPolicy;
  readonly decision: string;
  readonly password: string | null;
  /** Aborted, with the reason, when no further host is to go down. */
  readonly halt: AbortController;
  readonly now: boolean;
  readonly told: (outcome: ActionOutcome) => void;
}

const lookEveryMs = 2000;
const giveForMs = 60_000;
/** Of a boot that is over: nobody else has it as its token. */
const token = 1;

/** The course of one host: what stands in its way is waited for and told, then the lock, the reboot, and its new boot. */
export class HostReboot {
  readonly #tools: HostRebootTools;
  #hurried: boolean;
  #wake = () => {};

  constructor(tools: HostRebootTools) {
    this.#tools = tools;
    this.#hurried = tools.now;
  }

  hurry(): void {
    this.#hurried = true;
    this.#wake();
  }

  async run(): Promise<void> {
    const { around, halt, policy } = this.#tools;
    const startedAt = around.now();
    const end = (state: ActionOutcome['state'], text: string) => this.#tell(state, text, around.now() - startedAt);
    try {
      const until = performance.now() + policy.bootTimeoutS * 1000;
      for (;;) {
        const ready = await this.#waitAndTake(until);
        if (ready === null) return end('cancelled', String(halt.signal.reason ?? 'the console closed before it began'));
        if (!(await this.#goDown(until))) continue;
        return end(
          'done',
          `it is back in another boot${ready.held ? ', and the reboot lock was given back' : '; there was no reboot lock to take'}`,
        );
      }
    } catch (error) {
      const problem = toProblem(error);
      halt.abort(`not begun, as ${this.#tools.step.host} did not go well`);
      end(isRefusal(problem) ? 'refused' : 'failed', problem.message);
    }
  }

  /** What was taken, once nothing stands in the way; null when it is not to be any more. */
  async #waitAndTake(quorumUntil: number): Promise<Taken | null> {
    const { around, reboots, step, policy, password, halt } = this.#tools;
    const { host } = step;
    let warned = false;
    for (;;) {
      if (halt.signal.aborted || around.signal.aborted) return null;
      const found = await reboots.obstacles({ host, policy, now: this.#hurried });
      const mode = found.find(({ by }) => by === 'mode');
      if (mode) throw fail('refused', mode.text, { host });
      const quorum = found.find(({ by }) => by === 'quorum');
      if (quorum && performance.now() > quorumUntil) throw fail('refused', quorum.text, { host });
      const onlyPeople = found.every(({ by }) => by === 'person');
      if (onlyPeople && !warned && (found.length > 0 || step.people.length > 0)) {
        warned = true;
        const when = this.#hurried ? 'now' : `in ${Math.round(policy.peopleWaitS / 60)} minutes`;
        const text = `${around.actor.name} reboots this host ${when}. Please save your work and log out.`;
        await reboots.warn(host, text, password).catch(() => {});
        if (found.length > 0) continue;
      }
      let text = found.map((obstacle) => obstacle.text).join(' ');
      if (found.length === 0) {
        const taken = await this.#take();
        if (taken.mayGo) return taken;
        text = taken.text;
      }
      this.#tell('waiting', text, null, found[0]?.by ?? 'lock');
      await this.#pause();
    }
  }

  /** A lock that cannot be reached now is waited for as one that others hold. */
  async #take(): Promise<Taken> {
    const { reboots, step, policy, decision } = this.#tools;
    try {
      return await reboots.take(step.host, policy.lockGroup, decision);
    } catch (error) {
      const { code, message } = toProblem(error);
      if (code === 'internal' || code === 'refused') throw error;
      return { held: false, mayGo: false, text: `The reboot lock cannot be taken now: ${message}.` };
    }
  }

  /** False when etcd's quorum did not let it go at the last moment: then it waits again. */
  async #goDown(quorumUntil: number): Promise<boolean> {
    const { around, reboots, step, policy, decision, password } = this.#tools;
    const { host, bootId } = step;
    this.#tell('running', step.command, null);
    try {
      await reboots.reboot(host, { bootId, decision, token, password, bootTimeoutS: policy.bootTimeoutS });
    } catch (error) {
      const { code } = toProblem(error);
      // Whether it goes down is seen by waiting; else it stays up, and the lock is others' again.
      if (code !== 'lost') {
        await this.#give();
        if (code === 'refused' && around.mode() === 'operate' && performance.now() < quorumUntil) return false;
        throw error;
      }
    }
    this.#tell('watching', 'it goes down; watching that it comes back', null);
    if (!(await this.#isBack())) {
      const late = `it is not back in another boot after ${Math.round(policy.bootTimeoutS / 60)} min`;
      throw fail('timeout', `${late}; what is held of the reboot lock stays held, so that no other host follows`, {
        host,
      });
    }
    await this.#give();
    return true;
  }

  /** Tried for a while, as the host that was away may have been a member of the etcd that keeps the lock. */
  async #give(): Promise<void> {
    const { around, reboots, step, policy, decision } = this.#tools;
    const until = performance.now() + giveForMs;
    for (;;) {
      try {
        await reboots.give(step.host, policy.lockGroup, decision);
        return;
      } catch (error) {
        if (performance.now() > until || around.signal.aborted) throw error;
        await this.#pause();
      }
    }
  }

  /** Once it is seen in another boot; false when the time is over. */
  async #isBack(): Promise<boolean> {
    const { around, step, policy } = this.#tools;
    const until = performance.now() + policy.bootTimeoutS * 1000;
    for (;;) {
      const { facts, link } = around.records.record('host', step.host) ?? {};
      if (isConnected(link) && facts && facts.bootId !== step.bootId) return true;
      if (performance.now() > until || around.signal.aborted) return false;
      await this.#pause();
    }
  }

  #tell(state: ActionOutcome['state'], text: string, durationMs: number | null, waitsFor?: RebootObstacle['by']): void {
    const { step, told } = this.#tools;
    told({ host: step.host, state, text, exitCode: null, durationMs, ...(waitsFor && { waitsFor }) });
  }

  /** Ends early when it is hurried, halted, or the console closes. */
  #pause(): Promise<void> {
    const { around, halt } = this.#tools;
    return new Promise((resolve) => {
      const over = () => {
        clearTimeout(timer);
        around.signal.removeEventListener('abort', over);
        halt.signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, lookEveryMs);
      around.signal.addEventListener('abort', over);
      halt.signal.addEventListener('abort', over);
      this.#wake = over;
    });
  }
}

function isRefusal({ code }: Problem): boolean {
  return code === 'refused' || code === 'permission' || code === 'authentication' || code === 'stale';
}
