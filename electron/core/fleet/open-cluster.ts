import type { ClusterMode } from '#shared/contract/cluster.ts';
import type { EtcdCluster, EtcdMember } from '#shared/contract/etcd.ts';
import type { HostMaintenance } from '#shared/contract/host.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { Subject } from '#shared/contract/streams.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { AskRuns } from '../ask/ask-runs.ts';
import { Changes } from '../changes/changes.ts';
import { etcdJournalStore } from '../changes/etcd-journal-store.ts';
import type { JournalStore } from '../changes/journal-store.ts';
import { openLocalJournalStore } from '../changes/local-journal-store.ts';
import type { Cluster } from '../clusters/cluster-store.ts';
import { DocumentPlace } from '../documents/document-place.ts';
import { Documents } from '../documents/documents.ts';
import type { EtcdConnection } from '../etcd/connect-etcd.ts';
import type { Hosts, HostSpec, Looking, StartHosts } from '../hosts/hosts.ts';
import type { Log } from '../lib/log.ts';
import { Scope } from '../lib/scope.ts';
import type { Vault } from '../lib/vault.ts';
import { ClusterLocks } from '../providers/reboot-locks/cluster-locks.ts';
import type { StreamSink, StreamSource } from '../session/streams.ts';
import type { ActivityLog } from '../storage/activity-log.ts';
import type { Actor } from './actor.ts';
import { EtcdView } from './etcd-view.ts';
import { KeyQuestions } from './key-questions.ts';
import { Looks } from './looks.ts';
import type { MaintenanceMarks } from './maintenance.ts';
import { Prompts } from './prompts.ts';
import { Records } from './records.ts';
import { openStream } from './stream-sources.ts';
import { FleetVitals } from './vitals.ts';

export interface OpenClusterOptions {
  readonly startHosts: StartHosts;
  readonly vault: Vault;
  readonly log: Log;
  readonly activity: ActivityLog;
  readonly actor: Actor;
  readonly maintenance: MaintenanceMarks;
  readonly now: () => number;
  /** Where the journal of changes is kept when the cluster has no etcd. */
  readonly journalFile: string;
}

/** Below it lies everything that Quarterdeck keeps in a cluster's etcd. */
const journalRoot = '/quarterdeck/v1/';

const handshakes = 24;
const assessEveryMs = 50;
const reassessAllEveryMs = 2_000;

/** One cluster being watched: its records, its hosts' links, its etcd, and what runs on it. Shared by all sessions that look at it. */
export class OpenCluster {
  readonly records = new Records();
  readonly hosts: Hosts;
  readonly prompts: Prompts;
  readonly keys: KeyQuestions;
  readonly asks: AskRuns;
  readonly changes: Changes;
  readonly documents: Documents;
  readonly locks: ClusterLocks;
  readonly around: ActionSurroundings;
  readonly vitals: FleetVitals;
  readonly #options: OpenClusterOptions;
  readonly #scope: Scope;
  readonly #looks: Looks;
  readonly #etcd: EtcdView;
  readonly #place: DocumentPlace;
  #cluster: Cluster;
  #viewers = 0;
  #journal: Scope | null = null;

  constructor(cluster: Cluster, options: OpenClusterOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.#scope = new Scope(`cluster ${cluster.entry.id}`);
    const { records } = this;
    records.publish('cluster', '', 'keys', []);
    records.publish('cluster', '', 'prompts', []);
    this.vitals = new FleetVitals(records, options.now);
    this.prompts = new Prompts(options.vault, options.log, (prompts) =>
      records.publish('cluster', '', 'prompts', prompts),
    );
    this.keys = new KeyQuestions((questions) => records.publish('cluster', '', 'keys', questions));
    this.hosts = options.startHosts(
      { knownHostsFiles: cluster.knownHostsFiles, handshakes },
      {
        section: (host, section, value) => {
          if (!records.get('host', host, 'identity')) return;
          const linkBefore = records.get('host', host, 'link')?.state;
          records.publish('host', host, section, value);
          // A host is never called healthy for longer than its link is up.
          if (section === 'link' && value.state !== linkBefore) this.#assess([host]);
          else if (section === 'load') this.vitals.sample(host, value);
          else this.vitals.touch(host);
        },
        keyQuestion: (question) => this.keys.ask(question),
        keySettled: (host) => this.keys.settled(host),
        prompt: (prompt, secretName) =>
          this.prompts.ask(prompt, secretName, (answers) => this.hosts.answerPrompt(prompt.id, answers)),
        promptGone: (id) => this.prompts.gone(id),
        fault: (what) => options.log.error('a fault in the thread of the connections', { cluster: this.id, what }),
      },
    );
    this.#scope.add(() => this.hosts.end());
    this.#looks = new Looks((looking) => this.hosts.look(looking));
    this.around = {
      cluster: cluster.entry.id,
      mode: () => this.mode,
      records,
      hosts: this.hosts,
      activity: options.activity,
      actor: options.actor,
      now: options.now,
      signal: this.#scope.signal,
    };
    this.asks = new AskRuns(this.around);
    this.#scope.add(() => this.asks.endAll());
    const addressesOf = (host: string) => records.get('host', host, 'facts')?.addresses ?? [];
    this.changes = new Changes({
      around: this.around,
      scope: this.#scope,
      log: options.log,
      isProtected: () => this.#cluster.entry.protected,
    });
    this.documents = new Documents({
      around: this.around,
      scope: this.#scope,
      history: (path) => this.changes.history(path),
    });
    this.#place = new DocumentPlace({
      documents: this.documents,
      scope: this.#scope,
      log: options.log,
      mayWrite: () => this.mode === 'operate',
    });
    this.locks = new ClusterLocks({ around: this.around, scope: this.#scope, log: options.log });
    this.#etcd = new EtcdView(
      this.#scope,
      options,
      this.prompts,
      addressesOf,
      (etcd) => this.#etcdChanged(etcd),
      (etcd) => {
        this.locks.use(etcd);
        this.#keepJournal(etcd);
      },
    );
    this.#apply();
    this.#scope.every(assessEveryMs, () => this.#assess('touched'));
    this.#scope.every(reassessAllEveryMs, () => {
      for (const host of options.maintenance.expire(options.now())) this.#publishMaintenance(host);
      this.#assess('all');
    });
  }

  get id(): string {
    return this.#cluster.entry.id;
  }

  get name(): string {
    return this.#cluster.entry.name;
  }

  get mode(): ClusterMode {
    return this.#cluster.entry.mode;
  }

  /** The cluster file changed: hosts come, go or are reached differently; the rest is left alone. */
  update(cluster: Cluster): void {
    this.#cluster = cluster;
    this.#apply();
  }

  setViewers(viewers: number): void {
    this.#viewers = viewers;
    this.#publishAbout();
  }

  /** A change is driven from here: the cluster must not be closed for want of viewers. */
  get busy(): boolean {
    return this.changes.driving;
  }

  /** What one session looks at; null when it left. */
  look(session: string, looking: Looking | null): void {
    this.#looks.set(session, looking);
  }

  openStream(subject: Subject, sink: StreamSink): StreamSource {
    if (!this.records.get('host', subject.host, 'identity'))
      throw fail('not-found', `${subject.host} is not a host of this cluster`, { host: subject.host });
    return openStream(this, subject, sink);
  }

  /** Marks hosts as down on purpose, or (null) lifts it. */
  async setMaintenance(hosts: readonly string[], mark: HostMaintenance | null): Promise<void> {
    await this.#options.maintenance.set(hosts, mark);
    for (const host of hosts) this.#publishMaintenance(host);
    this.#assess('touched');
  }

  /** Ends links, watches and running asks; resolves when all of it is closed. */
  end(): Promise<void> {
    return this.#scope.end();
  }

  #apply(): void {
    const { hosts } = this.#cluster;
    const names = new Set(hosts.map(({ name }) => name));
    for (const gone of this.records.ids('host').filter((host) => !names.has(host))) {
      this.records.remove('host', gone);
      this.vitals.forget(gone);
    }
    for (const { name, address, port, user, jumps, labels } of hosts) {
      const jump = jumps.map((reach) => `${reach.user}@${reach.address}:${reach.port}`);
      this.records.publish('host', name, 'identity', { name, address, port, user, jump, labels: { ...labels } });
      this.#publishMaintenance(name);
    }
    this.#publishAbout();
    this.hosts.configure(hosts.map(({ labels: _labels, ...spec }): HostSpec => spec));
    this.#place.folder(this.#cluster.documentsFolder);
    this.#etcd.configure(this.#cluster.etcd, hosts);
    this.#assess('all');
  }

  #publishAbout(): void {
    const { entry, thresholds } = this.#cluster;
    const { hosts: _hosts, ...about } = entry;
    this.records.publish('cluster', '', 'about', { ...about, thresholds, viewers: Math.max(0, this.#viewers - 1) });
  }

  #publishMaintenance(host: string): void {
    const mark = this.#options.maintenance.get(host);
    if (mark) this.records.publish('host', host, 'maintenance', mark);
    else this.records.drop('host', host, 'maintenance');
    this.vitals.touch(host);
  }

  /** Where changes are written down: in the cluster's etcd, else on this console's disk. */
  #keepJournal(etcd: EtcdConnection | null): void {
    const { journalFile, log, now } = this.#options;
    const before = this.#journal;
    const mine = this.#scope.child('journal of changes');
    this.#journal = mine;
    before?.end().catch((error: unknown) => log.warn('a journal did not close cleanly', { error: String(error) }));
    if (etcd) {
      this.#useJournal(etcdJournalStore(etcd, journalRoot));
      return;
    }
    openLocalJournalStore(journalFile, mine, now).then(
      (store) => {
        if (!mine.ended) this.#useJournal(store);
      },
      (error: unknown) => {
        if (mine.ended) return;
        log.error(toProblem(error).message, { cluster: this.id });
        this.changes.useNone(toProblem(error));
        this.#place.journal(null, toProblem(error));
      },
    );
  }

  #useJournal(store: JournalStore): void {
    this.changes.use(store);
    this.#place.journal(store);
  }

  #etcdChanged(etcd: EtcdCluster): void {
    this.records.publish('cluster', '', 'etcd', etcd);
    for (const { host } of etcd.members) if (host !== null) this.vitals.touch(host);
  }

  #assess(which: 'touched' | 'all' | readonly string[]): void {
    const members = new Map<string, EtcdMember>();
    for (const member of this.records.get('cluster', '', 'etcd')?.members ?? [])
      if (member.host !== null) members.set(member.host, member);
    this.vitals.assess(which, this.#cluster.thresholds, (host) => members.get(host) ?? null);
  }
}
