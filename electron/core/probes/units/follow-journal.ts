import { fail, ProblemError, toProblem } from '#shared/contract/problem.ts';
import type { JournalItem } from '#shared/contract/streams.ts';
import type { JournalLine } from '#shared/contract/unit.ts';
import type { Follow, HostAccess } from '../../hosts/host-access.ts';
import { Scope } from '../../lib/scope.ts';
import { parseJournalLine } from './journal-line.ts';
import { LineReader } from './line-reader.ts';
import { journalCommand, journalComplaint } from './read-journal.ts';

export interface FollowJournalOptions {
  /**
   * Lines in the order of the journal, at most ten times a second; `dropped` counts those above the rate. The first item
   * comes as soon as journalctl runs, if need be without lines: from then on a silent journal is an empty one.
   */
  onItem(item: JournalItem): void;
  /** The journal cannot be followed any further; never called after `close`. */
  onEnd(error: ProblemError): void;
  /** Go on after this line instead of beginning with the last 50. */
  readonly afterCursor?: string;
}

/** A journal that is being followed. */
export interface JournalFollowing {
  /** Of the last line told; empty before the first. */
  readonly cursor: string;
  close(): void;
}

const firstLines = 50;
const linesPerSecond = 2000;
/** Above this the remote journalctl is held back for the rest of the second. */
const bytesPerSecond = 8 * 1024 * 1024;
const maxLineBytes = 128 * 1024;
const tellMs = 100;
const ticksPerSecond = 1000 / tellMs;
const retryMs = [1000, 2000, 5000, 10_000];
/** A journalctl that ends earlier than this by itself has failed; later it was ended by somebody and is started anew. */
const provenMs = 5000;

/**
 * Follows a unit's journal; when the connection is lost it goes on after the last line as soon as there is a new one.
 * Rejects with a ProblemError when it cannot begin.
 */
export async function followJournal(
  access: HostAccess,
  unit: string,
  options: FollowJournalOptions,
): Promise<JournalFollowing> {
  const following = new FollowedJournal(access, unit, options);
  try {
    await following.open();
  } catch (error) {
    following.close();
    throw error;
  }
  return following;
}

class FollowedJournal implements JournalFollowing {
  cursor: string;
  readonly #access: HostAccess;
  readonly #unit: string;
  readonly #options: FollowJournalOptions;
  readonly #scope: Scope;
  #lines: JournalLine[] = [];
  #dropped = 0;
  #told = false;
  #linesLeft = linesPerSecond;
  #bytesLeft = bytesPerSecond;
  #ticks = 0;
  #attempts = 0;
  #source: Follow | null = null;

  constructor(access: HostAccess, unit: string, options: FollowJournalOptions) {
    this.#access = access;
    this.#unit = unit;
    this.#options = options;
    this.cursor = options.afterCursor ?? '';
    this.#scope = new Scope(`journal ${access.host} ${unit}`);
    this.#scope.every(tellMs, () => this.#tick());
    this.#scope.add(() => this.#source?.close());
  }

  close(): void {
    void this.#scope.end();
  }

  async open(): Promise<void> {
    const from = this.cursor ? ['--no-tail', `--after-cursor=${this.cursor}`] : ['-n', String(firstLines)];
    const source = await this.#access.follow(journalCommand(this.#unit, ['-f', ...from]));
    if (this.#scope.ended) return source.close();
    const reader = new LineReader(maxLineBytes);
    const openedAt = performance.now();
    let complaint = '';
    this.#source = source;
    source.onData((chunk, stream) => {
      if (this.#scope.ended) return;
      if (stream === 'stdout') this.#take(reader, chunk, source);
      else if (complaint.length < 2000) complaint += Buffer.from(chunk).toString('utf8');
    });
    source.onEnd((end) => {
      this.#source = null;
      if (this.#scope.ended) return;
      if (end.lost || performance.now() - openedAt > provenMs) return this.#reopenLater();
      const why = journalComplaint(complaint) || `it ended with ${end.exitCode ?? end.signal}`;
      this.#end(fail('refused', `the journal cannot be followed: ${why}`, { host: this.#access.host }));
    });
  }

  #take(reader: LineReader, chunk: Uint8Array, source: Follow): void {
    this.#bytesLeft -= chunk.length;
    if (this.#bytesLeft <= 0) source.pause();
    const skipped = reader.skipped;
    for (const bytes of reader.push(chunk)) {
      if (this.#linesLeft <= 0) {
        this.#dropped++;
        continue;
      }
      // Counted whether it is a line of a journal or not, so that junk costs no more than lines.
      this.#linesLeft--;
      const line = parseJournalLine(bytes.toString('utf8'));
      if (!line) continue;
      this.#attempts = 0;
      this.#lines.push(line);
      this.cursor = line.cursor;
    }
    this.#dropped += reader.skipped - skipped;
  }

  #tell(): void {
    if (this.#lines.length === 0 && this.#dropped === 0 && (this.#told || !this.#source)) return;
    this.#told = true;
    const item = { lines: this.#lines, dropped: this.#dropped };
    this.#lines = [];
    this.#dropped = 0;
    this.#options.onItem(item);
  }

  #tick(): void {
    this.#tell();
    if (++this.#ticks % ticksPerSecond !== 0) return;
    this.#linesLeft = linesPerSecond;
    if (this.#bytesLeft <= 0) this.#source?.resume();
    this.#bytesLeft = bytesPerSecond;
  }

  #reopenLater(): void {
    const waitMs = retryMs[Math.min(this.#attempts++, retryMs.length - 1)] ?? 1000;
    this.#scope.after(waitMs, () => {
      this.open().catch((error: unknown) => {
        const problem = toProblem(error);
        // No link at this moment: there will be one again, or the follower is closed.
        if (['lost', 'unreachable', 'busy', 'timeout'].includes(problem.code)) this.#reopenLater();
        else this.#end(new ProblemError(problem));
      });
    });
  }

  #end(error: ProblemError): void {
    this.#tell();
    this.close();
    this.#options.onEnd(error);
  }
}
