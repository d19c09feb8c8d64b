import type { Duplex } from 'node:stream';
import { fail, type Problem, ProblemError, toProblem } from '#shared/contract/problem.ts';
import { Scope } from '../lib/scope.ts';
import { authClient } from './auth.ts';
import type { Bus, BusSignal, BusValue, MatchRule } from './bus.ts';
import { fitsMatchRule, formatMatchRule } from './match-rule.ts';
import { encodeMessage, type ReceivedMessage } from './message.ts';
import { busName, busPath, NameOwners } from './name-owners.ts';
import { problemFromError } from './problem-from-error.ts';
import { openWire, type Wire } from './wire.ts';

export interface ConnectBusOptions {
  /** For the handshake, and for each call that gives no time of its own. */
  readonly timeoutMs: number;
  /** Claimed user number, or `none` (default) to be taken for the user that the bus sees on its socket. */
  readonly identity?: 'none' | (string & {});
}

interface PendingCall {
  resolve(body: BusValue[]): void;
  reject(error: Error): void;
  forgetTimer(): void;
}

/** Connects to a message bus over any stream; rejects with a ProblemError (permission, protocol, lost, timeout). The stream is the bus's from then on. */
export async function connectBus(stream: Duplex, options: ConnectBusOptions): Promise<Bus> {
  const client = new BusClient(stream, options);
  await client.hello();
  return client;
}

class BusClient implements Bus {
  name = '';
  readonly #scope = new Scope('bus');
  readonly #wire: Wire;
  readonly #timeoutMs: number;
  readonly #pending = new Map<number, PendingCall>();
  readonly #listeners = new Set<{ rule: MatchRule; on: (signal: BusSignal) => void }>();
  readonly #closeListeners: ((reason: string) => void)[] = [];
  readonly #owners = new NameOwners((member, signature, body) => this.#callBus(member, signature, body));
  #serial = 0;
  #closed: Problem | null = null;
  #arrived: ReceivedMessage[] = [];
  #held = false;

  constructor(stream: Duplex, options: ConnectBusOptions) {
    this.#timeoutMs = options.timeoutMs;
    this.#wire = openWire(stream, authClient(options.identity ?? 'none'), {
      ready() {},
      message: (message) => this.#receive(message),
      closed: (problem) => this.#settle(problem),
    });
  }

  /** Sent with the handshake: the bus reads it as soon as it has accepted us. */
  async hello(): Promise<void> {
    try {
      const [name] = await this.#callBus('Hello');
      if (typeof name !== 'string') throw fail('protocol', 'the message bus gave us no name');
      this.name = name;
    } catch (error) {
      this.#wire.close(toProblem(error));
      throw error;
    }
  }

  call(
    destination: string,
    path: string,
    iface: string,
    member: string,
    signature = '',
    body: BusValue[] = [],
    timeoutMs = this.#timeoutMs,
  ): Promise<BusValue[]> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new ProblemError(this.#closed);
      const serial = this.#nextSerial();
      const header = { type: 'call', serial, destination, path, interface: iface, member, signature } as const;
      this.#wire.send(encodeMessage(header, body));
      const forgetTimer = this.#scope.after(timeoutMs, () => {
        this.#pending.delete(serial);
        reject(fail('timeout', `${destination} did not answer ${member} within ${timeoutMs / 1000} s`));
      });
      this.#pending.set(serial, { resolve, reject, forgetTimer });
    });
  }

  async match(rule: MatchRule, on: (signal: BusSignal) => void): Promise<() => void> {
    const listener = { rule, on };
    const text = formatMatchRule(rule);
    const followed = rule.sender === undefined ? null : this.#owners.follow(rule.sender);
    this.#listeners.add(listener);
    try {
      // Both are asked for in one go; the bus answers in order, so the owner is known before the first signal.
      await Promise.all([followed, this.#callBus('AddMatch', 's', [text])]);
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
    return () => {
      if (!this.#listeners.delete(listener) || this.#closed) return;
      this.#callBus('RemoveMatch', 's', [text]).catch(() => {});
    };
  }

  onClose(listener: (reason: string) => void): void {
    const closed = this.#closed;
    if (closed) queueMicrotask(() => listener(closed.message));
    else this.#closeListeners.push(listener);
  }

  close(): void {
    this.#wire.close({ code: 'cancelled', message: 'the connection to the message bus was closed' });
  }

  #callBus(member: string, signature = '', body: BusValue[] = []): Promise<BusValue[]> {
    return this.call(busName, busPath, busName, member, signature, body);
  }

  #nextSerial(): number {
    this.#serial = this.#serial >= 0xffff_ffff ? 1 : this.#serial + 1;
    return this.#serial;
  }

  #receive(message: ReceivedMessage): void {
    this.#arrived.push(message);
    if (!this.#held) this.#work();
  }

  /**
   * Works off what arrived. After an answer the rest waits for one turn of the event loop: whoever awaited it has then
   * used it before a later signal is delivered, so that an old list never overwrites a newer change.
   */
  #work(): void {
    this.#held = false;
    const arrived = this.#arrived;
    let done = 0;
    for (const message of arrived) {
      if (this.#closed) return;
      done++;
      this.#take(message);
      if (message.header.type !== 'return' && message.header.type !== 'error') continue;
      this.#held = true;
      setImmediate(() => this.#work());
      break;
    }
    this.#arrived = arrived.slice(done);
  }

  #take(message: ReceivedMessage): void {
    const { type } = message.header;
    if (type === 'call') return this.#refuse(message);
    try {
      if (type !== 'signal') return this.#answer(message);
      this.#owners.note(message);
    } catch (error) {
      return this.#wire.close(toProblem(error));
    }
    this.#deliver(message);
  }

  #answer(message: ReceivedMessage): void {
    const pending = this.#pending.get(message.header.replySerial);
    if (!pending) return;
    const body = message.body();
    this.#pending.delete(message.header.replySerial);
    pending.forgetTimer();
    if (message.header.type === 'return') return pending.resolve(body);
    pending.reject(problemFromError(message.header.errorName, typeof body[0] === 'string' ? body[0] : ''));
  }

  #deliver(message: ReceivedMessage): void {
    const { path, interface: iface, member, sender } = message.header;
    const subject = { ...message.header, arg0: () => message.body()[0] };
    for (const { rule, on } of this.#listeners) {
      let signal: BusSignal;
      try {
        if (rule.sender !== undefined && !this.#owners.isSender(rule.sender, sender)) continue;
        if (!fitsMatchRule(rule, subject)) continue;
        signal = { path, interface: iface, member, sender, body: message.body() };
      } catch (error) {
        return this.#wire.close(toProblem(error));
      }
      on(signal);
    }
  }

  /** We offer no objects; whoever asks is told so. */
  #refuse({ header }: ReceivedMessage): void {
    if (header.noReply) return;
    this.#wire.send(
      encodeMessage(
        {
          type: 'error',
          serial: this.#nextSerial(),
          replySerial: header.serial,
          destination: header.sender,
          errorName: 'org.freedesktop.DBus.Error.UnknownObject',
          signature: 's',
        },
        ['there are no objects here'],
      ),
    );
  }

  #settle(problem: Problem): void {
    this.#closed = problem;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#listeners.clear();
    for (const call of pending) {
      call.forgetTimer();
      call.reject(new ProblemError(problem));
    }
    for (const listener of this.#closeListeners.splice(0)) listener(problem.message);
    void this.#scope.end();
  }
}
