import type { ConfigDocument } from '../../contract/document.ts';
import { type Finding, Findings } from '../../formats/finding.ts';
import { checkHostFile } from '../../formats/host-file/check.ts';
import type { BundleFile } from '../../formats/provision/bundle.ts';
import { languageOf, type FileLanguage } from '../file-language.ts';
import { readBundle } from './read-bundle.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * What is wrong in the units, drop-ins and other files that a provisioning text holds, each at its line in that text; in one
 * that is packed or quoted, at the value that holds it, with the line in words. Never throws.
 */
export function checkEmbedded(document: ConfigDocument): Finding[] {
  const findings = new Findings(document.name);
  if (document.file) return [];
  const rows = document.content.split('\n');
  for (const file of readBundle(document, null).bundle.files) {
    if (!file.written || findings.full) continue;
    const inner = checkHostFile(file.path, file.content);
    if (inner.length === 0) continue;
    const placeOf = linesOf(document.content, rows, file);
    for (const { level, problem } of inner) {
      const { place: within, ...rest } = problem;
      const line = within?.line ?? 1;
      const place = placeOf({ line, column: within?.column ?? 1 });
      const message = place ? problem.message : `${file.path}, line ${line}: ${problem.message}`;
      findings.add(level, {
        ...rest,
        message,
        place: { file: document.name, ...(place ?? file.written.node?.place ?? file.place) },
      });
    }
  }
  return findings.list();
}

/** The file of a provisioning text that is written at an offset, and in what language; null where none is. */
export function embeddedAt(document: ConfigDocument, offset: number): { path: string; language: FileLanguage } | null {
  for (const { path, written } of readBundle(document, null).bundle.files) {
    const source = written?.node?.source;
    if (written?.pack !== 'plain' || !source || !isBlock(document.content, source.from)) continue;
    // A line that is just begun may stand behind the end of the value.
    const end = document.content.indexOf('\n', source.to);
    if (offset > source.from && offset <= (end < 0 ? document.content.length : end))
      return { path, language: languageOf(path) };
  }
  return null;
}

/** Where a line of a file stands in the text that holds it; null where that cannot be told. */
function linesOf(
  text: string,
  rows: readonly string[],
  { written, content }: BundleFile,
): (place: Place) => Place | null {
  const node = written?.node;
  if (written?.pack !== 'plain' || !node?.source) return () => null;
  const isOneLine = !content.trimEnd().includes('\n');
  if (!isBlock(text, node.source.from)) {
    const begin = node.place;
    const quoted = /["']/.test(text.charAt(node.source.from));
    if (!isOneLine || rows[begin.line - 1] === undefined) return () => null;
    return ({ line, column }) =>
      line === 1 ? { line: begin.line, column: begin.column + column - 1 + Number(quoted) } : null;
  }
  const inner = content.split('\n');
  // The first line below the head of the block; lines stand there one by one unless the block folds them.
  const first = text.slice(0, node.source.from).split('\n').length + 1;
  return ({ line, column }) => {
    const wanted = inner[line - 1] ?? '';
    const row = rows[first + line - 2];
    if (row === undefined || !row.replace(/\r$/, '').endsWith(wanted.replace(/\r$/, ''))) return null;
    return {
      line: first + line - 1,
      column: column + row.replace(/\r$/, '').length - wanted.replace(/\r$/, '').length,
    };
  };
}

/** Whether a value is written as a block below `|` or `>`. */
function isBlock(text: string, from: number): boolean {
  return /[|>]/.test(text.charAt(from));
}
