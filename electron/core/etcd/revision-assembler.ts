import type { IEvent, IWatchResponse } from 'etcd3';
import { fail } from '#shared/contract/problem.ts';
import { type EtcdKeyValue, toKeyValue } from './key-values.ts';

/** What happened to one key; a deletion carries the key only. */
export type EtcdChange =
  | { readonly type: 'put'; readonly kv: EtcdKeyValue; readonly created: boolean }
  | { readonly type: 'delete'; readonly key: Buffer };

/** Everything that one revision changed under the watched range, in etcd's order. */
export interface EtcdRevision {
  readonly revision: number;
  readonly changes: EtcdChange[];
}

/**
 * Puts events back into whole revisions: `fragment` lets etcd split one over several replies, and a revision told
 * by halves could neither be resumed nor applied. Holds at most the events of one revision.
 */
export class RevisionAssembler {
  #held: EtcdRevision | null = null;
  #last: number;

  /** `after`: the last revision already told; anything up to it is dropped, so that a resume cannot tell it twice. */
  constructor(after: number) {
    this.#last = after;
  }

  /** The revisions that this reply completes, oldest first. */
  add(reply: Pick<IWatchResponse, 'events' | 'fragment'>): EtcdRevision[] {
    const whole: EtcdRevision[] = [];
    for (const event of reply.events) {
      const change = toChange(event);
      const revision = toKeyValue(event.kv).modRevision;
      if (revision <= this.#last) continue;
      if (this.#held && revision < this.#held.revision) throw fail('protocol', 'etcd told events out of order');
      if (this.#held && revision > this.#held.revision) whole.push(this.#take(this.#held));
      this.#held ??= { revision, changes: [] };
      this.#held.changes.push(change);
    }
    if (!reply.fragment && this.#held) whole.push(this.#take(this.#held));
    return whole;
  }

  #take(held: EtcdRevision): EtcdRevision {
    this.#held = null;
    this.#last = held.revision;
    return held;
  }
}

function toChange(event: IEvent): EtcdChange {
  if (!event.kv) throw fail('protocol', 'etcd told an event without a key');
  if (event.type === 'Delete') return { type: 'delete', key: event.kv.key };
  return { type: 'put', kv: toKeyValue(event.kv), created: event.kv.create_revision === event.kv.mod_revision };
}
