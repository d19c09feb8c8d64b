import { createHmac, randomBytes } from 'node:crypto';
import { fail } from '#shared/contract/problem.ts';
import { openTokens, secretTokens } from '#shared/lib/secret-tokens.ts';
import { findSecrets } from './find-secrets.ts';

const mostSecrets = 20_000;

/**
 * Puts tokens in place of secrets in whatever leaves the core, and takes them back in whatever comes in, so that a text can be
 * read, compared, edited and applied without its secrets ever being in the window. Tokens hold for as long as the core runs.
 */
export class SecretVeil {
  readonly #key = randomBytes(32);
  /** The ones seen last are at the end. */
  readonly #values = new Map<string, string>();

  /** The value with every text in it veiled; the same value when there is nothing to veil. */
  veil<T>(value: T): T {
    return mapTexts(value, (text) => this.#veilText(text));
  }

  /** The value with every token in it opened; `invalid-input` for a token that this core did not make or no longer knows. */
  unveil<T>(value: T): T {
    return mapTexts(value, (text) => {
      for (const token of secretTokens(text)) this.#need(token);
      return openTokens(text, this.#values);
    });
  }

  /** What these tokens stand for. */
  reveal(tokens: readonly string[]): Record<string, string> {
    return Object.fromEntries(tokens.map((token) => [token, this.#need(token)]));
  }

  #need(token: string): string {
    const value = this.#values.get(token);
    if (value !== undefined) return value;
    throw fail('invalid-input', `what ${token} stands for is not known here any more`, {
      hint: 'Read the text again, or write the secret itself in its place.',
    });
  }

  #veilText(text: string): string {
    let veiled = '';
    let done = 0;
    for (const { start, end } of findSecrets(text)) {
      veiled += text.slice(done, start) + this.#tokenOf(text.slice(start, end));
      done = end;
    }
    return done === 0 ? text : veiled + text.slice(done);
  }

  #tokenOf(secret: string): string {
    const token = `⟦secret ${createHmac('sha256', this.#key).update(secret).digest('hex').slice(0, 12)}⟧`;
    this.#values.delete(token);
    this.#values.set(token, secret);
    if (this.#values.size > mostSecrets) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    return token;
  }
}

/** Goes through objects and lists; what holds no text that changes is kept as it is. */
function mapTexts<T>(value: T, map: (text: string) => string): T {
  if (typeof value === 'string') return map(value) as T;
  if (Array.isArray(value)) {
    const mapped = value.map((one: unknown) => mapTexts(one, map));
    return mapped.some((one, at) => one !== value[at]) ? (mapped as T) : value;
  }
  if (value === null || typeof value !== 'object') return value;
  let changed = false;
  const mapped = Object.fromEntries(
    Object.entries(value).map(([name, one]: [string, unknown]) => {
      const next = mapTexts(one, map);
      changed ||= next !== one;
      return [name, next];
    }),
  );
  return changed ? (mapped as T) : value;
}
