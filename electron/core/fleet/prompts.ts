import type { AuthPrompt } from '#shared/contract/cluster.ts';
import { fail } from '#shared/contract/problem.ts';
import type { Log } from '../lib/log.ts';
import type { Vault } from '../lib/vault.ts';

interface Asked {
  readonly prompt: AuthPrompt;
  readonly secretName: string | null;
  readonly answer: (answers: readonly string[] | null) => void;
}

/** What a person is asked: the vault answers first, then the window; a wrong kept answer is forgotten. */
export class Prompts {
  readonly #vault: Vault;
  readonly #log: Log;
  readonly #publish: (prompts: AuthPrompt[]) => void;
  readonly #asked = new Map<string, Asked>();

  constructor(vault: Vault, log: Log, publish: (prompts: AuthPrompt[]) => void) {
    this.#vault = vault;
    this.#log = log;
    this.#publish = publish;
  }

  /** Asks; `answer` is called at most once, with null when the person declines. */
  ask(prompt: AuthPrompt, secretName: string | null, answer: (answers: readonly string[] | null) => void): void {
    void this.#fromVault(prompt, secretName).then((kept) => {
      if (kept !== null) return answer([kept]);
      this.#asked.set(prompt.id, {
        prompt: { ...prompt, canRemember: secretName !== null && this.#vault.available },
        secretName,
        answer,
      });
      this.#tell();
    });
  }

  gone(id: string): void {
    if (this.#asked.delete(id)) this.#tell();
  }

  /** A person's answers, one per field. Rejects when nothing is asked under that id any more. */
  async answer(id: string, answers: readonly string[] | null, remember: boolean): Promise<void> {
    const asked = this.#asked.get(id);
    if (!asked) throw fail('not-found', 'this question is no longer asked');
    if (answers && answers.length !== asked.prompt.fields.length) {
      throw fail('invalid-input', `${asked.prompt.fields.length} answers are needed, ${answers.length} were given`);
    }
    this.#asked.delete(id);
    this.#tell();
    const [first] = answers ?? [];
    if (remember && asked.secretName && first !== undefined && answers?.length === 1)
      await this.#vault.set(asked.secretName, first);
    asked.answer(answers);
  }

  async #fromVault(prompt: AuthPrompt, secretName: string | null): Promise<string | null> {
    if (!secretName || !this.#vault.available || prompt.fields.length !== 1) return null;
    try {
      // An error text means that the last answer was wrong: what the vault holds would only be wrong again.
      if (prompt.error !== '') {
        await this.#vault.delete(secretName);
        return null;
      }
      return await this.#vault.get(secretName);
    } catch (error) {
      this.#log.warn('the vault could not be read', { error: String(error) });
      return null;
    }
  }

  #tell(): void {
    this.#publish([...this.#asked.values()].map(({ prompt }) => prompt));
  }
}
