import type { ChangeState, ChangeVerb } from '#shared/contract/change.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import { allowedVerbs } from '#shared/lib/change/verbs.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { Log } from '../lib/log.ts';
import type { ChangeJournal, Ownership, StoredChange } from './change-journal.ts';
import { ChangeRun } from './change-run.ts';
import type { ChangeScripts } from '../probes/host-scripts.ts';
import { hostBase } from './host-program.ts';
import type { WorkActs } from './work/work-acts.ts';
import type { Door } from './work/work-host.ts';

export interface DrivenChangesOptions {
  readonly around: ActionSurroundings;
  readonly log: Log;
  readonly scripts: ChangeScripts;
  readonly reboots: Door;
  readonly acts: WorkActs;
  /** This console's name in the journal. */
  readonly console: string;
  /** Has a host read often, until the function that it answers is called. */
  readonly watch: (host: string) => () => void;
  /** Something of this change is otherwise now. */
  readonly told: (id: string) => void;
}

interface Driven {
  readonly run: ChangeRun;
  readonly ownership: Ownership;
}

export const overStates: ReadonlySet<ChangeState> = new Set(['stopped', 'committed', 'rolled-back', 'not-rolled-back']);

/** What was altered may be given up, and nothing else: to stop it touches no host. */
export const planWanted = (verb: ChangeVerb) => (verb === 'stop' ? 'as-it-is' : 'whole');

/** The changes that are driven from here, and the right to drive them. */
export class DrivenChanges {
  readonly #options: DrivenChangesOptions;
  readonly #driven = new Map<string, Driven>();
  /** Wishes that were taken up here, by their keys. */
  readonly #granted = new Set<string>();
  /** Kept in memory for as long as this console drives; never written down. */
  readonly #passwords = new Map<string, string | null>();

  constructor(options: DrivenChangesOptions) {
    this.#options = options;
  }

  run(id: string): ChangeRun | null {
    return this.#driven.get(id)?.run ?? null;
  }

  /** Whether any is driven now. */
  get driving(): boolean {
    return [...this.#driven.values()].some(({ run }) => run.driving);
  }

  keepPassword(id: string, password: string): void {
    this.#passwords.set(id, password);
  }

  /**
   * Does what is asked of a change, as the one who drives it from now on. Rejects with `conflict` when another console does,
   * and with `stale` when its plan is no longer the one of this hash.
   */
  async act(
    journal: ChangeJournal,
    id: string,
    hash: string,
    verb: ChangeVerb,
    hosts: readonly string[],
  ): Promise<void> {
    const { run } = this.#driven.get(id) ?? (await this.#own(journal, id, hash, verb));
    if (verb === 'hand-over') await this.#handOver(id);
    else if (verb === 'take-over') run.drive();
    else await run.do(verb, hosts, this.#options.around.actor.name);
    if (!run.driving) await this.#letGo(id);
  }

  async #own(journal: ChangeJournal, id: string, hash: string, verb: ChangeVerb): Promise<Driven> {
    const { around, log, scripts, reboots, acts, console, told, watch } = this.#options;
    const ownership = await journal.own(id, { console, person: around.actor.name }, (problem) => {
      log.warn(`change ${id} is no longer driven from here: ${problem.message}`);
      void this.#leave(id);
    });
    // Read after the right was had: nobody else writes it any more.
    const stored = await this.#read(journal, id, hash, verb).catch(async (error: unknown) => {
      await ownership.release();
      throw error;
    });
    const run = new ChangeRun(stored, {
      around,
      scripts,
      reboots,
      acts,
      base: hostBase,
      ownership,
      watch,
      password: () => this.#passwords.get(id) ?? null,
      told: () => told(id),
      rests: () => void this.#letGo(id),
    });
    const driven = { run, ownership };
    this.#driven.set(id, driven);
    // The journal may have told of the new owner before this was set: it is said once more by whom.
    told(id);
    return driven;
  }

  /** The plan as it will be driven: what was asked was asked of this very one. */
  async #read(journal: ChangeJournal, id: string, hash: string, verb: ChangeVerb): Promise<StoredChange> {
    const stored = await journal.load(id, planWanted(verb));
    if (stored.plan.hash !== hash) throw fail('stale', 'the plan is another one since this moment');
    return stored;
  }

  /** Lets go of a change that is under way, for another console to take over. */
  async #handOver(id: string): Promise<void> {
    const ownership = this.#driven.get(id)?.ownership;
    await this.#leave(id);
    this.#passwords.delete(id);
    await ownership?.release();
  }

  /** A change that is over needs nobody to drive it. */
  async #letGo(id: string): Promise<void> {
    const driven = this.#driven.get(id);
    if (!driven || !overStates.has(driven.run.progress.state)) return;
    this.#driven.delete(id);
    this.#passwords.delete(id);
    await driven.ownership.release().catch((error: unknown) => {
      this.#options.log.warn(`change ${id} could not be let go: ${toProblem(error).message}`);
    });
    this.#options.told(id);
  }

  async #leave(id: string): Promise<void> {
    const driven = this.#driven.get(id);
    this.#driven.delete(id);
    await driven?.run.leave();
    this.#options.told(id);
  }

  /** Nothing is driven from here any more; others may take over at once. */
  async leaveAll(): Promise<void> {
    await Promise.all(
      [...this.#driven.values()].map(async ({ run, ownership }) => {
        await run.leave();
        await ownership.release().catch(() => {});
      }),
    );
  }

  /** Wishes of others are granted by the console that drives. */
  async grant(id: string, wishes: StoredChange['wishes']): Promise<void> {
    const driven = this.#driven.get(id);
    if (!driven) return;
    for (const { key, wish } of wishes) {
      // Told again before the journal knows that it was taken up.
      if (this.#granted.has(key)) continue;
      this.#granted.add(key);
      try {
        await driven.ownership.dropWish(key);
        const verbs = allowedVerbs(driven.run.progress, [...driven.run.hosts.values()], true);
        if (!verbs.includes(wish.verb) || wish.verb === 'take-over') continue;
        if (wish.verb === 'hand-over') await this.#handOver(id);
        else await driven.run.do(wish.verb, [wish.host ?? []].flat(), wish.by);
      } catch (error) {
        this.#granted.delete(key);
        this.#options.log.warn(`what ${wish.by} asked of change ${id} was not done: ${toProblem(error).message}`);
      }
    }
  }
}
