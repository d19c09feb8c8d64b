import { calls, type CallInput, type CallName, type CallOutput } from '#shared/contract/calls.ts';
import { fail, type Problem, ProblemError, toProblem } from '#shared/contract/problem.ts';
import type { ViewMessage } from '#shared/wire/messages.ts';

interface Pending {
  readonly name: CallName;
  readonly settle: (outcome: { output: unknown } | { problem: Problem }) => void;
}

/** The calls under way on one line; each ends in its output or in a ProblemError. */
export class PendingCalls {
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  /** Sends a call. Aborting the signal tells the core to cancel and rejects with `cancelled` at once. */
  start<N extends CallName>(
    name: N,
    input: CallInput<N>,
    send: (message: ViewMessage) => void,
    signal?: AbortSignal,
  ): Promise<CallOutput<N>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(cancelled());
        return;
      }
      const onAbort = () => {
        this.#pending.delete(id);
        send({ type: 'cancel', id });
        reject(cancelled());
      };
      const settle: Pending['settle'] = (outcome) => {
        signal?.removeEventListener('abort', onAbort);
        if ('problem' in outcome) reject(new ProblemError(outcome.problem));
        else resolve(outcome.output as CallOutput<N>);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#pending.set(id, { name, settle });
      send({ type: 'call', id, name, input });
    });
  }

  /** Settles call `id` with the core's answer, checked against the call's schema; a late answer is dropped. */
  answer(id: number, output: unknown): void {
    const pending = this.#take(id);
    if (!pending) return;
    const parsed = calls[pending.name].output.safeParse(output);
    if (parsed.success) pending.settle({ output: parsed.data });
    else
      pending.settle({ problem: { code: 'protocol', message: `${pending.name}: ${toProblem(parsed.error).message}` } });
  }

  /** Settles call `id` with what went wrong. */
  refuse(id: number, problem: Problem): void {
    this.#take(id)?.settle({ problem });
  }

  /** Fails everything under way, because the line is gone. */
  loseAll(problem: Problem): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const { settle } of all) settle({ problem });
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}

function cancelled(): ProblemError {
  return fail('cancelled', 'cancelled');
}
