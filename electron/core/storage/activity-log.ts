import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { activityEntry, type ActivityEntry } from '#shared/contract/activity.ts';
import { readJson, writeAtomically } from './json-file.ts';

export type ActivityDraft = Omit<ActivityEntry, 'seq' | 'hash'>;

const start = '0'.repeat(64);
const headOf = (file: string) => `${file}.head`;

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

/** Up to where the log goes, kept beside it: of a log that ends earlier, its last lines were cut off. */
const logHead = z.object({ v: z.literal(1), seq: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type LogHead = Pick<z.infer<typeof logHead>, 'seq' | 'hash'>;

/** The place in the list, from 1, where a log parts from what is known of its end; null where it does not. */
function partsAt(entries: readonly ActivityEntry[], { seq, hash }: LogHead): number | null {
  const at = entries.findIndex((entry) => entry.seq >= seq);
  if (at < 0) return entries.length + 1;
  return entries[at]?.seq === seq && entries[at].hash === hash ? null : at + 1;
}

/** The local append-only log of what was done, one JSON line each, chained by SHA-256; its end is kept in a second file. */
export class ActivityLog {
  readonly #file: string;
  readonly #entries: ActivityEntry[];
  #brokenAt: number | null;
  readonly #listeners = new Set<() => void>();
  /** What the next entry follows. */
  #head: LogHead;
  #unwritten = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, entries: ActivityEntry[], brokenAt: number | null, head: LogHead) {
    this.#file = file;
    this.#entries = entries;
    this.#brokenAt = brokenAt;
    this.#head = head;
  }

  /** Opens (or starts) the log; a broken chain is told by `list`, never repaired. */
  static async open(file: string): Promise<ActivityLog> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const known = await readJson(headOf(file), logHead.nullable(), null);
    const { entries, brokenAt } = readChain(text);
    // A line cut short by a crash must not swallow the next one.
    if (text !== '' && !text.endsWith('\n')) await appendFile(file, '\n');
    const { seq = 0, hash = start } = entries.at(-1) ?? {};
    const parted = known && partsAt(entries, known);
    if (known === null || parted === null) return new ActivityLog(file, entries, brokenAt, { seq, hash });
    // What is added follows what is missing: the break stays to be seen for good.
    return new ActivityLog(file, entries, brokenAt ?? parted, { seq: Math.max(seq, known.seq), hash: known.hash });
  }

  /** Appends one entry; resolves when it is on disk. */
  add(draft: ActivityDraft): Promise<ActivityEntry> {
    const unhashed = { ...draft, seq: this.#head.seq + 1 };
    const entry: ActivityEntry = { ...unhashed, hash: chainHash(this.#head.hash, unhashed) };
    this.#entries.push(entry);
    this.#head = { seq: entry.seq, hash: entry.hash };
    this.#unwritten++;
    for (const listener of this.#listeners) listener();
    const written = this.#writing.then(() => appendFile(this.#file, `${JSON.stringify(entry)}\n`, { mode: 0o600 }));
    this.#writing = written
      .then(() => this.#keepHead(entry))
      .catch(() => {
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

  /** Of many entries at once, the end of the last one is kept. */
  async #keepHead({ seq, hash }: LogHead): Promise<void> {
    if (--this.#unwritten > 0) return;
    await writeAtomically(headOf(this.#file), `${JSON.stringify({ v: 1, seq, hash })}\n`);
  }

  /** Which log it is, and up to where it goes; null while nothing was written, or when it does not hold together. */
  get end(): (LogHead & { readonly log: string }) | null {
    const [first] = this.#entries;
    return first && this.#brokenAt === null ? { log: first.hash.slice(0, 32), ...this.#head } : null;
  }

  /** What somebody else knows of its end; from then on `list` tells where it parts from that. */
  hold(known: LogHead): void {
    this.#brokenAt ??= partsAt(this.#entries, known);
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
