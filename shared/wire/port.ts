/** One end of a two-way line of JSON texts between a view and the core; nothing else crosses it. */
export interface Port {
  send(text: string): void;
  /** At most one listener; messages that came before it was set are kept. */
  onMessage(listener: (text: string) => void): void;
  onClose(listener: (reason: string) => void): void;
  close(reason: string): void;
}
