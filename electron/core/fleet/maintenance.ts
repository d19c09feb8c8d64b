import { z } from 'zod';
import { hostMaintenance, type HostMaintenance } from '#shared/contract/host.ts';
import { readJson, writeAtomically } from '../storage/json-file.ts';

const fileSchema = z.record(z.string(), hostMaintenance);

/** Hosts that are down on purpose, kept in one JSON file per cluster; expired marks fall away by themselves. */
export class MaintenanceMarks {
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

  /** Sets or (null) lifts the mark of each host; resolves when it is on disk. */
  set(hosts: readonly string[], mark: HostMaintenance | null): Promise<void> {
    for (const host of hosts) {
      if (mark) this.#marks.set(host, mark);
      else this.#marks.delete(host);
    }
    return this.#save();
  }

  /** Takes away what expired by `now` and answers which hosts that were. */
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
