import type { ChangeHistory, ComparedFile } from '../../contract/change.ts';

/** What stands at a path now: a hash, or null for no file. */
export interface StandingFile {
  readonly host: string;
  readonly hash: string | null;
  /** When it was last written, by its host's clock. */
  readonly modifiedAt: number | null;
}

/** The change that wrote a file on a host last, and whether what stands there is still what it left; `history` is newest first. */
export function lastChangeOf(
  history: ChangeHistory,
  host: string,
  now: Pick<StandingFile, 'hash'> | null,
): { readonly change: ChangeHistory[number]; readonly since: boolean } | null {
  const change = history.find(({ hosts }) => hosts.includes(host));
  if (!change) return null;
  const left = change.left.find(({ hosts }) => hosts.includes(host));
  return { change, since: now !== null && left !== undefined && left.hash !== now.hash };
}

/** Files that somebody wrote after the last change that a journal knows of, by the id of that change. */
export function changedSince(history: ChangeHistory, files: readonly StandingFile[]): Map<string, StandingFile[]> {
  const found = new Map<string, StandingFile[]>();
  for (const file of files) {
    const last = lastChangeOf(history, file.host, file);
    if (last?.since) found.set(last.change.id, [...(found.get(last.change.id) ?? []), file]);
  }
  return found;
}

/** Of files that were compared, those of which it is known what stands there. */
export function standingFiles(files: readonly ComparedFile[]): StandingFile[] {
  return files.flatMap(({ host, kind, hash, modifiedAt }): StandingFile[] =>
    kind === 'file' ? [{ host, hash, modifiedAt }] : kind === 'absent' ? [{ host, hash: null, modifiedAt: null }] : [],
  );
}
