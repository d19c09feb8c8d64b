import { z } from 'zod';
import { savedView, type SavedView } from '#shared/contract/cluster.ts';
import { readJson, writeAtomically } from './json-file.ts';

const most = 200;

/** The fleet views a person saved, in one JSON file, ordered by name. */
export class SavedViews {
  readonly #file: string;
  #views: SavedView[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    this.#views = await readJson(this.#file, z.array(savedView).max(most), []);
  }

  list(): SavedView[] {
    return this.#views;
  }

  /** Adds it, or replaces the one of the same name. */
  save(view: SavedView): Promise<void> {
    const others = this.#views.filter(({ name }) => name !== view.name).slice(0, most - 1);
    return this.#write([...others, view].sort((a, b) => a.name.localeCompare(b.name)));
  }

  delete(name: string): Promise<void> {
    return this.#write(this.#views.filter((view) => view.name !== name));
  }

  async #write(views: SavedView[]): Promise<void> {
    this.#views = views;
    await writeAtomically(this.#file, `${JSON.stringify(views, null, 2)}\n`);
  }
}
