import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { activityEntry, type ActivityEntry } from '#shared/contract/activity.ts';

export type ActivityDraft = Omit<ActivityEntry, 'seq' | 'hash'>;

const start = '0'.repeat(64);

/** The hash of an entry that follows `previous`. */
export function chainHash(previous: string, entry: Omit<ActivityEntry, 'hash'>): string {
  const { seq, at, actor, cluster, host, kind, what, command, exitCode, durationMs, outcome, detail } = entry;
  const text = JSON.stringify([
    seq,
    at,
    actor,
    cluster,
    host,
    kind,
    what,
    command,
    exitCode,
    durationMs,
    outcome,
    detail,
  ]);
  return createHash('sha256').update(previous).update(text).digest('hex');
}

/** Reads a log's text; stops counting the chain as whole at the first line that is broken or does not follow. */
export function readChain(text: string): { entries: ActivityEntry[]; brokenAt: number | null } {
  const entries: ActivityEntry[] = [];
  let previous = start;
  let brokenAt: number | null = null;
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    let entry: ActivityEntry | null = null;
    try {
      entry = activityEntry.parse(JSON.parse(line));
    } catch {
      brokenAt ??= index + 1;
      continue;
    }
    if (brokenAt === null && chainHash(previous, entry) !== entry.hash) brokenAt = index + 1;
    previous = entry.hash;
    entries.push(entry);
  }
  return { entries, brokenAt };
}

/** The local append-only log of what was done, one JSON line each, chained by SHA-256. */
export class ActivityLog {
  readonly #file: string;
  readonly #entries: ActivityEntry[];
  #brokenAt: number | null;
  readonly #listeners = new Set<() => void>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, entries: ActivityEntry[], brokenAt: number | null) {
    this.#file = file;
    this.#entries = entries;
    this.#brokenAt = brokenAt;
  }

  /** Opens (or starts) the log; a broken chain is told by `list`, never repaired. */
  static async open(file: string): Promise<ActivityLog> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const { entries, brokenAt } = readChain(text);
    // A line cut short by a crash must not swallow the next one.
    if (text !== '' && !text.endsWith('\n')) await appendFile(file, '\n');
    return new ActivityLog(file, entries, brokenAt);
  }

  /** Appends one entry; resolves when it is on disk. */
  add(draft: ActivityDraft): Promise<ActivityEntry> {
    const last = this.#entries.at(-1);
    const unhashed = { ...draft, seq: (last?.seq ?? 0) + 1 };
    const entry: ActivityEntry = { ...unhashed, hash: chainHash(last?.hash ?? start, unhashed) };
    this.#entries.push(entry);
    for (const listener of this.#listeners) listener();
    const written = this.#writing.then(() => appendFile(this.#file, `${JSON.stringify(entry)}\n`, { mode: 0o600 }));
    this.#writing = written.catch(() => {
      this.#brokenAt ??= entry.seq;
    });
    return written.then(() => entry);
  }

  /** The number of the newest entry, 0 while there is none. */
  get last(): number {
    return this.#entries.at(-1)?.seq ?? 0;
  }

  /** Tells of each entry that is added. */
  onAdded(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The entry whose hash begins so. */
  read(hash: string): ActivityEntry | null {
    return this.#entries.findLast((entry) => entry.hash.startsWith(hash)) ?? null;
  }

  /**
   * Newest first; `before` is a sequence number to page back from, `text` a plain filter over all columns, `cluster`
   * leaves the entries of that one.
   */
  list(text: string, before: number | null, limit: number, cluster?: string) {
    const wanted = text.toLowerCase();
    const entries: ActivityEntry[] = [];
    let total = 0;
    for (let i = this.#entries.length - 1; i >= 0; i--) {
      const entry = this.#entries[i];
      if (!entry || (cluster !== undefined && entry.cluster !== cluster)) continue;
      if (
        wanted &&
        !`${entry.actor} ${entry.cluster} ${entry.host} ${entry.kind} ${entry.what} ${entry.command} ${entry.outcome} ${entry.detail}`
          .toLowerCase()
          .includes(wanted)
      )
        continue;
      total++;
      if ((before === null || entry.seq < before) && entries.length < limit) entries.push(entry);
    }
    return { entries, total, chain: { ok: this.#brokenAt === null, brokenAt: this.#brokenAt } };
  }

  /** Resolves when everything added so far is on disk. */
  settled(): Promise<void> {
    return this.#writing;
  }
}
