import { status as codes } from '@grpc/grpc-js';
import type { IWatchResponse } from 'etcd3';
import { fail } from '#shared/contract/problem.ts';
import type { EtcdLink } from './endpoint.ts';
import { statusOf, tokenRefused } from './etcd-problem.ts';
import { headerRevision, wholeNumber } from './key-values.ts';
import { type EtcdRevision, RevisionAssembler } from './revision-assembler.ts';

export interface WatchStreamOptions {
  readonly key: Buffer;
  readonly range_end: Buffer;
  /** First revision wanted. */
  readonly from: number;
  readonly signal: AbortSignal;
  /** The member has taken the watch; nothing is told before. */
  created(): void;
  /** Called in order; an error it throws ends the stream. */
  revision(revision: EtcdRevision): void;
  /** Everything up to `revision` was told, though it held nothing for us. */
  progress(revision: number): void;
}

/** Why a stream ended, when it did not break: its start was compacted away, or the member refused the watch. */
export type WatchEnd = { readonly kind: 'compacted' } | { readonly kind: 'refused'; readonly reason: string };

const askMs = 1000;
const silentMs = 4000;

/**
 * One watch on one stream of one member. Resolves when etcd ends it, rejects when the stream breaks or stays
 * silent for 4 s (it is asked for progress every second). `hasleader` makes a member cut off from its cluster end it.
 */
export async function watchStream({ etcd }: EtcdLink, options: WatchStreamOptions): Promise<WatchEnd> {
  options.signal.throwIfAborted();
  const stream = await etcd.watchClient.watch();
  const assembler = new RevisionAssembler(options.from - 1);
  let heardAt = performance.now();
  let watchId: string | null = null;

  const take = (reply: IWatchResponse): WatchEnd | null => {
    heardAt = performance.now();
    if (reply.canceled) {
      const compacted = wholeNumber(reply.compact_revision, 'revision') > 0;
      return compacted ? { kind: 'compacted' } : { kind: 'refused', reason: reply.cancel_reason };
    }
    if (reply.created) {
      watchId = reply.watch_id;
      options.created();
      return null;
    }
    // -1 answers our own progress requests. Before 3.4.25 and 3.5.8 its revision may be ahead of events not sent yet.
    if (watchId === null || reply.watch_id !== watchId) return null;
    for (const revision of assembler.add(reply)) options.revision(revision);
    if (reply.events.length === 0 && !reply.fragment) options.progress(headerRevision(reply.header));
    return null;
  };

  let timer: NodeJS.Timeout | undefined;
  let abort = () => {};
  try {
    return await new Promise<WatchEnd>((resolve, reject) => {
      abort = () => reject(fail('cancelled', 'the watch was ended'));
      options.signal.addEventListener('abort', abort, { once: true });
      stream.on('data', (reply) => {
        try {
          const end = take(reply);
          if (end) resolve(end);
        } catch (error) {
          reject(error);
        }
      });
      stream.on('error', (error) => {
        const status = statusOf(error);
        if (status?.code === codes.UNAUTHENTICATED) resolve({ kind: 'refused', reason: tokenRefused });
        else reject(error);
      });
      stream.on('end', () => reject(fail('lost', 'etcd ended the watch stream')));
      timer = setInterval(() => {
        if (performance.now() - heardAt > silentMs) reject(fail('timeout', 'the watch stream fell silent'));
        else if (watchId !== null) stream.write({ progress_request: {} });
      }, askMs);
      timer.unref();
      stream.write({
        create_request: {
          key: options.key,
          range_end: options.range_end,
          start_revision: options.from,
          progress_notify: true,
          fragment: true,
        },
      });
    });
  } finally {
    clearInterval(timer);
    options.signal.removeEventListener('abort', abort);
    stream.on('error', () => {});
    stream.cancel();
  }
}
