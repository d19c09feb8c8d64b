import { randomBytes } from 'node:crypto';
import type {
  ChangeDraft,
  ChangeHistory,
  ChangePlan,
  ChangeState,
  ChangeVerb,
  ComparedFile,
  HostChange,
} from '#shared/contract/change.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { allowedVerbs } from '#shared/lib/change/verbs.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { archiveChange, changesToArchive, readArchive } from './archive.ts';
import { historyOf } from './change-history.ts';
import { compareOn } from './compare-file.ts';
import { ChangeJournal, keys, type Ownership, type StoredChange } from './change-journal.ts';
import { publishChange, withWaiting } from './change-records.ts';
import { ChangeRun } from './change-run.ts';
import { hostBase, loadChangeScripts } from './host-program.ts';
import { JournalMirror } from './journal-mirror.ts';
import type { JournalStore, StoreNews } from './journal-store.ts';
import { planUndo } from './plan-undo.ts';
import { planChange } from './plan-change.ts';
import { dayOf, planHash } from './plan-hash.ts';
import { loadReadFilesScript } from './read-files.ts';

export interface ChangesOptions {
  readonly around: ActionSurroundings;
  readonly scope: Scope;
  readonly log: Log;
  /** Whether a second person must approve a plan before it starts. */
  readonly isProtected: () => boolean;
}

/** A change of a thousand hosts is told in one go, not once a host. */
const publishEveryMs = 100;

const overStates: ReadonlySet<ChangeState> = new Set(['stopped', 'committed', 'rolled-back', 'not-rolled-back']);

const dayMs = 24 * 3_600_000;

interface Driven {
  readonly run: ChangeRun;
  readonly ownership: Ownership;
}

/** The changes of one cluster: plans, those that are driven from here, and those that others drive. */
export class Changes {
  readonly #options: ChangesOptions;
  readonly #scripts = loadChangeScripts();
  readonly #readScript = loadReadFilesScript();
  readonly #console = `${process.pid}-${randomBytes(3).toString('hex')}`;
  readonly #driven = new Map<string, Driven>();
  /** Kept in memory for as long as this console drives; never written down. */
  readonly #passwords = new Map<string, string | null>();
  #journal: ChangeJournal | null = null;
  #stopWatching = () => {};
  readonly #mirror: JournalMirror;
  /** Changes whose records are behind. */
  readonly #stale = new Set<string>();

  constructor(options: ChangesOptions) {
    this.#options = options;
    this.#mirror = new JournalMirror(options.log);
    options.scope.add(() => this.#leaveAll());
    options.scope.every(publishEveryMs, () => {
      for (const id of this.#stale) this.#publishNow(id);
      this.#stale.clear();
    });
  }

  /** Which store is used from now on; null while there is none to be had. */
  use(store: JournalStore | null): void {
    this.#stopWatching();
    this.#mirror.clear();
    this.#journal = store && new ChangeJournal(store, this.#options.around.now);
    if (!store) return;
    this.#stopWatching = store.watch(
      'changes/',
      (news) => this.#read(news),
      (problem) => this.#tellTrouble(problem),
    );
    this.#tellTrouble(null);
  }

  /** There is no journal to be had; says why. */
  useNone(problem: Problem): void {
    this.use(null);
    this.#tellTrouble(problem);
  }

  /** Whether a change is driven from here now. */
  get driving(): boolean {
    return [...this.#driven.values()].some(({ run }) => run.driving);
  }

  plan(draft: ChangeDraft, password: string | null): Promise<ChangePlan> {
    return planChange(this.#options.around, this.#readScript, draft, password);
  }

  /** One file over many hosts; a host that cannot be read has the reason. */
  async compare(
    hosts: readonly string[],
    path: string,
    password: string | null,
  ): Promise<{ files: ComparedFile[]; texts: Record<string, string> }> {
    const texts: Record<string, string> = {};
    const limiter = new Limiter(20);
    const files = await Promise.all(
      hosts.map((host) =>
        limiter.run(async () => {
          const { compared, text } = await compareOn(this.#options.around, this.#readScript, host, path, password);
          if (text !== null) texts[compared.hash] = text;
          return compared;
        }),
      ),
    );
    return { files, texts };
  }

  /** The plan that leads back; refused while the change is under way, as roll back does that then. */
  async planUndo(id: string, password: string | null): Promise<ChangePlan> {
    const stored = await this.#need().load(id);
    if (!overStates.has(stored.progress.state))
      throw fail('refused', `the change is ${stored.progress.state}: roll it back instead`);
    return planUndo(this.#options.around, this.#readScript, stored.plan, [...stored.hosts.values()], password);
  }

  /** Who changed this file, by what the journal holds. */
  async history(path: string): Promise<ChangeHistory> {
    const archived = await readArchive(this.#need().store);
    return historyOf(this.#mirror.all(), archived, path);
  }

  /** Writes a plan down, for all consoles to see; it waits to be started. */
  async propose(plan: ChangePlan): Promise<void> {
    const { hash, ...rest } = plan;
    if (planHash(rest) !== hash) throw fail('invalid-input', 'the plan was altered after it was made');
    if (plan.waves.length === 0) throw fail('refused', 'the plan changes no host', { hint: 'It says why for each.' });
    await this.#need().create(plan, {
      state: 'planned',
      text: '',
      wave: 0,
      soaksUntil: null,
      startedAt: null,
      endedAt: null,
      approvals: [],
    });
    await this.#tidy();
  }

  /** What is old is folded up, what was never finished goes. */
  async #tidy(): Promise<void> {
    const { store } = this.#need();
    const now = this.#options.around.now();
    for (const old of changesToArchive(this.#mirror.all(), now)) await archiveChange(store, old);
    for (const id of this.#mirror.unfinished(dayOf(now - dayMs)))
      await store.commit([{ key: keys.plan(id), is: 'absent' }], [{ deletePrefix: keys.change(id) }]);
  }

  async approve(id: string, hash: string): Promise<void> {
    const { around } = this.#options;
    const { plan } = await this.#need().load(id);
    if (plan.hash !== hash) throw fail('stale', 'this is not the plan you looked at', { hint: 'Read it again.' });
    if (plan.by === around.actor.name) throw fail('refused', 'a second person has to approve it: you made this plan');
    await this.#need().amendProgress(id, (progress) => ({
      ...progress,
      approvals: [...progress.approvals, { by: around.actor.name, at: around.now(), hash }],
    }));
  }

  /** Does what is asked, or asks it of the console that drives the change. */
  async act(id: string, verb: ChangeVerb, host: string | null, password: string | null): Promise<void> {
    const { around } = this.#options;
    const journal = this.#need();
    const stored = await journal.load(id);
    const driven = this.#driven.get(id);
    const hosts = driven?.run.hosts ?? withWaiting(stored);
    const progress = driven?.run.progress ?? stored.progress;
    if (!allowedVerbs(progress, [...hosts.values()], stored.owner !== null).includes(verb))
      throw fail('refused', `the change is ${progress.state}: it cannot be asked to ${verb.replace('-', ' ')} now`);
    if (verb === 'start') this.#refuseUnapproved(stored);
    if (password !== null) this.#passwords.set(id, password);
    await this.#note(stored.plan, verb, host);
    if (!driven && stored.owner) {
      await journal.wish(id, { verb, host, by: around.actor.name });
      return;
    }
    const mine = driven ?? (await this.#own(id));
    if (verb === 'hand-over') await this.#handOver(id);
    else if (verb === 'take-over') mine.run.drive();
    else await mine.run.do(verb, host, around.actor.name);
    if (!mine.run.driving) await this.#letGo(id);
  }

  #refuseUnapproved({ plan, progress }: StoredChange): void {
    if (!this.#options.isProtected()) return;
    if (progress.approvals.some(({ by, hash }) => hash === plan.hash && by !== plan.by)) return;
    throw fail('refused', 'this cluster is protected: a second person has to approve the plan first');
  }

  async #own(id: string): Promise<Driven> {
    const { around, log } = this.#options;
    const journal = this.#need();
    const ownership = await journal.own(id, { console: this.#console, person: around.actor.name }, (problem) => {
      log.warn(`change ${id} is no longer driven from here: ${problem.message}`);
      void this.#leave(id);
    });
    // Read after the right was had: nobody else writes it any more.
    const stored = await journal.load(id);
    const run = new ChangeRun(stored, {
      around,
      scripts: this.#scripts,
      base: hostBase,
      ownership,
      password: () => this.#passwords.get(id) ?? null,
      told: () => this.#publish(id),
      rests: () => void this.#letGo(id),
    });
    const driven = { run, ownership };
    this.#driven.set(id, driven);
    // The journal may have told of the new owner before this was set: it is said once more by whom.
    this.#publish(id);
    return driven;
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
    this.#publish(id);
  }

  async #leave(id: string): Promise<void> {
    const driven = this.#driven.get(id);
    this.#driven.delete(id);
    await driven?.run.leave();
    this.#publish(id);
  }

  async #leaveAll(): Promise<void> {
    this.#stopWatching();
    await Promise.all(
      [...this.#driven.values()].map(async ({ run, ownership }) => {
        await run.leave();
        await ownership.release().catch(() => {});
      }),
    );
  }

  #read(news: StoreNews): void {
    for (const id of this.#mirror.take(news)) {
      this.#publish(id);
      void this.#grant(id);
    }
  }

  #publishNow(id: string): void {
    const stored = this.#mirror.stored(id);
    if (!stored) this.#options.around.records.remove('change', id);
    else
      publishChange(
        this.#options.around.records,
        stored,
        this.#driven.get(id)?.run ?? null,
        this.#options.isProtected(),
      );
  }

  /** Wishes of others are granted by the console that drives. */
  async #grant(id: string): Promise<void> {
    const driven = this.#driven.get(id);
    if (!driven) return;
    const stored = this.#mirror.stored(id);
    for (const { key, wish } of stored?.wishes ?? []) {
      try {
        await driven.ownership.dropWish(key);
        const verbs = allowedVerbs(driven.run.progress, [...driven.run.hosts.values()], true);
        if (!verbs.includes(wish.verb) || wish.verb === 'take-over') continue;
        if (wish.verb === 'hand-over') await this.#handOver(id);
        else await driven.run.do(wish.verb, wish.host, wish.by);
      } catch (error) {
        this.#options.log.warn(`what ${wish.by} asked of change ${id} was not done: ${toProblem(error).message}`);
      }
    }
  }

  #publish(id: string): void {
    this.#stale.add(id);
  }

  /** The whole plan, and what each host wrote down. */
  async read(id: string): Promise<{ plan: ChangePlan; hosts: HostChange[] }> {
    const stored = await this.#need().load(id);
    return { plan: stored.plan, hosts: [...(this.#driven.get(id)?.run.hosts ?? withWaiting(stored)).values()] };
  }

  async host(id: string, host: string): Promise<Pick<HostChange, 'evidence'>> {
    const found = (this.#driven.get(id)?.run.hosts ?? (await this.#need().load(id)).hosts).get(host);
    return { evidence: found?.evidence ?? [] };
  }

  async #note(plan: ChangePlan, verb: ChangeVerb, host: string | null): Promise<void> {
    const { around } = this.#options;
    await around.activity.add({
      at: around.now(),
      actor: around.actor.name,
      cluster: around.cluster,
      host: host ?? '',
      kind: 'change',
      what: `${verb} ${plan.title}`,
      command: '',
      exitCode: null,
      durationMs: null,
      outcome: 'ok',
      detail: `change ${plan.id}, plan ${plan.hash}`,
    });
  }

  #need(): ChangeJournal {
    if (this.#journal) return this.#journal;
    throw fail('unreachable', 'the journal of changes cannot be reached', { hint: 'See the state of etcd.' });
  }

  #tellTrouble(problem: Problem | null): void {
    const kind = this.#journal?.store.kind ?? 'local';
    this.#options.around.records.publish('cluster', '', 'journal', { kind, problem });
  }
}
