import { z } from 'zod';
import { hostName } from '#shared/contract/ids.ts';
import { readJson, writeAtomically } from '../storage/json-file.ts';

const fileSchema = z.array(hostName).max(10_000);

/** Hosts that this console does not connect to until a person says so: kept in one JSON file per cluster. */
export class DisabledHosts {
  readonly #file: string;
  readonly #hosts = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    for (const host of await readJson(this.#file, fileSchema, [])) this.#hosts.add(host);
  }

  list(): string[] {
    return [...this.#hosts];
  }

  /** Resolves when it is on disk. */
  async set(hosts: readonly string[], isDisabled: boolean): Promise<void> {
    const before = this.#hosts.size;
    for (const host of hosts) {
      if (isDisabled) this.#hosts.add(host);
      else this.#hosts.delete(host);
    }
    if (this.#hosts.size === before) return;
    const written = this.#writing.then(() => writeAtomically(this.#file, `${JSON.stringify(this.list(), null, 2)}\n`));
    this.#writing = written.catch(() => {});
    await written;
  }
}
