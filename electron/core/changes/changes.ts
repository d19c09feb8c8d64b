import { randomBytes } from 'node:crypto';
import type {
  ArchivedChange,
  ChangeDraft,
  ChangeHistory,
  ChangePlan,
  ChangeVerb,
  HostChange,
} from '#shared/contract/change.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { FileCheck } from '#shared/formats/cluster-file/cluster-file.ts';
import { allowedVerbs } from '#shared/lib/change/verbs.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { Log } from '../lib/log.ts';
import type { Scope } from '../lib/scope.ts';
import { loadChangeScripts } from '../probes/host-scripts.ts';
import { AppliedFiles } from './applied-files.ts';
import { archiveChange, changesToArchive, readArchive, readArchived } from './archive.ts';
import { historyOf } from './change-history.ts';
import { compareFile, type ComparedFiles } from './compare-file.ts';
import { ChangeJournal } from './change-journal.ts';
import { keys, type StoredChange } from './stored-change.ts';
import { DrivenChanges, overStates, planWanted } from './driven-changes.ts';
import { publishChange, withWaiting } from './change-records.ts';
import { JournalMirror } from './journal-mirror.ts';
import type { JournalStore, StoreNews } from './journal-store.ts';
import { planUndo } from './plan-undo.ts';
import { planChange } from './plan-change.ts';
import { dayOf, isWhole } from './plan-hash.ts';
import { loadReadFilesScript } from './read-files.ts';
import type { WorkActs } from './work/work-acts.ts';
import type { Door } from './work/work-host.ts';

export interface ChangesOptions {
  readonly around: ActionSurroundings;
  readonly scope: Scope;
  readonly log: Log;
  /** The door through which hosts go down, and what their update agents are told through. */
  readonly reboots: Door;
  readonly acts: WorkActs;
  /** Whether a second person must approve a plan before it starts. */
  readonly isProtected: () => boolean;
  /** Checks of files that the cluster declares. */
  readonly checks: () => readonly FileCheck[];
  /** These hosts are to be read often, while changes are at work on them. */
  readonly look: (hosts: readonly string[]) => void;
  /** On these hosts changes left something else than was known until now. */
  readonly applied: (hosts: ReadonlySet<string>) => void;
}

/** A change of a thousand hosts is told in one go, not once a host. */
const publishEveryMs = 100;
/** Each time all its hosts are told: the more they are, the more seldom. */
const publishHostMs = 1;

/** What makes this console write to hosts. */
const driving: ReadonlySet<ChangeVerb> = new Set(['start', 'resume', 'retry-failed', 'take-over', 'roll-back']);

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
  readonly #watched = new Set<string>();
  /** Changes whose records are behind. */
  readonly #stale = new Set<string>();
  /** When a change may be told again. */
  readonly #nextAt = new Map<string, number>();

  constructor(options: ChangesOptions) {
    this.#options = options;
    this.#mirror = new JournalMirror(options.log);
    this.applied = new AppliedFiles(options.log, options.applied);
    this.#driven = new DrivenChanges({
      around: options.around,
      log: options.log,
      scripts: loadChangeScripts(),
      reboots: options.reboots,
      acts: options.acts,
      console: `${process.pid}-${randomBytes(3).toString('hex')}`,
      told: (id) => this.#stale.add(id),
      watch: (host) => this.#watch(host),
    });
    options.scope.add(() => {
      this.#stopWatching();
      return this.#driven.leaveAll();
    });
    options.scope.every(publishEveryMs, () => {
      this.#driven.beat();
      const now = performance.now();
      for (const id of this.#stale) if (now >= (this.#nextAt.get(id) ?? 0)) this.#publishNow(id, now);
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

  #watch(host: string): () => void {
    const { look } = this.#options;
    this.#watched.add(host);
    look([...this.#watched]);
    return () => {
      this.#watched.delete(host);
      look([...this.#watched]);
    };
  }

  /** Whether a change is driven from here now. */
  get driving(): boolean {
    return this.#driven.driving;
  }

  plan(draft: ChangeDraft, password: string | null): Promise<ChangePlan> {
    const { around, checks, acts } = this.#options;
    const readUpdate = (host: string) => acts.read(host);
    return planChange({ around, readScript: this.#readScript, checks: checks(), readUpdate }, draft, password);
  }

  /** One file over many hosts; a host that cannot be read has the reason. */
  compare(hosts: readonly string[], path: string, password: string | null): Promise<ComparedFiles> {
    return compareFile(this.#options.around, this.#readScript, hosts, path, password);
  }

  /** The plan that leads back; refused while the change is under way, as roll back does that then. */
  async planUndo(id: string, password: string | null): Promise<ChangePlan> {
    const stored = await this.#need().load(id);
    if (!overStates.has(stored.progress.state))
      throw fail('refused', `the change is ${stored.progress.state}: roll it back instead`);
    const { around, acts } = this.#options;
    const tools = { around, readScript: this.#readScript, readUpdate: (host: string) => acts.read(host) };
    return planUndo(tools, stored.plan, [...stored.hosts.values()], password);
  }

  /** What is kept of a change that is long over. */
  async archived(id: string): Promise<ArchivedChange> {
    return readArchived(this.#need().store, id);
  }

  /** Who changed this file, by what the journal holds. */
  async history(path: string): Promise<ChangeHistory> {
    const archived = await readArchive(this.#need().store);
    return historyOf(this.#mirror.all(), archived, path);
  }

  /** Writes a plan down, for all consoles to see; it waits to be started. */
  async propose(plan: ChangePlan): Promise<void> {
    if (!isWhole(plan.id, plan, plan.contents)) throw fail('invalid-input', 'the plan was altered after it was made');
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
    // What is old may stay a while longer; the plan is written down.
    await this.#tidy().catch((error: unknown) => {
      this.#options.log.warn(`old changes could not be folded up: ${toProblem(error).message}`);
    });
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
  async act(id: string, verb: ChangeVerb, host: string | string[] | null, password: string | null): Promise<void> {
    const { around } = this.#options;
    const journal = this.#need();
    const stored = await journal.load(id, planWanted(verb));
    const run = this.#driven.run(id);
    const hosts = run?.hosts ?? withWaiting(stored);
    const progress = run?.progress ?? stored.progress;
    if (!allowedVerbs(progress, [...hosts.values()], stored.owner !== null).includes(verb))
      throw fail('refused', `the change is ${progress.state}: it cannot be asked to ${verb.replace('-', ' ')} now`);
    if (driving.has(verb)) this.#refuseUnapproved(stored);
    if (password !== null) this.#driven.keepPassword(id, password);
    const named = [host ?? []].flat();
    await this.#note(stored.plan, verb, named);
    if (!run && stored.owner) await journal.wish(id, { verb, host, by: around.actor.name });
    else await this.#driven.act(journal, id, stored.plan.hash, verb, named);
  }

  #refuseUnapproved({ plan, progress }: StoredChange): void {
    // A change that was begun before its cluster was protected was approved by nobody, and may be brought to its end.
    if (!this.#options.isProtected() || (progress.state !== 'planned' && progress.approvals.length === 0)) return;
    if (progress.approvals.some(({ by, hash }) => hash === plan.hash && by !== plan.by)) return;
    throw fail('refused', 'this cluster is protected: a second person has to approve the plan first');
  }

  #read(news: StoreNews): void {
    for (const id of this.#mirror.take(news)) {
      this.#publish(id);
    }
  }

  #publishNow(id: string, now: number): void {
    this.#stale.delete(id);
    const stored = this.#mirror.stored(id);
    this.applied.take(id, stored);
    if (!stored) {
      this.#options.around.records.remove('change', id);
      this.#nextAt.delete(id);
      return;
    }
    publishChange(this.#options.around.records, stored, this.#driven.run(id), this.#options.isProtected());
    this.#nextAt.set(id, now + stored.hosts.size * publishHostMs);
    void this.#driven.grant(id, stored.wishes);
  }

  #publish(id: string): void {
    this.#stale.add(id);
  }

  /** The whole plan, and what each host wrote down. */
  async read(id: string): Promise<{ plan: ChangePlan; hosts: HostChange[] }> {
    const stored = await this.#need().load(id, 'as-it-is');
    return { plan: stored.plan, hosts: [...(this.#driven.run(id)?.hosts ?? withWaiting(stored)).values()] };
  }

  async host(id: string, host: string): Promise<Pick<HostChange, 'evidence'>> {
    const found = (this.#driven.run(id)?.hosts ?? (await this.#need().load(id, 'as-it-is')).hosts).get(host);
    return { evidence: found?.evidence ?? [] };
  }

  async #note(plan: ChangePlan, verb: ChangeVerb, hosts: readonly string[]): Promise<void> {
    const { around } = this.#options;
    await around.activity.add({
      at: around.now(),
      actor: around.actor.name,
      cluster: around.cluster,
      host: hosts.length === 1 ? (hosts[0] ?? '') : '',
      kind: 'change',
      what: `${verb} ${plan.title}`,
      command: '',
      exitCode: null,
      durationMs: null,
      outcome: 'ok',
      detail: `change ${plan.id}, plan ${plan.hash}${hosts.length > 1 ? `\n${hosts.join(' ')}` : ''}`,
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
