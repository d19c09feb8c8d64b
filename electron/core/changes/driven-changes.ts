import type { ChangeState, ChangeVerb } from '#shared/contract/change.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { allowedVerbs } from '#shared/lib/change/verbs.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { Log } from '../lib/log.ts';
import type { ChangeJournal, Ownership } from './change-journal.ts';
import { keys, type StoredChange } from './stored-change.ts';
import { ChangeRun } from './change-run.ts';
import type { ChangeScripts } from '../probes/host-scripts.ts';
import { hostBase } from './host-program.ts';
import { mayPass, Pauses } from './take-up.ts';
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
  readonly journal: ChangeJournal;
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
  /** Changes that are taken up again, once however many ask for it. */
  readonly #takenUp = new Map<string, Promise<Driven>>();
  /** Those that came to a stop and are tried again, or were. */
  readonly #goingOn = new WeakSet<Driven>();
  /** The one of each change that is to be driven on, until a person asks anything of it: then that holds. */
  readonly #toGoOn = new Map<string, Driven>();
  readonly #pauses: Pauses;
  /** Kept in memory for as long as this console drives; never written down. */
  readonly #passwords = new Map<string, string | null>();

  constructor(options: DrivenChangesOptions) {
    this.#options = options;
    this.#pauses = new Pauses(options.around.now);
  }

  /** To be called often: what was not called for long was asleep with its machine. */
  beat(): void {
    this.#pauses.beat();
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
    const found = this.#driven.get(id);
    const { run } = found?.run.broken
      ? await this.#takeUp(found)
      : (found ?? (await this.#own(journal, id, hash, planWanted(verb))));
    this.#toGoOn.delete(id);
    if (verb === 'hand-over') await this.#handOver(id);
    else if (verb === 'take-over') run.drive();
    else await run.do(verb, hosts, this.#options.around.actor.name);
    if (!run.driving) await this.#letGo(id);
  }

  async #own(journal: ChangeJournal, id: string, hash: string, plan: 'whole' | 'as-it-is'): Promise<Driven> {
    const { around, console } = this.#options;
    const ownership = await journal.own(id, { console, person: around.actor.name }, (problem) => {
      void this.#lost(id, problem);
    });
    // Read after the right was had: nobody else writes it any more.
    const stored = await this.#read(journal, id, hash, plan).catch(async (error: unknown) => {
      await ownership.release();
      throw error;
    });
    return this.#take(journal, stored, ownership);
  }

  #take(journal: ChangeJournal, stored: StoredChange, ownership: Ownership): Driven {
    const { around, scripts, reboots, acts, told, watch } = this.#options;
    const { id } = stored.plan;
    const run: ChangeRun = new ChangeRun(stored, {
      around,
      scripts,
      reboots,
      acts,
      base: hostBase,
      ownership,
      watch,
      password: () => this.#passwords.get(id) ?? null,
      told: () => told(id),
      rests: () => void this.#rests(driven),
    });
    const driven = { journal, run, ownership };
    this.#driven.set(id, driven);
    // The journal may have told of the new owner before this was set: it is said once more by whom.
    told(id);
    return driven;
  }

  /** The plan as it will be driven: what was asked was asked of this very one. */
  async #read(journal: ChangeJournal, id: string, hash: string, plan: 'whole' | 'as-it-is'): Promise<StoredChange> {
    const stored = await journal.load(id, plan);
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

  /** The right to drive it is gone: a lease that lapsed is asked for anew, what another console has is left to it. */
  async #lost(id: string, problem: Problem): Promise<void> {
    this.#options.log.warn(`change ${id} is no longer driven from here: ${problem.message}`);
    const driven = this.#driven.get(id);
    const drove = driven && (driven.run.driving || driven.run.broken !== null);
    await this.#leave(id);
    if (drove && mayPass(problem) && !this.#pauses.slept()) await this.#goOnWith(driven);
  }

  async #rests(driven: Driven): Promise<void> {
    if (driven.run.broken) await this.#goOnWith(driven);
    else await this.#letGo(driven.run.plan.id);
  }

  /** Tries for a while to drive on what came to a stop that nobody asked for; then leaves it for a person to take over. */
  async #goOnWith(driven: Driven): Promise<void> {
    if (this.#goingOn.has(driven)) return;
    this.#goingOn.add(driven);
    const { id } = driven.run.plan;
    const { log } = this.#options;
    this.#toGoOn.set(id, driven);
    for await (const last of this.#pauses.tries()) {
      const now = this.#driven.get(id);
      // A person, or a try before, was here first.
      if (this.#toGoOn.get(id) !== driven || (now && now !== driven)) return;
      const problem = driven.run.broken;
      try {
        if (problem && !mayPass(problem)) throw fail(problem.code, problem.message);
        const { run } = await this.#takeUp(driven);
        log.info(`change ${id} is driven on from here`);
        run.drive();
        return;
      } catch (error) {
        const why = toProblem(error);
        if (!last && mayPass(why)) continue;
        log.warn(`change ${id} is not driven on from here: ${why.message}`);
        await this.#giveUp(driven, why);
        return;
      }
    }
  }

  /** The change as the journal holds it, to be driven from here: by the right that is had, or by a new one. */
  #takeUp(driven: Driven): Promise<Driven> {
    const { id, hash } = driven.run.plan;
    const known = this.#takenUp.get(id);
    if (known) return known;
    const take = async (): Promise<Driven> => {
      await driven.run.ended();
      const { journal, ownership } = driven;
      if (ownership.lost) return this.#own(journal, id, hash, 'whole');
      return this.#take(journal, await this.#read(journal, id, hash, 'whole'), ownership);
    };
    const taken = take().finally(() => this.#takenUp.delete(id));
    this.#takenUp.set(id, taken);
    return taken;
  }

  /** Whoever looks at it is told why nobody drives it, and may take it over. */
  async #giveUp({ run, ownership }: Driven, { message }: Problem): Promise<void> {
    const { id } = run.plan;
    if (ownership.lost === null) {
      await ownership.writeProgress({ ...run.progress, text: message }).catch(() => {});
      await ownership.release().catch(() => {});
    }
    if (this.#driven.get(id)?.run === run) this.#driven.delete(id);
    this.#passwords.delete(id);
    this.#options.told(id);
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
    this.#pauses.end();
    await Promise.all(
      [...this.#driven.values()].map(async ({ run, ownership }) => {
        await run.leave();
        await ownership.release().catch(() => {});
      }),
    );
  }

  /** Wishes of others are granted by the console that drives. */
  async grant(id: string, wishes: StoredChange['wishes']): Promise<void> {
    const asked = new Set(wishes.map(({ key }) => key));
    for (const key of this.#granted) if (key.startsWith(keys.wishes(id)) && !asked.has(key)) this.#granted.delete(key);
    const driven = this.#driven.get(id);
    if (!driven || driven.run.broken) return;
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
