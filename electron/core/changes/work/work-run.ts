import type { HostChange, PlannedStep } from '#shared/contract/change.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { installsPackages } from '#shared/lib/update/agent-names.ts';
import { readBaseline } from '../gates.ts';
import type { HostCourse } from '../host-course.ts';
import { lookAgainAt } from '../look-again.ts';
import { vouchedBy } from '../vouched.ts';
import { lookAfterBoot } from './after-boot.ts';
import { goDown } from './go-down.ts';
import { stage } from './stage.ts';
import { afterFailure, leavePackages, prepareBack, takeBack } from './take-back.ts';
import { WorkHost, type WorkTools } from './work-host.ts';

/**
 * Takes one host through an update, a way back or a reboot. Each phase is in the journal before its act, so that whoever
 * takes over goes on where it stood; a decision to reboot is about one boot, and ends that one alone.
 */
export class WorkRun implements HostCourse {
  readonly #host: WorkHost;

  constructor(tools: WorkTools, step: PlannedStep, now: HostChange) {
    this.#host = new WorkHost(tools, step, now);
  }

  async apply(): Promise<HostChange> {
    const host = this.#host;
    host.refuseInObserveMode();
    const went = await this.#wentDown();
    if (went !== null) {
      if (went.boot === null) return host.end('unreachable', 'it cannot be reached');
      // It came up after nobody waited any more: what was decided for it was done, and is not done twice.
      if (!(await host.begin({ state: 'verifying', text: '' }))) return host.now;
      return this.#verify(went.boot);
    }
    const { around } = host.tools;
    let text: string;
    try {
      const before = await readBaseline(around.hosts.access(host.name), around.records);
      text = `system ${before.system}, ${before.health}`;
    } catch (error) {
      return host.end('unreachable', toProblem(error).message);
    }
    const startedAt = around.now();
    const evidence = host.now.evidence.filter(({ step }) => step !== 'before');
    const begun = [...evidence, { at: startedAt, step: 'before', text }];
    const work = host.freshWork();
    if (!(await host.begin({ state: 'applying', text: '', startedAt, accepted: null, evidence: begun, work })))
      return host.now;
    const staged = await stage(host);
    if (staged === 'go-down') return this.#toNewBoot();
    return staged === 'stay-up' ? this.#verify(null) : staged;
  }

  async settle(): Promise<HostChange> {
    const host = this.#host;
    const { state, work } = host.now;
    if (state === 'undoing') return this.undo();
    if (!work || state === 'waiting') return host.letGo();
    switch (work.phase) {
      case 'checking':
      case 'downloading':
      case 'staged':
      case 'waiting':
        return host.letGo();
      case 'rebooting':
        return this.#toNewBoot();
      case 'verifying':
        return this.#verify(work.bootAfter);
      case 'rolling-back':
        return takeBack(host, { good: 'restored' });
      default:
        return work.phase satisfies never;
    }
  }

  async lookAgain(): Promise<HostChange> {
    const host = this.#host;
    const found = await lookAgainAt(host.tools, host.step, host.now);
    if (!found) return host.now;
    host.note(found.step, found.text);
    if (found.verdict === 'inconclusive') return host.end('inconclusive', found.text);
    host.refuseInObserveMode();
    if (!(await host.begin({ state: 'verifying', text: found.text }))) return host.now;
    return afterFailure(host, found.text);
  }

  async undo(): Promise<HostChange> {
    const host = this.#host;
    host.refuseInObserveMode();
    const goesOn = host.now.state === 'undoing' && host.work.phase === 'rolling-back';
    const work = goesOn ? host.work : { ...host.work, phase: 'rolling-back' as const, bootBefore: null };
    if (!(await host.begin({ state: 'undoing', text: '', work }))) return host.now;
    return this.#back('undone');
  }

  async accept(by: string): Promise<HostChange> {
    const host = this.#host;
    host.refuseInObserveMode();
    const { text } = host.now;
    if (!(await host.begin({ state: 'confirming', text: vouchedBy(by) }))) return host.now;
    const boot = await host.bootId();
    if (boot === null) return host.end('inconclusive', `${text}; ${vouchedBy(by)}, but it cannot be reached`);
    host.note('accepted', `by ${by}, in boot ${boot}`);
    return host.end('done', vouchedBy(by));
  }

  async giveBack(by: string): Promise<HostChange> {
    const host = this.#host;
    host.refuseInObserveMode();
    const work = { ...host.work, phase: 'rolling-back' as const, bootBefore: null, rolledBack: true };
    host.note('failed', `${by} went on without it: ${host.now.text}`);
    if (!(await host.begin({ state: 'verifying', text: host.now.text, work }))) return host.now;
    return this.#back('restored');
  }

  /** The boot that came of a decision whose end nobody saw, null in it when it cannot be asked; null when there is none. */
  async #wentDown(): Promise<{ readonly boot: string | null } | null> {
    const host = this.#host;
    const { bootBefore, phase, rolledBack } = host.work;
    if (bootBefore === null || rolledBack || (phase !== 'rebooting' && phase !== 'waiting')) return null;
    const boot = await host.bootId();
    return boot === bootBefore ? null : { boot };
  }

  async #toNewBoot(): Promise<HostChange> {
    const host = this.#host;
    const { job } = host;
    const went = await goDown(host, {
      back: false,
      prepare: async () => (job.kind === 'roll-back' ? prepareBack(host, job.agent, job.from) : ''),
    });
    if (went.came !== null) return this.#verify(went.came);
    if (went.why === 'let-go') return host.letGo();
    return host.end(went.why === 'away' ? 'unreachable' : 'invalid', went.text);
  }

  /** `bootAfter` is null where it did not boot. */
  async #verify(bootAfter: string | null): Promise<HostChange> {
    const host = this.#host;
    await host.phase('verifying', { bootAfter });
    const { verdict, text } = await lookAfterBoot(host);
    if (verdict === 'pass') return host.end('done', '');
    if (verdict === 'inconclusive') return host.end('inconclusive', text);
    return afterFailure(host, text);
  }

  /** Only a host that runs the new system has a way back to go. */
  async #back(good: 'restored' | 'undone'): Promise<HostChange> {
    const host = this.#host;
    const { job, tools } = host;
    if (job.kind === 'update' && installsPackages(job.agent)) return leavePackages(host, job.agent, { good });
    if (job.kind === 'reboot' || host.work.bootBefore !== null) return takeBack(host, { good });
    const update = await host.update();
    if (!update)
      return host.end(good === 'undone' ? 'not-restored' : 'unreachable', 'NOT put back: it cannot be reached', true);
    if (host.work.from === '' || update.running !== host.work.from) return takeBack(host, { good });
    let text = `it runs ${update.running} as before`;
    if (update.phase === 'staged') {
      try {
        host.note('unstaged', await tools.acts.runAct(host.name, job.agent, { kind: 'reset' }, tools.password()));
      } catch (error) {
        const { message } = toProblem(error);
        text = `${text}, and what is staged could not be forgotten: ${message}`;
        return host.end('not-restored', text);
      }
    }
    return host.end(good, text);
  }
}
