import { join } from 'node:path';
import { z } from 'zod';
import { configDocument, documentRevision } from '#shared/contract/document.ts';
import { fail } from '#shared/contract/problem.ts';
import { documentHash } from '../document-hash.ts';
import type { KeptDocument } from '../document-store.ts';
import { makeFolder, namesIn, readPlain, removePlain, writePlain } from './plain-files.ts';

/** As it lies there: texts line by line, so that git and people can compare two of them. */
const stored = z.object({
  v: z.literal(1),
  revision: documentRevision,
  document: z.object({ ...configDocument.shape, content: z.array(z.string()).max(262_145) }).nullable(),
});

/** The revisions of the documents of one folder, a file each, written once and never again. */
export class RevisionFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, '.revisions');
  }

  fileOf(name: string, revision: number): string {
    return join(this.#folder, name, `${revision}.json`);
  }

  /** Documents that have or had revisions. */
  async names(): Promise<string[]> {
    return await namesIn(this.#folder);
  }

  /** Numbers of the revisions that are kept, the oldest first. */
  async numbers(name: string): Promise<number[]> {
    await namesIn(this.#folder);
    const files = await namesIn(join(this.#folder, name));
    return files
      .flatMap((file) => (/^[1-9]\d{0,8}\.json$/.test(file) ? [Number.parseInt(file, 10)] : []))
      .toSorted((a, b) => a - b);
  }

  async read(name: string, revision: number): Promise<KeptDocument> {
    const file = this.fileOf(name, revision);
    const wrong = (why: string) =>
      fail('protocol', `${file}: ${why}`, { hint: 'Restore it, from git perhaps.', place: { file, line: 1 } });
    let value: unknown;
    try {
      value = JSON.parse(await readPlain(file));
    } catch (error) {
      if (error instanceof SyntaxError) throw wrong('is not JSON');
      throw error;
    }
    const parsed = stored.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw wrong(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
    }
    const { revision: about, document } = parsed.data;
    const whole = document && { ...document, content: document.content.join('\n') };
    const hash = whole && documentHash(whole);
    const isWhole = whole === null || (whole.name === name && configDocument.safeParse(whole).success);
    if (about.revision !== revision || !isWhole || hash !== about.hash) throw wrong('it is not what was saved');
    return { document: whole, revision: about };
  }

  /** False when that revision is there already. */
  async write(name: string, { document, revision }: KeptDocument): Promise<boolean> {
    const folder = join(this.#folder, name);
    await makeFolder(this.#folder);
    await makeFolder(folder);
    const whole = document && { ...document, content: document.content.split('\n') };
    const text = `${JSON.stringify({ v: 1, revision, document: whole }, null, 2)}\n`;
    return await writePlain(folder, `${revision.revision}.json`, text, true);
  }

  async drop(name: string, revision: number): Promise<void> {
    await removePlain(this.fileOf(name, revision));
  }
}
