import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type Problem, ProblemError, toProblem } from '#shared/contract/problem.ts';
import { authServer } from './auth.ts';
import type { BusValue, MatchRule } from './bus.ts';
import { fitsMatchRule, parseMatchRule } from './match-rule.ts';
import { encodeMessage, type MessageHeader, type ReceivedMessage } from './message.ts';
import { busName } from './name-owners.ts';
import { openWire, type Wire } from './wire.ts';

/** A method call, decoded. `destination` is empty when none was given. */
export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature: string;
  readonly body: BusValue[];
}

/** The arguments of an answer; an empty one has the signature ''. */
export interface BusReply {
  readonly signature: string;
  readonly body: BusValue[];
}

/** What is served behind the bus. */
export interface BusPeerHandler {
  /** Well-known names served; all are owned by ':1.0'. */
  readonly names: readonly string[];
  /** Answers a call; a thrown busError becomes that D-Bus error, anything else org.freedesktop.DBus.Error.Failed. */
  call(call: BusCall): BusReply | Promise<BusReply>;
}

/** A signal to send; `signature` is that of `body`. */
export interface BusEmission {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature: string;
  readonly body: BusValue[];
}

/** The served side of one connection. */
export interface BusPeer {
  /** Sends a signal from ':1.0' when the other side added a match rule that fits it; else it costs nothing. */
  emit(signal: BusEmission): void;
  onClose(listener: (reason: string) => void): void;
  close(): void;
}

class BusError extends Error {
  readonly errorName: string;
  constructor(errorName: string, message: string) {
    super(message);
    this.errorName = errorName;
  }
}

/** An error that travels as a D-Bus error reply of this name. */
export function busError(errorName: string, message: string): Error {
  return new BusError(errorName, message);
}

/** Serves one client over any stream: the server's half of the handshake, the bus's own methods, then `handler`. */
export function serveBusPeer(stream: Duplex, handler: BusPeerHandler): BusPeer {
  return new ServedPeer(stream, handler);
}

const servedName = ':1.0';
const clientName = ':1.1';
/** What dbus-daemon allows one connection by default. */
const maxRules = 512;
const empty: BusReply = { signature: '', body: [] };

class ServedPeer implements BusPeer {
  readonly #guid = randomBytes(16).toString('hex');
  readonly #handler: BusPeerHandler;
  readonly #wire: Wire;
  readonly #rules: { text: string; rule: MatchRule }[] = [];
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #serial = 0;
  #closed: Problem | null = null;

  constructor(stream: Duplex, handler: BusPeerHandler) {
    this.#handler = handler;
    this.#wire = openWire(stream, authServer(this.#guid), {
      ready() {},
      message: (message) => void this.#receive(message),
      closed: (problem) => {
        this.#closed = problem;
        for (const listener of this.#closeListeners.splice(0)) listener(problem.message);
      },
    });
  }

  emit(signal: BusEmission): void {
    const { path, interface: iface, member, signature, body } = signal;
    const subject = { type: 'signal', path, interface: iface, member, arg0: () => body[0] };
    if (!this.#rules.some(({ rule }) => this.#isFromUs(rule) && fitsMatchRule(rule, subject))) return;
    this.#send({ type: 'signal', sender: servedName, path, interface: iface, member, signature }, body);
  }

  onClose(listener: (reason: string) => void): void {
    const closed = this.#closed;
    if (closed) queueMicrotask(() => listener(closed.message));
    else this.#closeListeners.push(listener);
  }

  close(): void {
    this.#wire.close({ code: 'cancelled', message: 'the served side closed the connection' });
  }

  #isFromUs(rule: MatchRule): boolean {
    return rule.sender === undefined || rule.sender === servedName || this.#handler.names.includes(rule.sender);
  }

  async #receive(message: ReceivedMessage): Promise<void> {
    const { header } = message;
    if (header.type !== 'call') return;
    const answer = { replySerial: header.serial, destination: clientName, sender: this.#answererOf(header) };
    try {
      const { signature, body } = await this.#answer({ ...header, body: message.body() });
      if (!header.noReply) this.#send({ type: 'return', ...answer, signature }, body);
    } catch (error) {
      // The bytes of the message itself were wrong: nothing that follows can be trusted.
      if (error instanceof ProblemError && error.problem.code === 'protocol') return this.#wire.close(error.problem);
      const errorName = error instanceof BusError ? error.errorName : 'org.freedesktop.DBus.Error.Failed';
      if (!header.noReply) {
        this.#send({ type: 'error', ...answer, errorName, signature: 's' }, [toProblem(error).message]);
      }
    }
  }

  #answererOf(header: MessageHeader): string {
    return header.destination === busName ? busName : servedName;
  }

  #answer(call: BusCall): BusReply | Promise<BusReply> {
    if (call.destination === busName) return this.#answerAsBus(call);
    if (call.destination !== servedName && !this.#handler.names.includes(call.destination)) {
      throw busError('org.freedesktop.DBus.Error.ServiceUnknown', `nobody is called ${call.destination} here`);
    }
    if (call.interface === 'org.freedesktop.DBus.Peer' && call.member === 'Ping') return empty;
    return this.#handler.call(call);
  }

  #answerAsBus(call: BusCall): BusReply {
    const [argument] = call.body;
    const text = typeof argument === 'string' ? argument : '';
    switch (call.member) {
      case 'Hello':
        return { signature: 's', body: [clientName] };
      case 'AddMatch':
        return this.#addRule(text);
      case 'RemoveMatch':
        return this.#removeRule(text);
      case 'GetNameOwner':
        return { signature: 's', body: [this.#ownerOf(text)] };
      case 'NameHasOwner':
        return { signature: 'b', body: [this.#names().includes(text)] };
      case 'ListNames':
        return { signature: 'as', body: [this.#names()] };
      case 'StartServiceByName':
        this.#ownerOf(text);
        return { signature: 'u', body: [2] };
      case 'GetId':
        return { signature: 's', body: [this.#guid] };
      case 'Ping':
        return empty;
      default:
        throw busError('org.freedesktop.DBus.Error.UnknownMethod', `the bus has no method ${call.member}`);
    }
  }

  #names(): string[] {
    return [busName, servedName, clientName, ...this.#handler.names];
  }

  #ownerOf(name: string): string {
    if (name === busName || name === servedName || name === clientName) return name;
    if (this.#handler.names.includes(name)) return servedName;
    throw busError('org.freedesktop.DBus.Error.NameHasNoOwner', `nobody is called ${name} here`);
  }

  #addRule(text: string): BusReply {
    const rule = parseMatchRule(text);
    if (!rule) throw busError('org.freedesktop.DBus.Error.MatchRuleInvalid', 'the rule is not understood here');
    if (this.#rules.length >= maxRules) throw busError('org.freedesktop.DBus.Error.LimitsExceeded', 'too many rules');
    this.#rules.push({ text, rule });
    return empty;
  }

  #removeRule(text: string): BusReply {
    const at = this.#rules.findIndex((known) => known.text === text);
    if (at < 0) throw busError('org.freedesktop.DBus.Error.MatchRuleNotFound', 'there is no such rule');
    this.#rules.splice(at, 1);
    return empty;
  }

  #send(header: Partial<MessageHeader> & Pick<MessageHeader, 'type'>, body: readonly BusValue[]): void {
    this.#serial = this.#serial >= 0xffff_ffff ? 1 : this.#serial + 1;
    this.#wire.send(encodeMessage({ ...header, serial: this.#serial }, body));
  }
}
