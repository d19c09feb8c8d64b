import type { WebSocket } from 'ws';
import type { Scope } from '#core/lib/scope.ts';
import { maxMessageChars } from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';

const pingMs = 10_000;
/** A view that lets this many bytes pile up is cut off; it comes back to a fresh snapshot. More than one longest message. */
const maxQueuedBytes = 128 * 1024 * 1024;

/**
 * A Port over one WebSocket. It is closed when the scope ends, when the peer answers no ping for 10 s, sends
 * anything but text, or reads too slowly.
 */
export function portOverWebSocket(socket: WebSocket, scope: Scope): Port {
  const early: string[] = [];
  let listener: ((text: string) => void) | null = null;
  let closed: string | null = null;
  const closeListeners: ((reason: string) => void)[] = [];
  let answered = true;

  const close = (code: number, reason: string) => {
    if (closed !== null) return;
    socket.close(code, reason);
    settle(reason);
  };
  const settle = (reason: string) => {
    if (closed !== null) return;
    closed = reason;
    for (const tell of closeListeners) tell(reason);
    // A peer that never answers the closing handshake holds nothing for longer than this.
    setTimeout(() => socket.terminate(), 2_000).unref();
    void scope.end();
  };

  socket.on('message', (data, isBinary) => {
    if (closed !== null) return;
    if (isBinary) return close(1003, 'only text is understood');
    // `ws` gives text frames as Buffers, too.
    const text = (data as Buffer).toString('utf8');
    if (text.length > maxMessageChars) return close(1009, 'message too long');
    if (listener) listener(text);
    else early.push(text);
  });
  socket.on('pong', () => (answered = true));
  socket.on('error', (error) => settle(error.message));
  socket.on('close', (_code, reason) => settle(reason.toString() || 'the window went away'));
  scope.every(pingMs, () => {
    if (!answered) {
      socket.terminate();
      return settle('the window stopped answering');
    }
    answered = false;
    socket.ping();
  });
  scope.add(() => close(1001, 'the console is ending'));

  return {
    send(text) {
      if (closed !== null) return;
      if (socket.bufferedAmount > maxQueuedBytes) return close(1013, 'the window reads too slowly');
      socket.send(text);
    },
    onMessage(next) {
      listener = next;
      for (const text of early.splice(0)) next(text);
    },
    onClose(tell) {
      if (closed !== null) tell(closed);
      else closeListeners.push(tell);
    },
    close: (reason) => close(1000, reason.slice(0, 100)),
  };
}
