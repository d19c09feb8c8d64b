import { join } from 'node:path';
import { type ConfigDocument, configDocument, documentName } from '#shared/contract/document.ts';
import { fail, type Problem, toProblem } from '#shared/contract/problem.ts';
import { parseDocumentFile } from '#shared/formats/document-file/parse.ts';
import { printDocumentFile, textFileName } from '#shared/formats/document-file/print.ts';
import { checkContent } from '../document-store.ts';
import { type FileMark, makeFolder, markOf, namesIn, readPlain, removePlain, writePlain } from './plain-files.ts';

/** What people edit of a document: null document with a problem when it cannot be used, without one when it is not there. */
export interface WorkingDocument {
  readonly document: ConfigDocument | null;
  readonly problem: Problem | null;
  /** When either file was last written; 0 when there is none. */
  readonly touchedMs: number;
}

/** The two files of each document in a folder: `NAME.yaml` says what it is, the text lies beside it. */
export class WorkingFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Names of all that looks like a document. */
  async names(): Promise<string[]> {
    const files = await namesIn(this.folder);
    return files.flatMap((file) => (/^[^.].*\.yaml$/.test(file) ? [file.slice(0, -'.yaml'.length)] : []));
  }

  async read(name: string): Promise<WorkingDocument> {
    const file = join(this.folder, `${name}.yaml`);
    let touchedMs = 0;
    const seen = (mark: FileMark | null) => (touchedMs = Math.max(touchedMs, mark?.modifiedMs ?? 0));
    try {
      const mark = await markOf(file);
      seen(mark);
      if (!mark) return { document: null, problem: null, touchedMs };
      if (!documentName.safeParse(name).success)
        throw fail('invalid-input', `${file} is not named as a document can be`, {
          hint: 'Use small letters, digits, dots, dashes and underscores.',
          place: { file, line: 1 },
        });
      const { file: said, problems } = parseDocumentFile(await readPlain(file), file);
      if (!said) return { document: null, problem: problems[0] ?? null, touchedMs };
      const textFile = join(this.folder, textFileName(name, said));
      const textMark = await markOf(textFile);
      seen(textMark);
      if (!textMark)
        throw fail('not-found', `${file}: there is no ${textFile} with its text`, { place: { file, line: 1 } });
      const document = { name, ...said, content: await readPlain(textFile) };
      checkContent(document);
      return { document: configDocument.parse(document), problem: null, touchedMs };
    } catch (error) {
      return { document: null, problem: { place: { file, line: 1 }, ...toProblem(error) }, touchedMs };
    }
  }

  /** Tells whether `read` would find something else, without reading. */
  async signature(name: string, known: ConfigDocument | null): Promise<string> {
    const files = [`${name}.yaml`, ...(known ? [textFileName(name, known)] : [])];
    const marks = await Promise.all(files.map((file) => markOf(join(this.folder, file)).catch(() => 'odd' as const)));
    return JSON.stringify(marks);
  }

  /** First the text, then what makes it a document. */
  async write(document: ConfigDocument, before: ConfigDocument | null): Promise<void> {
    const { name, content } = document;
    const textFile = textFileName(name, document);
    await writePlain(this.folder, textFile, content);
    await writePlain(this.folder, `${name}.yaml`, printDocumentFile(document));
    const old = before && textFileName(name, before);
    if (old !== null && old !== textFile) await removePlain(join(this.folder, old));
  }

  async remove(document: ConfigDocument): Promise<void> {
    await removePlain(join(this.folder, `${document.name}.yaml`));
    await removePlain(join(this.folder, textFileName(document.name, document)));
  }

  /** Made with the first document. */
  async makeFolder(): Promise<void> {
    await makeFolder(this.folder);
  }
}
