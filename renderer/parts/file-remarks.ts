import { checkSystemdFile } from '#shared/formats/systemd-unit/check.ts';
import { languageOf } from '#shared/lib/file-language.ts';

/** A remark as an editor takes it. */
export interface FileRemark {
  readonly line: number;
  readonly column: number | undefined;
  readonly text: string;
  readonly level: 'error' | 'warning' | 'info';
}

/** What can be said of a file's text in the window, before any host has checked it: of units and networkd's files so far. */
export function fileRemarks(path: string, text: string): FileRemark[] {
  const language = languageOf(path);
  if (language !== 'unit' && language !== 'network' && language !== 'netdev') return [];
  return checkSystemdFile(language, text).map(({ level, problem: { message, hint, place } }) => ({
    line: place?.line ?? 1,
    column: place?.column,
    text: hint === undefined ? message : `${message}. ${hint}`,
    level,
  }));
}
