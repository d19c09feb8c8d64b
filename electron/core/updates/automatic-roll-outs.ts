import { toProblem } from '#shared/contract/problem.ts';
import { offersOf } from '#shared/lib/update/offers.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { Changes } from '../changes/changes.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { type AutomaticStep, type KnownChange, nextStep } from './automatic.ts';
import { AutomaticRuns, runPrefix } from './automatic-runs.ts';
import type { UpdateGroups } from './update-groups.ts';

const lookEveryMs = 5000;
/** What others do is heard of first. */
const settlesMs = 15_000;
const againAfterFailureMs = 300_000;

export interface AutomaticRollOutsOptions {
  readonly around: ActionSurroundings;
  readonly scope: Scope;
  readonly log: Log;
  readonly groups: UpdateGroups;
  readonly changes: Pick<Changes, 'plan' | 'propose' | 'act'>;
  readonly isProtected: () => boolean;
  readonly consoleId: string;
}

/** Begins the roll-outs of groups whose policy says so: claimed in etcd first, so that no two consoles begin the same. */
export class AutomaticRollOuts {
  readonly #options: AutomaticRollOutsOptions;
  readonly #runs: AutomaticRuns;
  /** By performance.now(): a group whose roll-out could not be begun is left alone until then. */
  readonly #notBefore = new Map<string, number>();
  #store: JournalStore | null = null;
  #stopWatching = () => {};
  #behind = true;
  #since = 0;
  #working = false;

  constructor(options: AutomaticRollOutsOptions) {
    this.#options = options;
    this.#runs = new AutomaticRuns(options.log);
    options.scope.add(() => this.#stopWatching());
    options.scope.every(lookEveryMs, () => void this.#look());
  }

  use(store: JournalStore | null): void {
    this.#stopWatching();
    this.#stopWatching = () => {};
    this.#store = store;
    this.#runs.clear();
    this.#behind = true;
    this.#since = performance.now();
    if (!store) return;
    this.#stopWatching = store.watch(
      runPrefix,
      (news) => {
        this.#runs.take(news);
        this.#behind = false;
      },
      (trouble) => (this.#behind = trouble !== null),
    );
  }

  async #look(): Promise<void> {
    const store = this.#store;
    const { around, groups, scope } = this.#options;
    if (!store || this.#working || this.#behind || !groups.current) return;
    if (performance.now() - this.#since < settlesMs) return;
    this.#working = true;
    try {
      const changes = this.#changes();
      const all = around.records.ids('host').map((name) => around.records.record('host', name) ?? {});
      const offers = offersOf(all);
      for (const { policy } of groups.list()) {
        if (this.#store !== store || scope.ended) return;
        if (!policy.automatic) {
          groups.tellAutomatic(policy.group, null);
          continue;
        }
        if (around.mode() !== 'operate') {
          groups.tellAutomatic(policy.group, 'This console observes only: another one has to begin it.');
          continue;
        }
        await this.#settleBegun(store, policy.group, changes);
        if (performance.now() < (this.#notBefore.get(policy.group) ?? 0)) continue;
        const names = around.records.ids('host').filter((host) => groups.groupOf(host) === policy.group);
        const step = nextStep({
          policy,
          hosts: names.map((name) => [name, around.records.record('host', name) ?? {}] as const),
          offers,
          changes,
          runs: this.#runs.of(policy.group),
          isProtected: this.#options.isProtected(),
          console: this.#options.consoleId,
          now: around.now(),
        });
        groups.tellAutomatic(policy.group, step.text);
        if (step.do !== 'wait') await this.#take(store, policy.group, step);
      }
    } finally {
      this.#working = false;
    }
  }

  async #take(store: JournalStore, group: string, step: Exclude<AutomaticStep, { do: 'wait' }>): Promise<void> {
    const { around, changes, log, consoleId } = this.#options;
    try {
      if (step.do === 'start') {
        await changes.act(step.run.change, 'start', null, null);
        await this.#runs.started(store, group, step.run);
        return;
      }
      const plan = await changes.plan(step.draft, null);
      const { agent, to, covers, over } = step;
      if (plan.waves.length === 0) {
        this.#later(
          group,
          `${covers ? 'What waits' : to} changes no host as it was planned: ${plan.leftOut[0]?.reason.message ?? 'nothing to do'}.`,
        );
        return;
      }
      const [by, at] = [around.actor.name, around.now()];
      const begun = { agent, to, change: plan.id, by, console: consoleId, at, started: false };
      const run = covers ? { ...begun, covers } : begun;
      // The claim comes first: a plan that nobody claimed would be begun twice.
      if (await this.#runs.claim(store, group, run, over)) await changes.propose(plan);
    } catch (error) {
      const { message } = toProblem(error);
      log.warn('an automatic roll-out could not be begun', { group, why: message });
      this.#later(group, `It could not be begun: ${message}`);
    }
  }

  /** A console that went away between a start and writing it down left a claim that looks as if nothing had begun. */
  async #settleBegun(store: JournalStore, group: string, changes: readonly KnownChange[]): Promise<void> {
    for (const run of this.#runs.of(group)) {
      const known = changes.find(({ id }) => id === run.change);
      if (!run.started && known && known.state !== 'planned')
        await this.#runs.started(store, group, run).catch((error: unknown) => {
          this.#options.log.warn('an automatic roll-out could not be settled', {
            group,
            why: toProblem(error).message,
          });
        });
    }
  }

  #later(group: string, text: string): void {
    this.#notBefore.set(group, performance.now() + againAfterFailureMs);
    this.#options.groups.tellAutomatic(group, text);
  }

  #changes(): KnownChange[] {
    const { records } = this.#options.around;
    return records.ids('change').flatMap((id) => {
      const progress = records.get('change', id, 'progress');
      if (!progress) return [];
      return {
        id,
        state: progress.state,
        needsApproval: records.get('change', id, 'owner')?.needsApproval ?? true,
        hosts: (records.get('change', id, 'hosts') ?? []).map(({ host, work }) => ({ host, to: work?.to ?? null })),
      };
    });
  }
}
