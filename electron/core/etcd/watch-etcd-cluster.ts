import type { Scope } from '#core/lib/scope.ts';
import type { EtcdCluster } from '#shared/contract/etcd.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { callMember } from './calls.ts';
import { clusterState } from './cluster-state.ts';
import type { EtcdConnection } from './connect-etcd.ts';
import { assignEndpoints, dialable, type EndpointReading, type ListedMember } from './member-endpoints.ts';
import { isLocal, type KnownHost, urlHost } from './member-hosts.ts';
import { hexId, loginProblem, MemberReader } from './member-reading.ts';

export interface WatchClusterOptions {
  readonly scope: Scope;
  /** The inventory as it is now; `addresses` are all names and addresses that a host is known by. */
  readonly hosts: () => readonly KnownHost[];
  /** How often each member is asked, 1500 ms by default: a loss is seen within this plus the 1.5 s that an answer may take. */
  readonly everyMs?: number;
  readonly now?: () => number;
  /** Told on every reading, at most once per turn of the event loop. */
  readonly onChange: (cluster: EtcdCluster) => void;
}

/** A cluster being watched, until the scope ends. */
export interface EtcdClusterWatch {
  current(): EtcdCluster;
  /** Asks all members now. */
  refresh(): void;
}

/** Asks every member for its own status, so that one that is down, cut off or not readable is told from the others. */
export function watchEtcdCluster(connection: EtcdConnection, options: WatchClusterOptions): EtcdClusterWatch {
  const scope = options.scope.child('etcd cluster');
  const watch = new ClusterWatch(connection, options, scope);
  scope.every(options.everyMs ?? 1500, () => watch.refresh());
  watch.refresh();
  return watch;
}

class ClusterWatch implements EtcdClusterWatch {
  readonly #connection: EtcdConnection;
  readonly #options: WatchClusterOptions;
  readonly #scope: Scope;
  readonly #configured: MemberReader[];
  /** Readers of advertised addresses, by member id. */
  readonly #dialled = new Map<string, MemberReader>();
  #listed: ListedMember[] | 'refused' | null = null;
  #login: Problem | null = null;
  #listing = false;
  #loggingIn = false;
  #due = false;
  #cluster: EtcdCluster;

  constructor(connection: EtcdConnection, options: WatchClusterOptions, scope: Scope) {
    this.#connection = connection;
    this.#options = options;
    this.#scope = scope;
    this.#configured = connection.endpoints.map(
      (endpoint) => new MemberReader(endpoint, connection.session, scope, () => this.#changed()),
    );
    this.#cluster = this.#judge(null);
    scope.add(() => this.#dialled.forEach(({ endpoint }) => endpoint.close()));
    this.#changed();
  }

  current(): EtcdCluster {
    return this.#cluster;
  }

  refresh(): void {
    if (this.#scope.ended) return;
    for (const reader of [...this.#configured, ...this.#dialled.values()]) void reader.ask();
    void this.#list();
    void this.#logIn();
  }

  #readings(): EndpointReading[] {
    const configured = this.#configured.map(({ endpoint, reading }) => ({
      url: endpoint.url,
      dialledFor: null,
      reading,
    }));
    const dialled = [...this.#dialled].map(([id, { endpoint, reading }]) => ({
      url: endpoint.url,
      dialledFor: id,
      reading,
    }));
    return [...configured, ...dialled];
  }

  #judge(before: EtcdCluster | null): EtcdCluster {
    const now = (this.#options.now ?? Date.now)();
    const hosts = this.#options.hosts();
    return clusterState({ now, endpoints: this.#readings(), listed: this.#listed, login: this.#login, hosts }, before);
  }

  #changed(): void {
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => {
      this.#due = false;
      if (this.#scope.ended) return;
      const first = this.#listed === null && this.#answering() !== undefined;
      this.#cluster = this.#judge(this.#cluster);
      this.#options.onChange(this.#cluster);
      if (first) void this.#list();
    });
  }

  #answering(): MemberReader | undefined {
    return this.#configured.find(({ reading }) => reading.state === 'up');
  }

  /** The member list, from any member that answers; local to it, so that it works without quorum. */
  async #list(): Promise<void> {
    const reader = this.#answering();
    if (!reader || this.#listing) return;
    this.#listing = true;
    try {
      const { session } = this.#connection;
      const reply = await callMember(reader.endpoint, session, Date.now() + 1500, false, ({ etcd }, deadline) =>
        etcd.cluster.memberList({ linearizable: false }, { deadline }),
      );
      const listed = reply.members.slice(0, 100).map((member) => ({
        id: hexId(member.ID),
        name: member.name.slice(0, 253),
        clientUrls: member.clientURLs.slice(0, 20),
        peerUrls: member.peerURLs.slice(0, 20),
        learner: member.isLearner,
      }));
      this.#listed = listed;
      if (!this.#scope.ended) this.#dialUnserved(listed);
    } catch (error) {
      // Without the right to list, the endpoints stand for the members; their own status says what is wrong.
      this.#listed ??= 'refused';
      this.#connection.log.debug('etcd member list not read', { endpoint: reader.endpoint.url, error: String(error) });
    } finally {
      this.#listing = false;
    }
    this.#changed();
  }

  #dialUnserved(listed: readonly ListedMember[]): void {
    const urls = this.#connection.endpoints.map(({ url }) => url);
    const secure = urls.some((url) => url.startsWith('https:'));
    const local = urls.every((url) => isLocal(urlHost(url)));
    const readings = this.#readings().filter(({ dialledFor }) => dialledFor === null);
    const wanted = assignEndpoints(listed, readings).toDial;
    for (const [id, reader] of this.#dialled) {
      if (wanted.some((member) => member.id === id && member.clientUrls.includes(reader.endpoint.url))) continue;
      reader.endpoint.close();
      this.#dialled.delete(id);
    }
    for (const { id, clientUrls } of wanted) {
      const url = clientUrls.find((each) => dialable(each, secure, local));
      if (url === undefined || this.#dialled.has(id)) continue;
      const endpoint = this.#connection.endpointAt(url);
      const reader = new MemberReader(endpoint, this.#connection.session, this.#scope, () => this.#changed());
      this.#dialled.set(id, reader);
      void reader.ask();
    }
  }

  async #logIn(): Promise<void> {
    const reader = this.#answering();
    if (!reader || this.#loggingIn) return;
    this.#loggingIn = true;
    this.#login = await loginProblem(reader.endpoint, this.#connection.session);
    this.#loggingIn = false;
    this.#changed();
  }
}
