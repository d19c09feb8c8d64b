import { networkInterfaces } from 'node:os';

/** The times and addresses that tell of a sleep or of another network. */
export interface Outside {
  /** Wall clock, epoch ms. */
  wall(): number;
  /** A clock that a sleeping machine or a stopped process does not advance by itself, ms. */
  steady(): number;
  addresses(): string;
}

/** This machine. */
export const thisMachine: Outside = {
  wall: () => Date.now(),
  steady: () => performance.now(),
  addresses: () =>
    Object.entries(networkInterfaces())
      .flatMap(([name, addresses]) => (addresses ?? []).map((one) => `${name} ${one.internal ? '' : one.address}`))
      .sort()
      .join('\n'),
};

const jumpMs = 3000;
const addressesEvery = 3;

/** Notices, asked once a second, that the machine slept or changed its network: every link may be dead then without knowing. */
export class WakeWatch {
  readonly #outside: Outside;
  readonly #stepMs: number;
  #wall: number;
  #steady: number;
  #addresses: string;
  #steps = 0;

  constructor(stepMs: number, outside: Outside = thisMachine) {
    this.#outside = outside;
    this.#stepMs = stepMs;
    this.#wall = outside.wall();
    this.#steady = outside.steady();
    this.#addresses = outside.addresses();
  }

  /** What happened since the last step, null for nothing. */
  step(): 'slept' | 'network' | null {
    const wallPassed = this.#outside.wall() - this.#wall;
    const steadyPassed = this.#outside.steady() - this.#steady;
    this.#wall += wallPassed;
    this.#steady += steadyPassed;
    this.#steps++;
    // Asleep, only the wall clock went on; a stopped process sees both jump over the time between two steps.
    if (wallPassed - steadyPassed > jumpMs || steadyPassed > this.#stepMs + jumpMs) return 'slept';
    if (this.#steps % addressesEvery !== 0) return null;
    const before = this.#addresses;
    this.#addresses = this.#outside.addresses();
    return before === this.#addresses ? null : 'network';
  }
}
