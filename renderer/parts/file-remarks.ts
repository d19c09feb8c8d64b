import type { Finding } from '#shared/formats/finding.ts';
import { checkHostFile } from '#shared/formats/host-file/check.ts';
import type { DocumentFormat } from '#shared/contract/document.ts';
import { checkDocument } from '#shared/lib/document/check-document.ts';
import { checkEmbedded } from '#shared/lib/document/check-embedded.ts';

/** A remark as an editor takes it. */
export interface FileRemark {
  readonly line: number;
  readonly column: number | undefined;
  readonly text: string;
  readonly level: 'error' | 'warning' | 'info';
}

/** What can be said of a file's text in the window, before any host has checked it. */
export function fileRemarks(path: string, text: string): FileRemark[] {
  return checkHostFile(path, text).map(remarkOf);
}

/**
 * What can be said of a provisioning text beside what keeps it from being rendered, which the core says: what has no effect in
 * it, and what is wrong in the units and files that it holds.
 */
export function bundleRemarks(name: string, format: Exclude<DocumentFormat, 'file'>, text: string): FileRemark[] {
  const document = { name, format, targets: '', file: null, content: text };
  const mild = checkDocument(document).filter(({ level }) => level !== 'error');
  return [...mild, ...checkEmbedded(document)].map(remarkOf);
}

/** A finding at its place. */
function remarkOf({ level, problem: { message, hint, place } }: Finding): FileRemark {
  return {
    line: place?.line ?? 1,
    column: place?.column,
    text: hint === undefined ? message : `${message}. ${hint}`,
    level,
  };
}
