const mostAddresses = 10_000;

/** So many requests at once, and so many a second after that, for each address. */
export class AddressLimits {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #left = new Map<string, { tokens: number; at: number }>();

  constructor(burst: number, perSecond: number, now: () => number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Whether one more request of it is taken. Of IPv6 a whole network of one customer counts as one. */
  take(address: string): boolean {
    const key = networkOf(address);
    const now = this.#now();
    const before = this.#left.get(key) ?? { tokens: this.#burst, at: now };
    const tokens = Math.min(this.#burst, before.tokens + (Math.max(0, now - before.at) / 1000) * this.#perSecond);
    // Put at the end again, so that the first ones are those that were silent longest.
    this.#left.delete(key);
    this.#left.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    for (const oldest of this.#left.keys()) {
      if (this.#left.size <= mostAddresses) break;
      this.#left.delete(oldest);
    }
    return tokens >= 1;
  }
}

function networkOf(address: string): string {
  return address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address;
}
