import type { PatchChange } from '#shared/contract/records.ts';
import type { CoreMessage, ViewMessage } from '#shared/wire/messages.ts';
import type { Clock } from '../state/clock.ts';
import type { Replica } from '../state/replica.ts';

type Snapshot = Extract<CoreMessage, { type: 'snapshot' }>;
type SnapshotPart = Extract<CoreMessage, { type: 'snapshot-part' }>;
type Patch = Extract<CoreMessage, { type: 'patch' }>;

/** Runs a flush later (the next animation frame in a window); returns the way to call it off. */
export type Schedule = (flush: () => void) => () => void;

/** Writes snapshots and patches of one line into the replica, at most once per frame, and acknowledges what is written. */
export class ReplicaWriter {
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #schedule: Schedule;
  readonly #send: (message: ViewMessage) => void;
  #expected: number | null = null;
  /** What came of the next snapshot, or of one that never came to its end. */
  #parts: SnapshotPart[] = [];
  #waiting: Patch[] = [];
  #callOff: (() => void) | null = null;

  constructor(replica: Replica, clock: Clock, schedule: Schedule, send: (message: ViewMessage) => void) {
    this.#replica = replica;
    this.#clock = clock;
    this.#schedule = schedule;
    this.#send = send;
  }

  /** Kept for its snapshot. */
  snapshotPart(part: SnapshotPart): void {
    this.#parts.push(part);
  }

  /**
   * Written in one step with its parts; patches that were waiting are older and fall away. False, and nothing is written,
   * when a part could not be read: another snapshot was asked for then.
   */
  snapshot(message: Snapshot): boolean {
    const parts = this.#parts.filter(({ seq }) => seq === message.seq);
    this.#parts = [];
    if (parts.length !== message.parts) return false;
    this.#drop();
    this.#clock.learn(message.now);
    this.#expected = message.seq + 1;
    this.#replica.replace(
      message.seq,
      message.cluster,
      [...parts, message].flatMap(({ records }) => records),
    );
    this.#send({ type: 'ack', seq: message.seq });
    return true;
  }

  /** Waits for the next frame; a gap asks for a new snapshot instead, and patches until then are ignored. */
  patch(message: Patch): void {
    if (this.#expected === null) return;
    if (message.seq !== this.#expected) {
      this.resync(`expected patch ${this.#expected}, got ${message.seq}`);
      return;
    }
    this.#expected += 1;
    this.#clock.learn(message.now);
    this.#waiting.push(message);
    this.#callOff ??= this.#schedule(() => this.#flush());
  }

  /** Asks to start over. */
  resync(reason: string): void {
    this.#flush();
    this.#expected = null;
    this.#send({ type: 'resync', reason: reason.slice(0, 500) });
  }

  /** The line is gone: what came on it is still true and is written. */
  end(): void {
    this.#flush();
    this.#expected = null;
  }

  #flush(): void {
    const patches = this.#waiting;
    this.#drop();
    const last = patches.at(-1);
    if (!last) return;
    const changes: PatchChange[] = patches.length === 1 ? last.changes : patches.flatMap((patch) => patch.changes);
    this.#replica.apply(last.seq, changes);
    for (const { seq } of patches) this.#send({ type: 'ack', seq });
  }

  #drop(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#waiting = [];
  }
}
