import { fail } from '#shared/contract/problem.ts';
import type { Bus } from '../dbus/bus.ts';
import type { ExecOptions, ExecResult, Follow, HostAccess } from './host-access.ts';
import type { AnswerValue, FromWorker, ToWorker } from './messages.ts';

type Emit = (event: FromWorker, urgent: boolean, transfer?: readonly ArrayBuffer[]) => void;
type Message<T extends ToWorker['type']> = Extract<ToWorker, { type: T }>;

/** Runs a command over a connection of its own. */
export type ExecAnew = (host: string, command: string, options: ExecOptions) => Promise<ExecResult>;

/** Bytes of a follow that may be on their way to the main thread; then the host is made to wait. */
const followWindow = 1024 * 1024;

interface OpenFollow {
  readonly follow: Follow;
  unread: number;
  paused: boolean;
  full: boolean;
}

interface OpenBus {
  readonly bus: Bus;
  readonly matches: Map<number, () => void>;
}

/** The worker's side of HostAccess: what the main thread runs, follows and calls on hosts. */
export class ServedAccess {
  readonly #access: (host: string) => HostAccess;
  readonly #anew: ExecAnew;
  readonly #emit: Emit;
  readonly #cancels = new Map<number, AbortController>();
  readonly #follows = new Map<number, OpenFollow>();
  readonly #buses = new Map<number, OpenBus>();

  /** `access` throws ProblemError for a host that is not connected. */
  constructor(access: (host: string) => HostAccess, anew: ExecAnew, emit: Emit) {
    this.#access = access;
    this.#anew = anew;
    this.#emit = emit;
  }

  async exec(message: Message<'exec'>): Promise<AnswerValue> {
    const { id, host, command, stdin, inShell, timeoutMs, maxBytes } = message;
    const cancel = new AbortController();
    this.#cancels.set(id, cancel);
    try {
      const input = { ...(stdin === null ? {} : { stdin }), ...(inShell === null ? {} : { inShell }) };
      const options = { timeoutMs, maxBytes, signal: cancel.signal, ...input };
      const run = message.anew ? this.#anew(host, command, options) : this.#access(host).exec(command, options);
      return { of: 'exec', result: await run };
    } finally {
      this.#cancels.delete(id);
    }
  }

  cancel(id: number): void {
    this.#cancels.get(id)?.abort();
  }

  async follow({ id, host, command }: Message<'follow'>): Promise<AnswerValue> {
    const follow = await this.#access(host).follow(command);
    const open: OpenFollow = { follow, unread: 0, paused: false, full: false };
    this.#follows.set(id, open);
    // The answer leaves first; what the command already said follows it.
    setImmediate(() => {
      follow.onData((chunk, from) => {
        const copy = new Uint8Array(chunk);
        this.#emit({ type: 'follow-data', to: id, chunk: copy, from }, true, [copy.buffer]);
        open.unread += copy.length;
        if (open.unread < followWindow || open.full) return;
        open.full = true;
        follow.pause();
      });
      follow.onEnd((end) => {
        this.#follows.delete(id);
        this.#emit({ type: 'follow-end', to: id, end }, true);
      });
    });
    return { of: 'follow', to: id };
  }

  followWrite({ to, data }: Message<'follow-write'>): void {
    this.#follows.get(to)?.follow.write(data);
  }

  followRead({ to, bytes }: Message<'follow-read'>): void {
    const open = this.#follows.get(to);
    if (!open) return;
    open.unread -= bytes;
    if (!open.full || open.unread > followWindow / 2) return;
    open.full = false;
    if (!open.paused) open.follow.resume();
  }

  followControl(to: number, act: 'pause' | 'resume' | 'close'): void {
    const open = this.#follows.get(to);
    if (!open) return;
    if (act === 'close') open.follow.close();
    open.paused = act === 'pause';
    if (open.paused) open.follow.pause();
    else if (!open.full) open.follow.resume();
  }

  async bus({ id, host }: Message<'bus'>): Promise<AnswerValue> {
    const bus = await this.#access(host).bus();
    this.#buses.set(id, { bus, matches: new Map() });
    bus.onClose((reason) => {
      if (this.#buses.delete(id)) this.#emit({ type: 'bus-closed', to: id, reason }, true);
    });
    return { of: 'bus', to: id, name: bus.name };
  }

  async busCall({ to, call }: Message<'bus-call'>): Promise<AnswerValue> {
    return { of: 'bus-call', body: await this.#bus(to).bus.call(...call) };
  }

  async busMatch({ id, to, rule }: Message<'bus-match'>): Promise<AnswerValue> {
    const open = this.#bus(to);
    const forget = await open.bus.match(rule, (signal) => this.#emit({ type: 'bus-signal', to: id, signal }, true));
    open.matches.set(id, forget);
    return { of: 'bus-match', to: id };
  }

  busUnmatch({ id, to }: Message<'bus-unmatch'>): void {
    const open = this.#buses.get(to);
    open?.matches.get(id)?.();
    open?.matches.delete(id);
  }

  /** The connection stays for others; only what this user of it asked for ends. */
  busClose(to: number): void {
    const open = this.#buses.get(to);
    this.#buses.delete(to);
    for (const forget of open?.matches.values() ?? []) forget();
  }

  end(): void {
    for (const cancel of this.#cancels.values()) cancel.abort();
    for (const { follow } of this.#follows.values()) follow.close();
  }

  #bus(to: number): OpenBus {
    const open = this.#buses.get(to);
    if (!open) throw fail('lost', 'the connection to the system bus is over');
    return open;
  }
}

/** The buffers of an answer that can be handed over instead of copied. */
export function transferable(value: AnswerValue): ArrayBuffer[] {
  if (value.of !== 'exec') return [];
  const { stdout, stderr }: ExecResult = value.result;
  return [stdout, stderr].map((bytes) => bytes.buffer).filter((buffer) => buffer instanceof ArrayBuffer);
}
