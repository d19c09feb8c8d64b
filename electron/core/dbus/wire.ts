import type { Duplex } from 'node:stream';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import type { AuthSide } from './auth.ts';
import { MessageReader, type ReceivedMessage } from './message.ts';

/** A handshake line longer than this is no D-Bus. */
const maxLineBytes = 4096;
/** Unsent bytes after which the other side counts as stuck and the connection is closed. */
const maxUnsentBytes = 32 * 1024 * 1024;

/** What an open stream tells: the handshake is done, a message came, and once that it is closed and why. */
export interface WireEvents {
  ready(): void;
  message(message: ReceivedMessage): void;
  closed(problem: Problem): void;
}

/** One side of a D-Bus connection: the handshake, then whole messages. */
export interface Wire {
  /** Sends with the other bytes of this turn of the event loop in one write; ignored once closed. */
  send(bytes: Buffer): void;
  /** Ends the stream; `closed` is told with this problem. */
  close(problem: Problem): void;
}

/** Speaks one side of the handshake over any stream and then carries messages; malformed bytes close it. */
export function openWire(stream: Duplex, auth: AuthSide, events: WireEvents): Wire {
  const reader = new MessageReader();
  let handshake: Buffer | null = Buffer.alloc(0);
  let nulExpected = auth.expectsNul;
  let unsent: Buffer[] = [];
  let open = true;

  const close = (problem: Problem) => {
    if (!open) return;
    flush();
    open = false;
    stream.destroy();
    events.closed(problem);
  };
  const flush = () => {
    if (unsent.length === 0 || !open) return;
    const bytes = unsent.length === 1 && unsent[0] ? unsent[0] : Buffer.concat(unsent);
    unsent = [];
    stream.write(bytes);
    if (stream.writableLength > maxUnsentBytes) {
      close({ code: 'lost', message: 'the other side of the message bus has stopped reading' });
    }
  };
  const send = (bytes: Buffer) => {
    if (!open || bytes.length === 0) return;
    if (unsent.length === 0) queueMicrotask(flush);
    unsent.push(bytes);
  };

  /** Takes handshake lines; answers the bytes that follow it once it is done, else null. */
  const shakeHands = (chunk: Buffer): Buffer | null => {
    let held = Buffer.concat([handshake ?? chunk.subarray(0, 0), chunk]);
    if (nulExpected && held.length > 0) {
      if (held[0] !== 0) throw fail('protocol', 'the other side does not speak D-Bus');
      nulExpected = false;
      held = held.subarray(1);
    }
    for (;;) {
      const end = held.indexOf('\r\n');
      if (end > maxLineBytes || (end < 0 && held.length > maxLineBytes)) {
        throw fail('protocol', 'the other side does not speak D-Bus');
      }
      if (end < 0) break;
      const step = auth.line(held.toString('latin1', 0, end));
      held = held.subarray(end + 2);
      send(Buffer.from(step.send, 'latin1'));
      if (step.done) {
        handshake = null;
        return held;
      }
    }
    handshake = held;
    return null;
  };

  const receive = (chunk: Buffer): ReceivedMessage[] => {
    if (!handshake) return reader.push(chunk);
    const rest = shakeHands(chunk);
    if (!rest) return [];
    events.ready();
    return reader.push(rest);
  };

  stream.on('data', (chunk: Buffer) => {
    if (!open) return;
    let messages: ReceivedMessage[];
    try {
      messages = receive(chunk);
    } catch (error) {
      return close(toProblem(error));
    }
    for (const message of messages) if (open) events.message(message);
  });
  stream.on('error', (error) => close({ code: 'lost', message: `the message bus was lost: ${error.message}` }));
  const ended = () => {
    const message = handshake ? 'the message bus closed during the handshake' : 'the message bus closed the connection';
    close({ code: 'lost', message });
  };
  stream.on('end', ended);
  stream.on('close', ended);
  send(Buffer.from(auth.opening, 'latin1'));
  return { send, close };
}
