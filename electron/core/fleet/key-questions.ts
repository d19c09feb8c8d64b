import type { HostKeyQuestion } from '#shared/contract/cluster.ts';

/** Host keys that wait for a person: one question per host, the newest key counts. */
export class KeyQuestions {
  readonly #open = new Map<string, HostKeyQuestion>();
  readonly #publish: (questions: HostKeyQuestion[]) => void;

  constructor(publish: (questions: HostKeyQuestion[]) => void) {
    this.#publish = publish;
  }

  ask(question: HostKeyQuestion): void {
    this.#open.set(question.host, question);
    this.#tell();
  }

  settled(host: string): void {
    if (this.#open.delete(host)) this.#tell();
  }

  get(host: string): HostKeyQuestion | null {
    return this.#open.get(host) ?? null;
  }

  #tell(): void {
    this.#publish([...this.#open.values()]);
  }
}
