import type { SimulatedHost } from '../world/simulated-host.ts';

const waiting = [
  ['libssl3t64', '3.5.4-1~deb13u1', '3.5.4-1~deb13u2', 'Debian-Security:13/stable-security'],
  ['openssl', '3.5.4-1~deb13u1', '3.5.4-1~deb13u2', 'Debian-Security:13/stable-security'],
  ['tzdata', '2026b-0+deb13u1', '2026c-0+deb13u1', 'Debian:13.3/stable'],
  ['base-files', '13.8+deb13u2', '13.8+deb13u3', 'Debian:13.3/stable'],
] as const;

/** A package that a newer version of waits. */
export interface WaitingPackage {
  readonly name: string;
  readonly old: string;
  readonly now: string;
  readonly origin: string;
}

/** The packages of one simulated Debian host: what waits, what is held, what was installed since. */
export class SimulatedPackages {
  readonly #host: SimulatedHost;
  readonly held = new Set<string>();
  readonly #installed = new Set<string>();
  /** When files that programs run were replaced last, ms of the world; null when never. */
  replacedMs: number | null = null;

  constructor(host: SimulatedHost) {
    this.#host = host;
  }

  /** What an upgrade would take now. */
  get waiting(): WaitingPackage[] {
    const { seed } = this.#host.spec;
    return waiting
      .slice(0, seed % 3 === 0 ? 4 : seed % 3 === 1 ? 0 : 2)
      .map(([name, old, now, origin]) => ({ name, old, now, origin }))
      .filter(({ name }) => !this.#installed.has(name) && !this.held.has(name));
  }

  install(names: readonly string[]): void {
    for (const name of names) this.#installed.add(name);
    if (names.some((name) => name.startsWith('libssl'))) this.replacedMs = this.#host.schedule.now();
  }
}
