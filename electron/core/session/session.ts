import { calls, type CallInput, type CallName, type CallOutput } from '#shared/contract/calls.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { Change } from '#shared/contract/records.ts';
import {
  maxMessageChars,
  protocolVersion,
  viewMessage,
  type CoreMessage,
  type ViewMessage,
} from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';
import type { OpenCluster } from '../fleet/open-cluster.ts';
import type { Records } from '../fleet/records.ts';
import type { Looking } from '../hosts/hosts.ts';
import type { Log } from '../lib/log.ts';
import { Scope } from '../lib/scope.ts';
import type { SecretVeil } from '../secrets/secret-veil.ts';
import { Outbox } from './outbox.ts';
import { snapshotParts } from './snapshot-parts.ts';
import { Streams } from './streams.ts';

/** What a call's handler may use. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** The cluster that the session looks at; throws a Problem when none is open. */
  readonly cluster: () => OpenCluster;
}

/** One handler per call; a missing one does not compile. */
export type Handlers = { [N in CallName]: (input: CallInput<N>, context: CallContext) => Promise<CallOutput<N>> };

/** What a session needs of the core. */
export interface SessionHost {
  readonly version: string;
  readonly app: Records;
  readonly handlers: Handlers;
  /** Between the window and everything that holds texts of files. */
  readonly veil: SecretVeil;
  readonly log: Log;
  readonly now: () => number;
  /** Whether there is a cluster file of this id. */
  has(id: string): boolean;
  /** Opens a cluster (or joins it); `leave` gives it back. */
  join(id: string): { cluster: OpenCluster; leave: () => void };
}

/** One view over one Port: snapshot, patches, calls, streams. Ends with the Port; nothing it asked for outlives it, changes do. */
export class Session {
  readonly #scope: Scope;
  readonly #port: Port;
  readonly #host: SessionHost;
  readonly #id: string;
  readonly #outbox: Outbox;
  readonly #streams: Streams;
  readonly #calls = new Map<number, AbortController>();
  #joined: { cluster: OpenCluster; leave: () => void } | null = null;
  /** The cluster that the view asked for, whether it is there or not. */
  #wanted: string | null = null;
  #looking: Looking = { visible: [], focus: null, hidden: false };
  #greeted = false;

  constructor(id: string, port: Port, host: SessionHost) {
    this.#id = id;
    this.#port = port;
    this.#host = host;
    this.#scope = new Scope(`session ${id}`);
    this.#outbox = new Outbox(this.#scope, (seq, changes) =>
      this.#say({ type: 'patch', seq, now: host.now(), changes }),
    );
    this.#streams = new Streams(this.#scope, (message) => this.#say(message));
    this.#scope.add(host.app.onChange((change, hosts) => this.#push(change, hosts)));
    this.#scope.add(() => this.#leave());
    port.onClose(() => void this.end());
    port.onMessage((text) => this.#hear(text));
  }

  get scope(): Scope {
    return this.#scope;
  }

  /**
   * The cluster files changed. The view of a cluster whose file is gone is told that it looks at none; once there is a file
   * for what it asked for, it looks at that.
   */
  clustersChanged(): void {
    if (!this.#greeted || this.#wanted === null) return;
    const isThere = this.#host.has(this.#wanted);
    if (isThere === (this.#joined !== null)) return;
    this.#open(this.#wanted);
    this.#joined?.cluster.look(this.#id, this.#looking);
  }

  async end(): Promise<void> {
    if (this.#scope.ended) return;
    for (const call of this.#calls.values()) call.abort();
    await this.#scope.end();
    this.#port.close('session ended');
  }

  #say(message: CoreMessage): void {
    if (!this.#scope.ended) this.#port.send(JSON.stringify(message));
  }

  #push(change: Change, hosts: ReadonlySet<string> | null): void {
    if (this.#greeted) this.#outbox.push(change, hosts);
  }

  #hear(text: string): void {
    const message = this.#parse(text);
    if (!message) {
      this.#port.close('protocol error');
      void this.end();
      return;
    }
    if (message.type !== 'hello' && !this.#greeted) return;
    this.#handle(message);
  }

  #parse(text: string): ViewMessage | null {
    if (text.length > maxMessageChars) return null;
    try {
      return viewMessage.parse(JSON.parse(text));
    } catch (error) {
      this.#host.log.warn('a view sent something that is not a message', {
        session: this.#id,
        problem: toProblem(error).message,
      });
      return null;
    }
  }

  #handle(message: ViewMessage): void {
    switch (message.type) {
      case 'hello':
        this.#say({ type: 'welcome', protocol: protocolVersion, version: this.#host.version, session: this.#id });
        this.#greeted = message.protocol === protocolVersion;
        if (this.#greeted) this.#open(message.cluster);
        return;
      case 'open':
        return this.#open(message.cluster);
      case 'looking':
        this.#outbox.setHidden(message.hidden);
        this.#looking = { visible: message.hosts, focus: message.focus, hidden: message.hidden };
        this.#joined?.cluster.look(this.#id, this.#looking);
        return;
      case 'call':
        void this.#call(message.id, message.name, message.input);
        return;
      case 'cancel':
        this.#calls.get(message.id)?.abort();
        return;
      case 'ack':
        return this.#outbox.acknowledge(message.seq);
      case 'resync':
        this.#host.log.info('a view asked for a new snapshot', { session: this.#id, reason: message.reason });
        return this.#snapshot();
      case 'stream-open':
        return this.#streams.open(message.id, message.subject, this.#joined?.cluster ?? null);
      case 'stream-more':
        return this.#streams.more(message.id, message.chars);
      case 'stream-close':
        return this.#streams.close(message.id);
      default:
        return message satisfies never;
    }
  }

  #leave(): void {
    this.#streams.closeAll();
    this.#joined?.cluster.look(this.#id, null);
    this.#joined?.leave();
    this.#joined = null;
  }

  #open(cluster: string | null): void {
    this.#leave();
    this.#wanted = cluster;
    if (cluster !== null) {
      try {
        const joined = this.#host.join(cluster);
        const stop = joined.cluster.records.onChange((change, hosts) => this.#push(change, hosts));
        this.#joined = { cluster: joined.cluster, leave: () => (stop(), joined.leave()) };
      } catch (error) {
        // The snapshot without a cluster tells the view that it is not there; it then shows the switcher.
        this.#host.log.info('a view asked for a cluster that cannot be opened', {
          cluster,
          problem: toProblem(error).message,
        });
      }
    }
    this.#snapshot();
  }

  #snapshot(): void {
    const seq = this.#outbox.restart();
    const all = [...this.#host.app.all(), ...(this.#joined?.cluster.records.all() ?? [])];
    const { parts, rest: records } = snapshotParts(all);
    for (const part of parts) this.#say({ type: 'snapshot-part', seq, records: part });
    const cluster = this.#joined?.cluster.id ?? null;
    this.#say({ type: 'snapshot', seq, now: this.#host.now(), cluster, parts: parts.length, records });
  }

  async #call(id: number, name: string, input: unknown): Promise<void> {
    const abort = new AbortController();
    this.#calls.set(id, abort);
    try {
      if (!Object.hasOwn(calls, name)) throw fail('unsupported', `there is no call ${name}`);
      const output = await this.#dispatch(name as CallName, input, abort.signal);
      this.#say({ type: 'result', id, output });
    } catch (error) {
      const problem = abort.signal.aborted ? { code: 'cancelled' as const, message: 'cancelled' } : toProblem(error);
      if (problem.code === 'internal')
        this.#host.log.error('a call failed unexpectedly', {
          call: name,
          error: String(error instanceof Error ? error.stack : error),
        });
      this.#say({ type: 'failed', id, problem });
    } finally {
      this.#calls.delete(id);
    }
  }

  async #dispatch<N extends CallName>(name: N, input: unknown, signal: AbortSignal): Promise<CallOutput<N>> {
    const { kind, input: schema } = calls[name];
    const checked = schema.parse(input) as CallInput<N>;
    const cluster = (): OpenCluster => {
      if (!this.#joined) throw fail('not-found', 'no cluster is open', { hint: 'Choose one in the cluster switcher.' });
      return this.#joined.cluster;
    };
    // The wall that hides no button: a change is refused here whatever the window shows.
    if (kind === 'change' && cluster().mode !== 'operate') {
      throw fail('refused', `${cluster().name} is in observe mode: nothing on its hosts may be changed`, {
        hint: 'Switch the cluster to operate mode first.',
      });
    }
    if (!holdsFiles(name)) return this.#host.handlers[name](checked, { signal, cluster });
    const output = await this.#host.handlers[name](this.#host.veil.unveil(checked), { signal, cluster });
    return this.#host.veil.veil(output);
  }
}

/** Whether what goes in and comes out of a call are texts of hosts' files, whose secrets stay in the core. */
function holdsFiles(name: CallName): boolean {
  return /^(change|document|activity)\.|^host\.unit$|^unit\.files$/.test(name);
}
