import { hexDigits, mix, seedOf, uuidOf } from '../world/chance.ts';
import type { HostSpec } from '../world/roster.ts';
import { chatterLines } from './chatter-lines.ts';
import { chatterOf } from './chatter.ts';

/** One entry of a host's journal. Times are the host's own. */
export interface JournalEntry {
  /** Microseconds since 1970; no two entries of a host have the same. */
  readonly atUs: number;
  readonly unit: string;
  readonly identifier: string;
  readonly pid: number;
  readonly priority: number;
  readonly message: string;
  readonly bootId: string;
  readonly cursor: string;
}

export interface JournalWish {
  /** Units whose entries count; empty for all. */
  readonly units: readonly string[];
  readonly identifier: string | null;
  /** The highest number that counts, 0..7. */
  readonly priority: number;
  readonly fromUs: number;
  readonly untilUs: number;
  /** Most entries, the newest ones. */
  readonly last: number;
  readonly fits: (entry: JournalEntry) => boolean;
}

/** A time in which the host ran. */
export interface Boot {
  readonly id: string;
  readonly fromMs: number;
  /** Null: it still runs. */
  readonly untilMs: number | null;
}

/** Who writes a unit's own lines, and until when: one that stopped says no more. */
export interface Voice {
  readonly pid: number;
  readonly untilMs: number;
}

interface Note {
  readonly atUs: number;
  readonly unit: string;
  readonly identifier: string;
  readonly pid: number;
  readonly priority: number;
  readonly message: string;
}

const keptNotes = 400;

/** A host's journal: what really happened in the simulation, among lines that are made up when they are asked for. */
export class SimulatedJournal {
  readonly #spec: HostSpec;
  readonly #boots: () => readonly Boot[];
  readonly #now: () => number;
  readonly #voiceOf: (unit: string) => Voice;
  readonly #notes: Note[] = [];
  readonly #followers = new Set<() => void>();
  #lastUs = 0;

  constructor(spec: HostSpec, boots: () => readonly Boot[], now: () => number, voiceOf: (unit: string) => Voice) {
    this.#spec = spec;
    this.#boots = boots;
    this.#now = now;
    this.#voiceOf = voiceOf;
  }

  /** Followers are told when something was noted; chatter they have to ask for. */
  follow(noted: () => void): () => void {
    this.#followers.add(noted);
    return () => void this.#followers.delete(noted);
  }

  note(unit: string, identifier: string, message: string, priority = 6, pid = 1): void {
    const atUs = Math.max(this.#now() * 1000 + (mix(message.length, this.#notes.length) % 1000), this.#lastUs + 1);
    this.#lastUs = atUs;
    this.#notes.push({ atUs, unit, identifier, pid, priority, message });
    if (this.#notes.length > keptNotes) this.#notes.splice(0, this.#notes.length - keptNotes);
    for (const noted of this.#followers) noted();
  }

  /** Entries that fit, oldest first. */
  entries(wish: JournalWish): JournalEntry[] {
    const untilUs = Math.min(wish.untilUs, this.#now() * 1000 + 999);
    const found: JournalEntry[] = [];
    const take = (note: Note) => {
      const boot = this.#bootAt(note.atUs / 1000);
      if (!boot || note.atUs < wish.fromUs || note.atUs > untilUs || note.priority > wish.priority) return;
      if (wish.identifier !== null && note.identifier !== wish.identifier) return;
      const entry = { ...note, bootId: boot.id, cursor: cursorOf(this.#spec, note, boot) };
      if (wish.fits(entry)) found.push(entry);
    };
    const counts = (unit: string) => wish.units.length === 0 || wish.units.includes(unit);
    for (const note of this.#notes) if (counts(note.unit)) take(note);
    for (const chatter of chatterOf(this.#spec.release.family, this.#spec.role)) {
      if (!counts(chatter.unit)) continue;
      const fromMs = Math.max(wish.fromUs / 1000, this.#boots()[0]?.fromMs ?? 0);
      const voice = this.#voiceOf(chatter.unit);
      // Lines of a filter that fits few of them must be looked for among more.
      const count = Math.min(5000, wish.last * 4 + 50);
      for (const line of chatterLines(
        chatter,
        this.#spec.seed,
        fromMs,
        Math.min(untilUs / 1000, voice.untilMs),
        count,
      )) {
        take({ ...line, atUs: line.atMs * 1000 + (seedOf(line.unit, line.atMs >>> 3) % 1000), pid: voice.pid });
      }
    }
    found.sort((a, b) => a.atUs - b.atUs);
    return found.slice(-wish.last);
  }

  #bootAt(atMs: number): Boot | null {
    return this.#boots().find(({ fromMs, untilMs }) => atMs >= fromMs && (untilMs === null || atMs <= untilMs)) ?? null;
  }
}

/** The opaque place of an entry, of which only its time is ever read back. */
function cursorOf(spec: HostSpec, note: Note, boot: Boot): string {
  const sinceBootUs = Math.max(0, note.atUs - boot.fromMs * 1000);
  const hex = (value: number) => Math.floor(value).toString(16);
  const id = uuidOf(spec.seed ^ 0x10).replaceAll('-', '');
  const check = hexDigits(seedOf(note.message, spec.seed), 16);
  return `s=${id};i=${hex(note.atUs % 0x1000_0000)};b=${boot.id.replaceAll('-', '')};m=${hex(sinceBootUs)};t=${hex(note.atUs)};x=${check}`;
}

/** When the entry of a cursor was written, microseconds; null for what is no cursor. */
export function timeOfCursor(cursor: string): number | null {
  const hex = /(?:^|;)t=([0-9a-f]{1,14})(?:;|$)/.exec(cursor)?.[1];
  return hex ? Number.parseInt(hex, 16) : null;
}
