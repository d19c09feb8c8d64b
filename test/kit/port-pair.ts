import type { Port } from '#shared/wire/port.ts';

/** Two ends of an in-memory line; messages arrive in order on later turns of the loop, like over a socket. */
export function portPair(): [Port, Port] {
  const a = new End();
  const b = new End();
  a.other = b;
  b.other = a;
  return [a, b];
}

class End implements Port {
  other: End | null = null;
  #listener: ((text: string) => void) | null = null;
  #onClose: ((reason: string) => void) | null = null;
  #kept: string[] = [];
  #closed: string | null = null;

  send(text: string): void {
    setImmediate(() => this.other?.take(text));
  }

  take(text: string): void {
    if (this.#closed !== null) return;
    if (this.#listener) this.#listener(text);
    else this.#kept.push(text);
  }

  onMessage(listener: (text: string) => void): void {
    this.#listener = listener;
    for (const text of this.#kept.splice(0)) listener(text);
  }

  onClose(listener: (reason: string) => void): void {
    this.#onClose = listener;
  }

  close(reason: string): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    setImmediate(() => this.other?.closed(reason));
    this.#onClose?.(reason);
  }

  closed(reason: string): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    this.#onClose?.(reason);
  }
}
