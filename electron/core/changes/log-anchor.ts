import { z } from 'zod';
import { epochMs } from '#shared/contract/ids.ts';
import { fail, toProblem } from '#shared/contract/problem.ts';
import type { Log } from '../lib/log.ts';
import type { ActivityLog } from '../storage/activity-log.ts';
import type { JournalStore } from './journal-store.ts';

const anchor = z.object({
  v: z.literal(1),
  by: z.string(),
  seq: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: epochMs,
});

export interface LogAnchorOptions {
  readonly activity: ActivityLog;
  readonly by: string;
  readonly now: () => number;
  readonly log: Log;
  /** In observe mode nothing is written, in etcd neither. */
  readonly mayWrite: () => boolean;
}

/**
 * Keeps in the cluster's etcd up to where the activity log of this console goes: who cuts off its end, and writes anew what
 * stands beside it on the disk, is found out when the log is next compared.
 */
export class LogAnchor {
  readonly #options: LogAnchorOptions;
  #store: JournalStore | null = null;
  #compared = false;
  #kept = 0;
  #busy = false;

  constructor(options: LogAnchorOptions) {
    this.#options = options;
  }

  /** Where it is kept from now on; this console's own disk is no better a place than the log's. */
  use(store: JournalStore): void {
    this.#store = store.kind === 'etcd' ? store : null;
    this.#compared = false;
    this.#kept = 0;
  }

  /** Compares once, then writes down what was added since; to be called now and then. */
  async keep(): Promise<void> {
    const store = this.#store;
    if (!store || this.#busy) return;
    this.#busy = true;
    try {
      await this.#keepIn(store);
    } catch (error) {
      this.#options.log.debug('the end of the activity log was not kept in etcd', { error: toProblem(error).message });
    } finally {
      this.#busy = false;
    }
  }

  async #keepIn(store: JournalStore): Promise<void> {
    const { activity, by, now, mayWrite } = this.#options;
    const { end } = activity;
    if (!end) return;
    const key = `logs/${end.log}`;
    if (!this.#compared) {
      const known = await store.get(key);
      if (known) activity.hold(read(known.value));
      if (store === this.#store) this.#compared = true;
      // What does not hold together is not written over what tells so.
      if (activity.end === null) return;
    }
    const { seq, hash } = end;
    if (seq <= this.#kept || !mayWrite()) return;
    await activity.settled();
    await store.commit([], [{ put: key, value: JSON.stringify({ v: 1, by, seq, hash, at: now() }) }]);
    if (store === this.#store) this.#kept = seq;
  }
}

function read(text: string): z.infer<typeof anchor> {
  try {
    return anchor.parse(JSON.parse(text));
  } catch {
    throw fail('protocol', 'what etcd holds of the activity log is something else');
  }
}
