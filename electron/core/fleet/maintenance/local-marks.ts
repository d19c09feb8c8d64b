import { z } from 'zod';
import { hostMaintenance, type HostMaintenance } from '#shared/contract/host.ts';
import { readJson, writeAtomically } from '../../storage/json-file.ts';
import type { Marks } from './marks.ts';

const fileSchema = z.record(z.string(), hostMaintenance);

/** The marks that this console alone knows, in one JSON file per cluster. */
export class LocalMarks implements Marks {
  readonly #file: string;
  readonly #marks = new Map<string, HostMaintenance>();
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    const read = await readJson(this.#file, fileSchema, {});
    for (const [host, mark] of Object.entries(read)) this.#marks.set(host, mark);
  }

  get(host: string): HostMaintenance | null {
    return this.#marks.get(host) ?? null;
  }

  hosts(): string[] {
    return [...this.#marks.keys()];
  }

  set(hosts: readonly string[], mark: HostMaintenance | null): Promise<void> {
    for (const host of hosts) {
      if (mark) this.#marks.set(host, mark);
      else this.#marks.delete(host);
    }
    return this.#save();
  }

  expire(now: number): string[] {
    const gone = [...this.#marks].filter(([, mark]) => mark.until <= now).map(([host]) => host);
    for (const host of gone) this.#marks.delete(host);
    if (gone.length > 0) void this.#save().catch(() => {});
    return gone;
  }

  #save(): Promise<void> {
    const text = `${JSON.stringify(Object.fromEntries(this.#marks), null, 2)}\n`;
    const written = this.#writing.then(() => writeAtomically(this.#file, text));
    this.#writing = written.catch(() => {});
    return written;
  }
}
