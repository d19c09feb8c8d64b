import type { Port } from '#shared/wire/port.ts';

/** What the preload script puts on `window.quarterdeck.port`; the first message after a close opens a new line. */
export interface ElectronPort {
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
  onClose(listener: (reason: string) => void): void;
}

declare global {
  interface Window {
    readonly quarterdeck?: { readonly port?: ElectronPort };
  }
}

/** A Port over the one the preload script exposes; closing it only stops listening, the line ends with the page. */
export function openElectronPort(exposed: ElectronPort): Port {
  let closed = false;
  return {
    send(text) {
      if (!closed) exposed.send(text);
    },
    onMessage(listener) {
      exposed.onMessage((text) => {
        if (!closed) listener(text);
      });
    },
    onClose(listener) {
      exposed.onClose((reason) => {
        if (!closed) listener(reason || 'the core of the console has stopped');
      });
    },
    close() {
      closed = true;
    },
  };
}
