import { toProblem } from '#shared/contract/problem.ts';
import type { Subject } from '#shared/contract/streams.ts';
import { streamWindowChars, type CoreMessage } from '#shared/wire/messages.ts';
import type { OpenCluster } from '../fleet/open-cluster.ts';
import type { Scope } from '../lib/scope.ts';

/** What a source of items offers: `ready` tells it that the view has room again. */
export interface StreamSource {
  ready?(): void;
  close(): void;
}

/** Where a source puts its items; false means that the view is full: fold or drop until `ready`. */
export type StreamSink = {
  item(item: unknown): boolean;
  end(problem: unknown): void;
};

const mostStreams = 32;

/** The open streams of one session, each with a window of characters granted by the view. */
export class Streams {
  readonly #say: (message: CoreMessage) => void;
  readonly #open = new Map<number, { source: StreamSource; room: number }>();

  constructor(scope: Scope, say: (message: CoreMessage) => void) {
    this.#say = say;
    scope.add(() => this.closeAll());
  }

  open(id: number, subject: Subject, cluster: OpenCluster | null): void {
    if (this.#open.has(id) || this.#open.size >= mostStreams || !cluster) {
      const message = cluster ? 'too many streams are open' : 'no cluster is open';
      this.#say({ type: 'stream-end', id, problem: { code: cluster ? 'busy' : 'not-found', message } });
      return;
    }
    const entry = { source: { close() {} } as StreamSource, room: streamWindowChars };
    this.#open.set(id, entry);
    const sink: StreamSink = {
      item: (item) => {
        if (this.#open.get(id) !== entry) return false;
        entry.room -= JSON.stringify(item).length;
        this.#say({ type: 'stream-item', id, item });
        return entry.room > 0;
      },
      end: (problem) => {
        if (this.#open.get(id) !== entry) return;
        this.#open.delete(id);
        entry.source.close();
        this.#say({ type: 'stream-end', id, problem: problem === null ? null : toProblem(problem) });
      },
    };
    try {
      entry.source = cluster.openStream(subject, sink);
    } catch (error) {
      sink.end(error);
    }
  }

  more(id: number, chars: number): void {
    const entry = this.#open.get(id);
    if (!entry) return;
    const wasFull = entry.room <= 0;
    entry.room = Math.min(streamWindowChars, entry.room + chars);
    if (wasFull && entry.room > 0) entry.source.ready?.();
  }

  close(id: number): void {
    const entry = this.#open.get(id);
    this.#open.delete(id);
    entry?.source.close();
  }

  closeAll(): void {
    for (const id of this.#open.keys()) this.close(id);
  }
}
