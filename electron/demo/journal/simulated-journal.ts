import { hexDigits, seedOf, uuidOf } from '../world/chance.ts';
import type { HostSpec } from '../world/roster.ts';
import { type Utterance, utterances, wordsOf } from './chatter-lines.ts';
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
  /** Null: all fit. */
  readonly fits: ((entry: JournalEntry) => boolean) | null;
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

/** An entry that is only read when it is wanted. */
interface Candidate {
  readonly atUs: number;
  readonly read: () => Note;
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
    // Never before what was read already: a follower asks only for what is newer.
    const atUs = Math.max(this.#now() * 1000, this.#lastUs + 1);
    this.#lastUs = atUs;
    this.#notes.push({ atUs, unit, identifier, pid, priority, message });
    if (this.#notes.length > keptNotes) this.#notes.splice(0, this.#notes.length - keptNotes);
    for (const noted of this.#followers) noted();
  }

  /** Entries that fit, oldest first. */
  entries(wish: JournalWish): JournalEntry[] {
    const untilUs = Math.min(wish.untilUs, this.#now() * 1000 + 999);
    const candidates = [...this.#noted(wish, untilUs), ...this.#uttered(wish, untilUs)];
    candidates.sort((a, b) => b.atUs - a.atUs);
    const found: JournalEntry[] = [];
    for (const { atUs, read } of candidates) {
      if (found.length >= wish.last) break;
      const boot = this.#bootAt(atUs / 1000);
      if (!boot) continue;
      const note = read();
      if (note.priority > wish.priority) continue;
      const entry = { ...note, bootId: boot.id, cursor: cursorOf(this.#spec, note, boot) };
      if (!wish.fits || wish.fits(entry)) found.push(entry);
    }
    this.#lastUs = Math.max(this.#lastUs, found[0]?.atUs ?? 0);
    return found.reverse();
  }

  #noted({ units, identifier, fromUs }: JournalWish, untilUs: number): Candidate[] {
    return this.#notes
      .filter((note) => units.length === 0 || units.includes(note.unit))
      .filter((note) => identifier === null || note.identifier === identifier)
      .filter(({ atUs }) => atUs >= fromUs && atUs <= untilUs)
      .map((note) => ({ atUs: note.atUs, read: () => note }));
  }

  #uttered({ units, identifier, fromUs, last, priority, fits }: JournalWish, untilUs: number): Candidate[] {
    const { seed, release, role } = this.#spec;
    const fromMs = Math.max(fromUs / 1000, this.#boots()[0]?.fromMs ?? 0);
    return chatterOf(release.family, role)
      .filter((chatter) => units.length === 0 || units.includes(chatter.unit))
      .filter((chatter) => identifier === null || chatter.identifier === identifier)
      .flatMap((chatter) => {
        const { pid, untilMs } = this.#voiceOf(chatter.unit);
        // Where a filter fits few lines they must be looked for among more.
        const most = fits || priority < 6 ? 4000 : last;
        const heard = utterances(chatter, seed, fromMs, Math.min(untilUs / 1000, untilMs), most);
        return heard.map((utterance) => ({
          atUs: timeOf(utterance),
          read: () => noteOf(utterance, pid),
        }));
      })
      .filter(({ atUs }) => atUs >= fromUs && atUs <= untilUs);
  }

  #bootAt(atMs: number): Boot | null {
    return (
      this.#boots().find(({ fromMs, untilMs }) => atMs >= fromMs && (untilMs === null || atMs < untilMs + 1)) ?? null
    );
  }
}

function timeOf({ atMs, seed }: Utterance): number {
  return atMs * 1000 + (seed % 1000);
}

function noteOf(utterance: Utterance, pid: number): Note {
  const { unit, identifier } = utterance.chatter;
  return { atUs: timeOf(utterance), unit, identifier, pid, ...wordsOf(utterance) };
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
