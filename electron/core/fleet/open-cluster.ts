import type { ClusterMode } from '#shared/contract/cluster.ts';
import type { EtcdCluster } from '#shared/contract/etcd.ts';
import type { HostMaintenance } from '#shared/contract/host.ts';
import { fail } from '#shared/contract/problem.ts';
import type { Subject } from '#shared/contract/streams.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import { AskRuns } from '../ask/ask-runs.ts';
import { Changes } from '../changes/changes.ts';
import { LogAnchor } from '../changes/log-anchor.ts';
import type { Cluster } from '../clusters/cluster-store.ts';
import { DocumentPlace } from '../documents/document-place.ts';
import { Documents } from '../documents/documents.ts';
import type { Hosts, HostSpec, Looking, StartHosts } from '../hosts/hosts.ts';
import type { Log } from '../lib/log.ts';
import { Scope } from '../lib/scope.ts';
import type { Vault } from '../lib/vault.ts';
import { ClusterLocks } from '../providers/reboot-locks/cluster-locks.ts';
import { downGuard } from '../reboots/down-guard.ts';
import { RebootActions } from '../reboots/reboot-actions.ts';
import { Reboots } from '../reboots/reboots.ts';
import { ClusterUpdateServer } from '../providers/update-servers/cluster-server.ts';
import type { StreamSink, StreamSource } from '../session/streams.ts';
import type { ActivityLog } from '../storage/activity-log.ts';
import { agentActs } from '../updates/agent-acts.ts';
import { AutomaticRollOuts } from '../updates/automatic-roll-outs.ts';
import { SpreadKeeper } from '../updates/spread-keeper.ts';
import { UpdateGroups } from '../updates/update-groups.ts';
import type { Actor } from './actor.ts';
import type { DisabledHosts } from './disabled-hosts.ts';
import { EtcdView } from './etcd-view.ts';
import { KeyQuestions } from './key-questions.ts';
import { KubernetesWatch } from './kubernetes-watch.ts';
import { etcdRoot, JournalPlace } from './journal-place.ts';
import { Looks } from './looks.ts';
import { Maintenance } from './maintenance/maintenance.ts';
import type { Marks } from './maintenance/marks.ts';
import { membersByHost } from './member-findings.ts';
import { Presence } from './presence.ts';
import { Prompts } from './prompts.ts';
import { Records } from './records.ts';
import { RestartWatch } from './restart-watch.ts';
import { openStream } from './stream-sources.ts';
import { ClusterUpdateService } from '../update-service/cluster-update-service.ts';
import { UpdateWatch } from './update-watch.ts';
import { FleetVitals } from './vitals.ts';

export interface OpenClusterOptions {
  readonly startHosts: StartHosts;
  readonly vault: Vault;
  readonly log: Log;
  readonly activity: ActivityLog;
  readonly actor: Actor;
  /** Which hosts are down on purpose, for a cluster without etcd. */
  readonly maintenance: Marks;
  /** By which other consoles know this one. */
  readonly consoleId: string;
  /** Which hosts are not to be connected to. */
  readonly disabled: DisabledHosts;
  readonly now: () => number;
  /** Where the journal of changes is kept when the cluster has no etcd. */
  readonly journalFile: string;
}

const handshakes = 24;
const assessEveryMs = 50;
const reassessAllEveryMs = 2_000;
const keepLogEveryMs = 3_000;

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
  readonly reboots: Reboots;
  readonly rebootActions: RebootActions;
  readonly updateServer: ClusterUpdateServer;
  readonly around: ActionSurroundings;
  readonly vitals: FleetVitals;
  readonly updates: UpdateWatch;
  readonly restarts: RestartWatch;
  readonly updateService: ClusterUpdateService;
  readonly groups: UpdateGroups;
  readonly spread: SpreadKeeper;
  readonly #scope: Scope;
  readonly #looks: Looks;
  readonly #etcd: EtcdView;
  readonly #place: DocumentPlace;
  readonly #anchor: LogAnchor;
  readonly #maintenance: Maintenance;
  readonly #disabled: DisabledHosts;
  #cluster: Cluster;
  #viewers = 0;

  constructor(cluster: Cluster, options: OpenClusterOptions) {
    this.#cluster = cluster;
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
    this.hosts.disable(options.disabled.list());
    this.#disabled = options.disabled;
    this.#scope.add(() => this.hosts.end());
    this.#looks = new Looks((looking) => {
      this.hosts.look(looking);
      this.updateServer.look(!looking.hidden);
    });
    this.around = {
      cluster: cluster.entry.id,
      mode: () => this.mode,
      records,
      hosts: this.hosts,
      activity: options.activity,
      guard: downGuard(() => this.reboots),
      actor: options.actor,
      now: options.now,
      signal: this.#scope.signal,
    };
    this.reboots = new Reboots(this.around, this.#scope, (hosts, mark) => this.setMaintenance(hosts, mark));
    this.rebootActions = new RebootActions(this.around, this.reboots, this.#scope);
    this.asks = new AskRuns(this.around);
    this.#scope.add(() => this.asks.endAll());
    const addressesOf = (host: string) => records.get('host', host, 'facts')?.addresses ?? [];
    this.changes = new Changes({
      around: this.around,
      scope: this.#scope,
      log: options.log,
      reboots: this.reboots,
      acts: agentActs(this.around),
      isProtected: () => this.#cluster.entry.protected,
      checks: () => this.#cluster.checks,
      look: (hosts) =>
        this.#looks.set('changes', hosts.length === 0 ? null : { visible: [...hosts], focus: null, hidden: false }),
      applied: (hosts) => {
        this.documents.drift.changed(hosts);
        // What an agent follows is a file: it is not to be told as it was until the next look.
        for (const host of hosts) this.updates.reread(host);
      },
    });
    this.documents = new Documents({
      around: this.around,
      scope: this.#scope,
      history: (path) => this.changes.history(path),
      applied: this.changes.applied,
      plan: async (id) => (await this.changes.read(id)).plan,
    });
    this.updates = new UpdateWatch(this.around, this.#scope, (host) => this.vitals.touch(host));
    this.restarts = new RestartWatch(this.around, this.#scope);
    void new KubernetesWatch(this.around, this.#scope);
    this.groups = new UpdateGroups(this.around, this.#scope, etcdRoot);
    this.spread = new SpreadKeeper({
      around: this.around,
      scope: this.#scope,
      log: options.log,
      groupOf: (host) => this.groups.groupOf(host),
      seen: (seen) => this.groups.tellFirstSeen(seen),
    });
    const rollOuts = new AutomaticRollOuts({
      around: this.around,
      scope: this.#scope,
      log: options.log,
      groups: this.groups,
      changes: this.changes,
      isProtected: () => this.protected,
      consoleId: options.consoleId,
    });
    this.#place = new DocumentPlace({
      documents: this.documents,
      scope: this.#scope,
      log: options.log,
      mayWrite: () => this.mode === 'operate',
    });
    this.#anchor = new LogAnchor({
      ...options,
      by: options.actor.name,
      mayWrite: () => this.mode === 'operate',
    });
    this.#maintenance = new Maintenance({
      records,
      log: options.log,
      now: options.now,
      local: options.maintenance,
      touched: (hosts) => {
        for (const host of hosts) this.vitals.touch(host);
      },
    });
    this.#scope.add(() => this.#maintenance.end());
    const { log, actor, now, consoleId } = options;
    const presence = new Presence({ records, log, actor, now, consoleId });
    this.updateService = new ClusterUpdateService({ around: this.around, scope: this.#scope, log: options.log });
    const journal = new JournalPlace({
      scope: this.#scope,
      log: options.log,
      now: options.now,
      file: options.journalFile,
      use: (store, problem) => {
        if (problem) this.changes.useNone(problem);
        else this.changes.use(store);
        if (store) this.#anchor.use(store);
        this.reboots.useNotes(store);
        this.#place.journal(store, problem);
        this.updateService.use(store, problem);
        this.groups.use(store, problem);
        this.spread.use(store);
        rollOuts.use(store);
      },
      share: (store, scope) => {
        this.#maintenance.use(store);
        presence.use(store, scope);
      },
    });
    this.locks = new ClusterLocks({ around: this.around, scope: this.#scope, log: options.log });
    this.updateServer = new ClusterUpdateServer({
      around: this.around,
      scope: this.#scope,
      log: options.log,
      prompts: this.prompts,
    });
    this.#etcd = new EtcdView(
      this.#scope,
      options,
      this.prompts,
      addressesOf,
      (etcd) => this.#etcdChanged(etcd),
      (etcd) => {
        this.locks.use(etcd);
        this.reboots.use(etcd);
        journal.etcd(etcd);
      },
    );
    this.#apply();
    this.#scope.every(assessEveryMs, () => this.#assess('touched'));
    this.#scope.every(keepLogEveryMs, () => void this.#anchor.keep());
    this.#scope.every(reassessAllEveryMs, () => {
      this.#maintenance.expire();
      this.#assess('all');
    });
  }

  get id(): string {
    return this.#cluster.entry.id;
  }

  get name(): string {
    return this.#cluster.entry.name;
  }

  /** Whether a second person has to look at what goes over several hosts. */
  get protected(): boolean {
    return this.#cluster.entry.protected;
  }

  get mode(): ClusterMode {
    return this.#cluster.entry.mode;
  }

  /** The cluster file changed: hosts come, go or are reached differently; the rest is left alone. */
  update(cluster: Cluster): void {
    this.#cluster = cluster;
    this.#apply();
  }

  /** Whether it was closed, for good. */
  get ended(): boolean {
    return this.#scope.ended;
  }

  setViewers(viewers: number): void {
    this.#viewers = viewers;
    this.#publishAbout();
  }

  /** A change, a question or a unit action is under way from here, or machines are answered: it must not be closed for want of viewers. */
  get busy(): boolean {
    const { changes, records } = this;
    return (
      changes.driving ||
      this.updateService.serving ||
      records.ids('ask').some((id) => records.get('ask', id, 'progress')?.state === 'running') ||
      records.ids('action').some((id) => records.get('action', id, 'progress')?.done === false) ||
      records.ids('update-action').some((id) => records.get('update-action', id, 'progress')?.done === false)
    );
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
    await this.#maintenance.set(hosts, mark);
    this.#assess('touched');
  }

  /** Tries now, and from now on. */
  async connect(hosts: readonly string[]): Promise<void> {
    this.hosts.connect(hosts);
    await this.#disabled.set(hosts, false);
  }

  /** Closes the links and leaves them closed until `connect`, also over restarts of this console. */
  async disable(hosts: readonly string[]): Promise<void> {
    this.hosts.disable(hosts);
    await this.#disabled.set(hosts, true);
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
      this.#maintenance.show(name);
    }
    this.#publishAbout();
    this.hosts.configure(hosts.map(({ labels: _labels, ...spec }): HostSpec => spec));
    this.#place.folder(this.#cluster.documentsFolder);
    this.updateServer.configure(this.#cluster.updateServer);
    this.#etcd.configure(this.#cluster.etcd, hosts);
    this.#assess('all');
  }

  #publishAbout(): void {
    const { entry, thresholds } = this.#cluster;
    const { hosts: _hosts, ...about } = entry;
    this.records.publish('cluster', '', 'about', { ...about, thresholds, viewers: Math.max(0, this.#viewers - 1) });
  }

  #etcdChanged(etcd: EtcdCluster): void {
    this.records.publish('cluster', '', 'etcd', etcd);
    for (const { host } of etcd.members) if (host !== null) this.vitals.touch(host);
  }

  #assess(which: 'touched' | 'all' | readonly string[]): void {
    const members = membersByHost(this.records.get('cluster', '', 'etcd'));
    this.vitals.assess(which, this.#cluster.thresholds, members);
  }
}
