import type { ConfigDocument } from '../../contract/document.ts';
import { fail } from '../../contract/problem.ts';

/**
 * The document that says of these paths what a host has (null: the file is not there); everything else in its text, comments
 * too, stays as it is. Throws `unsupported` for what the format cannot say.
 */
export function adoptFiles(document: ConfigDocument, found: ReadonlyMap<string, string | null>): ConfigDocument {
  const text = document.file ? found.get(document.file.path) : undefined;
  if (typeof text !== 'string') throw fail('unsupported', `${document.name} cannot take that over`);
  return { ...document, content: text };
}
