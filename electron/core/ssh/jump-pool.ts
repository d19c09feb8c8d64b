import type { Reach } from '../hosts/hosts.ts';
import type { SshConnection } from './ssh-connection.ts';
import { placeOf } from './dial.ts';

/** A share of a jump connection; release it when the host behind it is let go. */
export interface JumpShare {
  readonly connection: SshConnection;
  /** Places of all jumps on the way, first to last. */
  readonly via: readonly string[];
  release(): void;
}

interface Entry {
  readonly opening: Promise<SshConnection>;
  failed: boolean;
  users: number;
  idle: ReturnType<typeof setTimeout> | undefined;
}

/** Opens one machine of a chain, through the one before it. */
export type OpenJump = (reach: Reach, through: SshConnection | null, via: readonly string[]) => Promise<SshConnection>;

const lingerMs = 30_000;
/** Hundreds of hosts behind a dead jump host must not dial it hundreds of times. */
const failureHoldsMs = 3000;

/** One connection per jump chain, shared by all hosts behind it; closed half a minute after the last one left. */
export class JumpPool {
  readonly #open: OpenJump;
  readonly #entries = new Map<string, Entry>();

  constructor(open: OpenJump) {
    this.#open = open;
  }

  /** Rejects with the DialError of the machine in the chain that could not be reached. */
  async use(chain: readonly Reach[]): Promise<JumpShare | null> {
    const last = chain.at(-1);
    if (!last) return null;
    const key = JSON.stringify(chain);
    const entry = this.#entries.get(key) ?? this.#start(key, chain, last);
    entry.users++;
    if (!entry.failed) clearTimeout(entry.idle);
    const release = () => {
      entry.users--;
      if (entry.users > 0) return;
      entry.idle = setTimeout(() => this.#close(key, entry), lingerMs);
      entry.idle.unref();
    };
    try {
      const connection = await entry.opening;
      let released = false;
      return {
        connection,
        via: chain.map(placeOf),
        release: () => {
          if (!released) release();
          released = true;
        },
      };
    } catch (error) {
      entry.users--;
      throw error;
    }
  }

  /** Failed chains are dialled again by whoever asks next. */
  forgetFailures(): void {
    for (const [key, entry] of this.#entries) if (entry.failed) this.#forget(key, entry);
  }

  end(): void {
    for (const [key, entry] of this.#entries) this.#close(key, entry);
  }

  #start(key: string, chain: readonly Reach[], last: Reach): Entry {
    const before = chain.slice(0, -1);
    const opening = this.use(before).then(async (share) => {
      try {
        const connection = await this.#open(last, share?.connection ?? null, before.map(placeOf));
        connection.onClose(() => {
          share?.release();
          this.#forget(key, entry);
        });
        return connection;
      } catch (error) {
        share?.release();
        throw error;
      }
    });
    const entry: Entry = { opening, failed: false, users: 0, idle: undefined };
    this.#entries.set(key, entry);
    opening.catch(() => {
      entry.failed = true;
      entry.idle = setTimeout(() => this.#forget(key, entry), failureHoldsMs);
      entry.idle.unref();
    });
    return entry;
  }

  #forget(key: string, entry: Entry): void {
    clearTimeout(entry.idle);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #close(key: string, entry: Entry): void {
    this.#forget(key, entry);
    entry.opening.then(
      (connection) => connection.end(),
      () => {},
    );
  }
}
