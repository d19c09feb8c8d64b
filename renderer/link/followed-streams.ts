import type { Problem } from '#shared/contract/problem.ts';
import { streamItems, type StreamItem, type Subject } from '#shared/contract/streams.ts';
import { streamWindowChars, type ViewMessage } from '#shared/wire/messages.ts';

/** Who follows a subject. A stream begins anew after every reconnect: `onStart` says to forget what came before. */
export interface Follower<K extends Subject['kind']> {
  onStart(): void;
  onItem(item: StreamItem<K>): void;
  /** The core ended it: with a problem, or null when there is nothing more to say. Not called after a lost line. */
  onEnd(problem: Problem | null): void;
}

interface Followed {
  readonly subject: Subject;
  readonly follower: Follower<Subject['kind']>;
  id: number | null;
  ungranted: number;
}

/** The streams a window follows; they outlive the line and are opened again on the next one. */
export class FollowedStreams {
  readonly #followed = new Set<Followed>();
  #send: ((message: ViewMessage) => void) | null = null;
  #nextId = 1;

  /** Follows a subject now or as soon as there is a line; returns the way to stop. */
  follow<S extends Subject>(subject: S, follower: Follower<S['kind']>): () => void {
    const followed: Followed = { subject, follower, id: null, ungranted: 0 };
    this.#followed.add(followed);
    this.#open(followed);
    return () => {
      if (!this.#followed.delete(followed)) return;
      if (followed.id !== null) this.#send?.({ type: 'stream-close', id: followed.id });
    };
  }

  /** A line is up: every stream begins anew. */
  begin(send: (message: ViewMessage) => void): void {
    this.#send = send;
    for (const followed of this.#followed) this.#open(followed);
  }

  /** The line is gone; streams wait for the next. */
  pause(): void {
    this.#send = null;
    for (const followed of this.#followed) followed.id = null;
  }

  /** Hands on one item; `chars` is the length of the message it came in, granted back half a window at a time. */
  item(id: number, item: unknown, chars: number): void {
    const followed = this.#find(id);
    if (!followed) return;
    const parsed = streamItems[followed.subject.kind].safeParse(item);
    if (!parsed.success) {
      this.#send?.({ type: 'stream-close', id });
      this.#finish(followed, {
        code: 'protocol',
        message: `a ${followed.subject.kind} item came that this window cannot read`,
      });
      return;
    }
    followed.follower.onItem(parsed.data);
    followed.ungranted += chars;
    if (followed.ungranted < streamWindowChars / 2) return;
    this.#send?.({ type: 'stream-more', id, chars: followed.ungranted });
    followed.ungranted = 0;
  }

  /** The core ended a stream. */
  ended(id: number, problem: Problem | null): void {
    const followed = this.#find(id);
    if (followed) this.#finish(followed, problem);
  }

  #open(followed: Followed): void {
    if (!this.#send) return;
    followed.id = this.#nextId++;
    followed.ungranted = 0;
    followed.follower.onStart();
    this.#send({ type: 'stream-open', id: followed.id, subject: followed.subject });
  }

  #finish(followed: Followed, problem: Problem | null): void {
    this.#followed.delete(followed);
    followed.follower.onEnd(problem);
  }

  #find(id: number): Followed | undefined {
    for (const followed of this.#followed) if (followed.id === id) return followed;
    return undefined;
  }
}
