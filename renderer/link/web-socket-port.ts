import { maxMessageChars } from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';

/** The address of the port of the server this page came from. */
export function portUrl(page: { protocol: string; host: string }): string {
  return `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}/port`;
}

/** A Port over a WebSocket to `url`; messages sent before it is open wait for it. */
export function openWebSocketPort(url: string): Port {
  const socket = new WebSocket(url);
  const unsent: string[] = [];
  const unread: string[] = [];
  let onMessage: ((text: string) => void) | null = null;
  let onClose: ((reason: string) => void) | null = null;
  let opened = false;

  socket.addEventListener('open', () => {
    opened = true;
    for (const text of unsent.splice(0)) socket.send(text);
  });
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    const text = event.data;
    if (typeof text !== 'string' || text.length > maxMessageChars) {
      socket.close(4009, 'a message that was no text, or too long');
      return;
    }
    if (onMessage) onMessage(text);
    else unread.push(text);
  });
  socket.addEventListener('close', (event) => {
    const unreached =
      'the console does not answer; it may have been stopped, or this page may need its link opened again';
    onClose?.(opened ? event.reason || 'the connection to the console was cut' : unreached);
  });

  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else if (socket.readyState === WebSocket.CONNECTING) unsent.push(text);
    },
    onMessage(listener) {
      onMessage = listener;
      for (const text of unread.splice(0)) listener(text);
    },
    onClose(listener) {
      onClose = listener;
    },
    close(reason) {
      socket.close(1000, reason.slice(0, 100));
    },
  };
}
