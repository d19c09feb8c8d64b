import type { Prompts } from '#core/fleet/prompts.ts';
import type { Scope } from '#core/lib/scope.ts';

/** The word an update server wants: asked of a person, kept in the vault when they say so, sent to its address alone. */
export class ServerToken {
  readonly #url: string;
  readonly #prompts: Prompts;
  readonly #given: (given: boolean) => void;
  #token: string | null = null;
  #asking = false;

  /** `given` hears of every answer, false when it is of no use. */
  constructor(url: string, prompts: Prompts, scope: Scope, given: (given: boolean) => void) {
    this.#url = url;
    this.#prompts = prompts;
    this.#given = given;
    scope.add(() => prompts.gone(this.#id));
  }

  get value(): string | null {
    return this.#token;
  }

  /** Asks unless it is asked already; `refusal` says why the last one was of no use, which forgets it. */
  ask(authMode: string, refusal: string): void {
    this.#token = null;
    if (this.#asking) return;
    this.#asking = true;
    const plain = this.#url.startsWith('http:') ? ', sent unencrypted as the address is http' : '';
    this.#prompts.ask(
      {
        id: this.#id,
        kind: 'update-server-token',
        title: `Token of the update server ${this.#url}`,
        instructions: '',
        fields: [
          { label: `${authMode === 'github' ? 'Personal access token' : 'Access token'}${plain}`, secret: true },
        ],
        hosts: [this.#url],
        canRemember: true,
        error: refusal,
      },
      this.#id,
      (answers) => {
        this.#asking = false;
        // What cannot stand in a header is no token.
        const [token = ''] = answers ?? [];
        this.#token = /^[\x21-\x7e]{1,10000}$/.test(token.trim()) ? token.trim() : null;
        this.#given(this.#token !== null);
      },
    );
  }

  get #id(): string {
    return `update-server-token:${this.#url}`;
  }
}
