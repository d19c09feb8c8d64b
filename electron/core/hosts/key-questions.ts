import type { HostKeyQuestion } from '#shared/contract/cluster.ts';
import type { RecordedKey, SeenKey } from '../ssh/dial-error.ts';
import { placeOf } from '../ssh/dial.ts';
import type { Reach } from './hosts.ts';
import type { KnownKeys } from './known-keys.ts';

export interface KeyQuestionEvents {
  keyQuestion(question: HostKeyQuestion): void;
  keySettled(subject: string): void;
  /** Links that wait for this subject's key may be tried again. */
  resolved(subject: string): void;
  declined(subject: string, reason: string): void;
}

interface Open {
  readonly question: HostKeyQuestion;
  readonly reach: Reach;
  readonly seen: SeenKey;
}

/** Host keys that a person has to judge. A subject is a host's name, or the place of a jump host that is none. */
export class KeyQuestions {
  readonly #known: KnownKeys;
  readonly #events: KeyQuestionEvents;
  readonly #open = new Map<string, Open>();

  constructor(known: KnownKeys, events: KeyQuestionEvents) {
    this.#known = known;
    this.#events = events;
  }

  ask(subject: string, reach: Reach, seen: SeenKey, known: readonly RecordedKey[], at: number): void {
    const before = this.#open.get(subject);
    if (before?.question.fingerprint === seen.fingerprint && before.question.known.length === known.length) return;
    const question: HostKeyQuestion = {
      host: subject,
      address: placeOf(reach),
      type: seen.type,
      fingerprint: seen.fingerprint,
      known: known.map((key) => ({ ...key })),
      seenAt: at,
    };
    this.#open.set(subject, { question, reach, seen });
    this.#events.keyQuestion(question);
  }

  /** Appends the keys asked about; returns how many. Changed keys and other fingerprints are left as they are. */
  async accept(keys: readonly { host: string; fingerprint: string }[]): Promise<number> {
    let accepted = 0;
    for (const { host, fingerprint } of keys) {
      const open = this.#open.get(host);
      if (!open || open.question.fingerprint !== fingerprint || open.question.known.length > 0) continue;
      const verdict = await this.#known.judge(open.reach, open.seen);
      if (verdict.verdict === 'unknown') await this.#known.append(open.reach, open.seen);
      else if (verdict.verdict !== 'known') continue;
      accepted++;
      this.settle(host);
      this.#events.resolved(host);
    }
    await this.#settleKnown();
    return accepted;
  }

  refuse(subjects: readonly string[]): void {
    for (const subject of subjects) {
      const open = this.#open.get(subject);
      if (!open) continue;
      this.settle(subject);
      this.#events.declined(
        subject,
        `The key ${open.question.fingerprint} was not accepted; connect to be asked again`,
      );
    }
  }

  /** The question is no longer open. */
  settle(subject: string): void {
    if (this.#open.delete(subject)) this.#events.keySettled(subject);
  }

  /** One accepted key may answer other questions: two hosts behind one name. */
  async #settleKnown(): Promise<void> {
    for (const [subject, open] of this.#open) {
      const verdict = await this.#known.judge(open.reach, open.seen);
      if (verdict.verdict !== 'known') continue;
      this.settle(subject);
      this.#events.resolved(subject);
    }
  }
}
