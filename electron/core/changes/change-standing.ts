import type { ChangePlan, ChangeProgress, ChangeState, HostChange, PlannedStep } from '#shared/contract/change.ts';
import { hasFailed } from '#shared/lib/change/verbs.ts';
import { auditOf } from './audit.ts';
import type { StoredChange } from './stored-change.ts';
import type { HostCourseTools } from './host-course.ts';
import { waitingHost } from './waiting-host.ts';

/** What a person ended, for good whatever was under way; what is committed may still be tried again. */
export const endedStates: ReadonlySet<ChangeState> = new Set([
  'stopped',
  'rolling-back',
  'rolled-back',
  'not-rolled-back',
]);

/** What it takes to write a change down and to tell of it. */
export interface StandingTools extends Pick<HostCourseTools, 'around' | 'ownership'> {
  readonly told: (progress: ChangeProgress, hosts: ReadonlyMap<string, HostChange>) => void;
}

/** Where a change and each of its hosts stand, by the journal: nothing is told that was not written there first. */
export class ChangeStanding {
  readonly plan: ChangePlan;
  readonly #tools: StandingTools;
  readonly #hosts: Map<string, HostChange>;
  #progress: ChangeProgress;
  #writing: Promise<void> = Promise.resolve();

  constructor({ plan, progress, hosts }: StoredChange, tools: StandingTools) {
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

  now(): number {
    return this.#tools.around.now();
  }

  /** A host's course wrote this down. */
  hostTold(host: HostChange): void {
    const ended = host.endedAt !== null && this.#hosts.get(host.host)?.endedAt !== host.endedAt;
    this.#hosts.set(host.host, host);
    // A log that cannot be written says so itself, as a broken chain.
    if (ended) this.#audit(host).catch(() => {});
    this.#tools.told(this.#progress, this.#hosts);
  }

  async #audit(host: HostChange): Promise<void> {
    const { around } = this.#tools;
    const { activity, actor, cluster } = around;
    const step = this.stepOf(host.host);
    if (!step) return;
    const course = auditOf(this.plan.title, this.plan.id, step, host);
    const entry = { at: around.now(), actor: actor.name, cluster, host: host.host, kind: 'change' as const };
    await activity.add({ ...entry, ...course, exitCode: null });
  }

  stepOf(host: string): PlannedStep | undefined {
    return this.plan.steps.find(({ hosts }) => hosts.includes(host));
  }

  is(host: string, state: HostChange['state']): boolean {
    return this.#hosts.get(host)?.state === state;
  }

  /** How it came out, in words. */
  summary(): string {
    const count = (...states: HostChange['state'][]) =>
      [...this.#hosts.values()].filter(({ state }) => states.includes(state)).length;
    const words = [`${count('done', 'unchanged')} of ${hostsInWords(this.#hosts.size)}`];
    const skipped = count('skipped');
    if (skipped > 0) words.push(`${skipped} skipped`);
    const failed = [...this.#hosts.values()].filter(hasFailed).length;
    if (failed > 0) words.push(`${failed} failed`);
    return words.join(', ');
  }

  async become(state: ChangeState, text: string): Promise<void> {
    const now = this.#tools.around.now();
    await this.write((before) =>
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

  async finish(state: ChangeState, text: string): Promise<void> {
    const endedAt = this.#tools.around.now();
    await this.write((before) =>
      state === 'committed' && endedStates.has(before.state)
        ? before
        : { ...before, state, text, soaksUntil: null, endedAt },
    );
  }

  /** One after another: what two of them change must not undo each other. */
  write(change: (before: ChangeProgress) => ChangeProgress): Promise<void> {
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

  async writeHost(host: HostChange): Promise<void> {
    await this.#tools.ownership.writeHost(host, 'let-go');
    this.hostTold(host);
  }

  /** Said where it cannot be written. */
  sayOnly(text: string): void {
    this.#progress = { ...this.#progress, text };
    this.#tools.told(this.#progress, this.#hosts);
  }
}

/** `1 host`, `12 hosts`. */
export function hostsInWords(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}
