import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const keptSessions = 32;

/**
 * The two secrets of `serve`. A link token is good for one thing, once: to be exchanged for a session key.
 * A session key opens everything else and travels only in the cookie. Both end with the process.
 */
export class Keys {
  readonly #random: () => string;
  readonly #sessions: Buffer[] = [];
  #token: string;

  constructor(random: () => string = () => randomBytes(32).toString('base64url')) {
    this.#random = random;
    this.#token = random();
  }

  /** The token of the link that has not been used yet. */
  get linkToken(): string {
    return this.#token;
  }

  /** A new session key when `token` is the unused link token, which is then replaced; null otherwise. */
  redeem(token: string): string | null {
    if (!timingSafeEqual(digest(token), digest(this.#token))) return null;
    this.#token = this.#random();
    const session = this.#random();
    this.#sessions.push(digest(session));
    if (this.#sessions.length > keptSessions) this.#sessions.shift();
    return session;
  }

  /** Compares with every session in constant time. */
  opens(session: string): boolean {
    const given = digest(session);
    let found = false;
    for (const known of this.#sessions) found = timingSafeEqual(given, known) || found;
    return found;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
