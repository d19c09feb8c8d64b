import { fail, ProblemError } from '#shared/contract/problem.ts';
import type { AnswerValue, FromWorker, ToWorker } from './messages.ts';

interface Question {
  resolve(value: AnswerValue): void;
  reject(error: ProblemError): void;
}

type Kind = AnswerValue['of'];

/** The main thread's questions to the worker, each with its answer. */
export class Line {
  readonly #post: (message: ToWorker) => void;
  readonly #questions = new Map<number, Question>();
  #lastId = 0;
  #over: string | null = null;

  constructor(post: (message: ToWorker) => void) {
    this.#post = post;
  }

  send(message: ToWorker): void {
    if (this.#over === null) this.#post(message);
  }

  /** Rejects with the ProblemError that the worker answered. `sent` is told the question's id before any answer can come. */
  async ask<Of extends Kind>(
    of: Of,
    make: (id: number) => ToWorker,
    sent: (id: number) => void = () => {},
  ): Promise<Extract<AnswerValue, { of: Of }>> {
    if (this.#over !== null) throw fail('cancelled', this.#over);
    this.#lastId++;
    const id = this.#lastId;
    const answer = await new Promise<AnswerValue>((resolve, reject) => {
      this.#questions.set(id, { resolve, reject });
      sent(id);
      this.#post(make(id));
    });
    if (answer.of !== of) throw fail('internal', `the worker answered ${answer.of} to ${of}`);
    return answer as Extract<AnswerValue, { of: Of }>;
  }

  /** Takes answers; false for anything else. */
  receive(event: FromWorker): boolean {
    if (event.type !== 'answer' && event.type !== 'refusal') return false;
    const question = this.#questions.get(event.id);
    this.#questions.delete(event.id);
    if (event.type === 'answer') question?.resolve(event.value);
    else question?.reject(new ProblemError(event.problem));
    return true;
  }

  /** No answer will come to what was asked so far. */
  forget(reason: string): void {
    for (const question of this.#questions.values()) question.reject(fail('cancelled', reason));
    this.#questions.clear();
  }

  /** Nothing can be asked any more. */
  end(reason: string): void {
    this.#over = reason;
    this.forget(reason);
  }
}
