import { z } from 'zod';
import type { CallInput } from '#shared/contract/calls.ts';
import { firstPreferences, readPreferences, type Preferences } from '#shared/contract/preferences.ts';
import { readJson, writeAtomically } from './json-file.ts';

/** What the person at this console likes, in one JSON file. */
export class KeptPreferences {
  readonly #file: string;
  #now: Preferences = firstPreferences;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    this.#now = readPreferences(await readJson(this.#file, z.unknown(), {}));
  }

  get(): Preferences {
    return this.#now;
  }

  /** Counts at once; resolves when it is on the disk. */
  change(changes: CallInput<'preferences.save'>): Promise<void> {
    this.#now = readPreferences({ ...this.#now, ...changes });
    // A width being dragged is saved many times: one write after the other, each with what is newest then.
    this.#lastWrite = this.#lastWrite
      .catch(() => {})
      .then(() => writeAtomically(this.#file, `${JSON.stringify(this.#now, null, 2)}\n`));
    return this.#lastWrite;
  }

  /** Resolves when everything said so far is on the disk, or could not be. */
  settled(): Promise<void> {
    return this.#lastWrite.catch(() => {});
  }
}
