import type { ConfigDocument, DriftedFile } from '#shared/contract/document.ts';
import { fail } from '#shared/contract/problem.ts';
import { adoptFiles } from '#shared/lib/document/adopt-files.ts';
import type { ActionSurroundings } from '../actions/unit-actions.ts';
import type { FoundFile } from '../changes/read-files.ts';
import type { LiveDocument } from './document-record.ts';
import { fileDifference } from './drift/drift-of.ts';
import { readAll } from './drift/host-reading.ts';
import { wishedOf } from './drift/wished-state.ts';
import { hostValues } from './host-values.ts';

/** A file without who wrote it last, which is left to whoever has the journal; and how it stands, where that is known. */
export interface HostText {
  readonly file: Omit<DriftedFile, 'lastChange'>;
  readonly now: { readonly hash: string | null; readonly modifiedAt: number | null } | null;
}

/** What a document says for one host beside what that host has. */
export async function hostTexts(
  around: ActionSurroundings,
  script: string,
  { rendering }: LiveDocument,
  host: string,
  password: string | null,
): Promise<HostText[]> {
  const rendered = rendering.for(() => hostValues(host, around.records.record('host', host) ?? {}));
  const wished = wishedOf(rendered).files;
  const paths = wished.map(({ path }) => path);
  const { found, rootProblem } = await readAll(around, script, host, paths, { asked: true, password });
  return wished.map((file, at) => {
    const now: FoundFile = found[at] ?? { kind: 'unreadable' };
    const content = rendered.files[at]?.content ?? null;
    const note = now.kind === 'unreadable' ? (rootProblem?.message ?? 'it cannot be read') : noteOf(file, now);
    const text = now.kind === 'file' ? now.text : null;
    return { file: { path: file.path, wished: content, found: text, note }, now: standingOf(now) };
  });
}

function standingOf(now: FoundFile): HostText['now'] {
  if (now.kind === 'absent') return { hash: null, modifiedAt: null };
  return now.kind === 'file' ? { hash: now.state.hash, modifiedAt: now.modifiedS * 1000 } : null;
}

function noteOf(file: Parameters<typeof fileDifference>[0], found: FoundFile): string {
  const difference = fileDifference(file, found);
  if (found.kind !== 'file' || found.text !== null) return difference;
  return [difference, 'it is not text, or larger than 256 KiB'].filter(Boolean).join('; ');
}

/** The document with what a host has at these paths in place of what it says. Not saved. */
export async function adoptFrom(
  around: ActionSurroundings,
  script: string,
  { name, document, rendering }: LiveDocument,
  host: string,
  paths: readonly string[],
  password: string | null,
): Promise<ConfigDocument> {
  const named = new Set(
    rendering.for(() => hostValues(host, around.records.record('host', host) ?? {})).files.map(({ path }) => path),
  );
  const stranger = paths.find((path) => !named.has(path));
  if (stranger !== undefined) throw fail('invalid-input', `${name} says nothing of ${stranger}`);
  const { found, rootProblem } = await readAll(around, script, host, paths, { asked: true, password });
  const texts = new Map<string, string | null>();
  let own: Extract<FoundFile, { kind: 'file' }> | null = null;
  for (const [at, path] of paths.entries()) {
    const file = found[at];
    if (file?.kind === 'absent') texts.set(path, null);
    else if (file?.kind !== 'file')
      throw fail('permission', `${path}: ${rootProblem?.message ?? 'there is no regular file'}`, { host });
    else if (file.text === null) throw fail('unsupported', `${path} is not text, or larger than 256 KiB`, { host });
    else texts.set(path, file.text);
    if (file?.kind === 'file' && path === document.file?.path) own = file;
  }
  const adopted = adoptFiles(document, texts);
  if (!adopted.file || !own) return adopted;
  // What the document leaves to the host stays so.
  const { mode, uid, gid } = own.state;
  const { file } = adopted;
  return {
    ...adopted,
    file: {
      ...file,
      mode: file.mode === null ? null : mode.padStart(3, '0'),
      owner: file.owner && { uid, gid },
    },
  };
}
