import { randomBytes } from 'node:crypto';
import type {
  ChangeDraft,
  ChangeHistory,
  ChangePlan,
  ChangeVerb,
  ComparedFile,
  HostChange,
} from '#shared/contract/change.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';
import { allowedVerbs } from '#shared/lib/change/verbs.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { Limiter } from '../lib/limiter.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { AppliedFiles } from './applied-files.ts';
import { archiveChange, changesToArchive, readArchive } from './archive.ts';
import { historyOf } from './change-history.ts';
import { compareOn } from './compare-file.ts';
import { ChangeJournal, keys, type StoredChange } from './change-journal.ts';
import { DrivenChanges, overStates } from './driven-changes.ts';
import { publishChange, withWaiting } from './change-records.ts';
import { loadChangeScripts } from './host-program.ts';
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
  /** On these hosts changes left something else than was known until now. */
  readonly applied: (hosts: ReadonlySet<string>) => void;
}

/** A change of a thousand hosts is told in one go, not once a host. */
const publishEveryMs = 100;

const dayMs = 24 * 3_600_000;

/** The changes of one cluster: plans, those that are driven from here, and those that others drive. */
export class Changes {
  /** What changes left on each host. */
  readonly applied: AppliedFiles;
  readonly #options: ChangesOptions;
  readonly #readScript = loadReadFilesScript();
  readonly #driven: DrivenChanges;
  #journal: ChangeJournal | null = null;
  #stopWatching = () => {};
  readonly #mirror: JournalMirror;
  /** Changes whose records are behind. */
  readonly #stale = new Set<string>();

  constructor(options: ChangesOptions) {
    this.#options = options;
    this.#mirror = new JournalMirror(options.log);
    this.applied = new AppliedFiles(options.log, options.applied);
    this.#driven = new DrivenChanges({
      around: options.around,
      log: options.log,
      scripts: loadChangeScripts(),
      console: `${process.pid}-${randomBytes(3).toString('hex')}`,
      told: (id) => this.#stale.add(id),
    });
    options.scope.add(() => {
      this.#stopWatching();
      return this.#driven.leaveAll();
    });
    options.scope.every(publishEveryMs, () => {
      for (const id of this.#stale) this.#publishNow(id);
      this.#stale.clear();
    });
  }

  /** Which store is used from now on; null while there is none to be had. */
  use(store: JournalStore | null): void {
    this.#stopWatching();
    this.#mirror.clear();
    this.applied.clear();
    this.#journal = store && new ChangeJournal(store, this.#options.around.now);
    if (!store) return;
    const stops = [
      store.watch(
        'changes/',
        (news) => this.#read(news),
        (problem) => this.#tellTrouble(problem),
      ),
      store.watch(
        'archive/',
        (news) => this.applied.takeArchive(news),
        () => {},
      ),
    ];
    this.#stopWatching = () => {
      for (const stop of stops) stop();
    };
    this.#tellTrouble(null);
  }

  /** There is no journal to be had; says why. */
  useNone(problem: Problem): void {
    this.use(null);
    this.#tellTrouble(problem);
  }

  /** Whether a change is driven from here now. */
  get driving(): boolean {
    return this.#driven.driving;
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
    const run = this.#driven.run(id);
    const hosts = run?.hosts ?? withWaiting(stored);
    const progress = run?.progress ?? stored.progress;
    if (!allowedVerbs(progress, [...hosts.values()], stored.owner !== null).includes(verb))
      throw fail('refused', `the change is ${progress.state}: it cannot be asked to ${verb.replace('-', ' ')} now`);
    if (verb === 'start') this.#refuseUnapproved(stored);
    if (password !== null) this.#driven.keepPassword(id, password);
    await this.#note(stored.plan, verb, host);
    if (!run && stored.owner) await journal.wish(id, { verb, host, by: around.actor.name });
    else await this.#driven.act(journal, id, verb, host);
  }

  #refuseUnapproved({ plan, progress }: StoredChange): void {
    if (!this.#options.isProtected()) return;
    if (progress.approvals.some(({ by, hash }) => hash === plan.hash && by !== plan.by)) return;
    throw fail('refused', 'this cluster is protected: a second person has to approve the plan first');
  }

  #read(news: StoreNews): void {
    for (const id of this.#mirror.take(news)) {
      this.#publish(id);
      void this.#driven.grant(id, this.#mirror.stored(id)?.wishes ?? []);
    }
  }

  #publishNow(id: string): void {
    const stored = this.#mirror.stored(id);
    this.applied.take(id, stored);
    if (!stored) this.#options.around.records.remove('change', id);
    else publishChange(this.#options.around.records, stored, this.#driven.run(id), this.#options.isProtected());
  }

  #publish(id: string): void {
    this.#stale.add(id);
  }

  /** The whole plan, and what each host wrote down. */
  async read(id: string): Promise<{ plan: ChangePlan; hosts: HostChange[] }> {
    const stored = await this.#need().load(id);
    return { plan: stored.plan, hosts: [...(this.#driven.run(id)?.hosts ?? withWaiting(stored)).values()] };
  }

  async host(id: string, host: string): Promise<Pick<HostChange, 'evidence'>> {
    const found = (this.#driven.run(id)?.hosts ?? (await this.#need().load(id)).hosts).get(host);
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
