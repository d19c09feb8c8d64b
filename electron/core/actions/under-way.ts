/** Counts what is under way on an open cluster and must not be cut off for want of viewers: questions and unit actions. */
export class UnderWay {
  #count = 0;

  /** Whether anything is under way now. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** Counts the work until it is over, however it ends; answers its outcome. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await work;
    } finally {
      this.#count--;
    }
  }
}
