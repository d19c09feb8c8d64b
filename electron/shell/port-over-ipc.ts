import { maxMessageChars } from '#shared/wire/messages.ts';
import type { Port } from '#shared/wire/port.ts';
import { portChannels } from './port-channels.ts';

/** The main process's end of one page's line, with what the outside tells it. */
export interface IpcLine {
  readonly port: Port;
  /** Something came from the page; anything but a text of bearable length ends the line. */
  deliver(text: unknown): void;
  /** The page is gone or has started another line; it is not told. */
  hangUp(reason: string): void;
}

/** Makes a Port whose other end is reached by `send`. */
export function ipcLine(send: (channel: string, text: string) => void): IpcLine {
  const early: string[] = [];
  let listener: ((text: string) => void) | null = null;
  const closeListeners: ((reason: string) => void)[] = [];
  let closed: string | null = null;

  const hangUp = (reason: string) => {
    if (closed !== null) return;
    closed = reason;
    for (const tell of closeListeners) tell(reason);
  };
  const close = (reason: string) => {
    if (closed !== null) return;
    send(portChannels.close, reason);
    hangUp(reason);
  };
  return {
    port: {
      send(text) {
        if (closed === null) send(portChannels.text, text);
      },
      onMessage(next) {
        listener = next;
        for (const text of early.splice(0)) next(text);
      },
      onClose(tell) {
        if (closed !== null) tell(closed);
        else closeListeners.push(tell);
      },
      close,
    },
    deliver(text) {
      if (closed !== null) return;
      if (typeof text !== 'string' || text.length > maxMessageChars) return close('the window sent no message of ours');
      if (listener) listener(text);
      else early.push(text);
    },
    hangUp,
  };
}
