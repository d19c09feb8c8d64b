import type { HostApplied } from '#shared/contract/document.ts';
import type { AppliedFile } from '../../changes/applied-files.ts';
import { fileDifference } from './drift-of.ts';
import type { HostReading } from './host-reading.ts';
import type { WishedState } from './wished-state.ts';

/** What a change left of a file, as something to be compared. */
export function appliedState({ path, after }: AppliedFile): WishedState {
  if (after.kind === 'absent') return { path, hash: null, mode: null, owner: null };
  const { hash, mode, uid, gid } = after;
  return { path, hash, mode, owner: { uid, gid } };
}

/**
 * How a host stands to what changes left on it, in files that none of its documents names: of those the documents tell.
 * `since` is when that came to be known here; what was read before says nothing of it. A pure function.
 */
export function appliedDrift(
  applied: readonly AppliedFile[],
  named: ReadonlySet<string>,
  reading: HostReading,
  since: number,
): HostApplied {
  const own = applied.filter(({ path }) => !named.has(path));
  const differs: HostApplied['differs'] = [];
  const times: number[] = [];
  let unknown = 0;
  for (const file of own) {
    const read = reading.files.get(file.path);
    if (!read || read.readAt < since || read.found.kind === 'unreadable') {
      unknown++;
      continue;
    }
    times.push(read.readAt);
    const how = fileDifference(appliedState(file), read.found);
    if (how === '') continue;
    const { id, title, by, at } = file.change;
    const state = read.found.kind === 'absent' ? 'missing' : 'differs';
    differs.push({ path: file.path, state, how, change: { id, title, by, at } });
  }
  return { files: own.length, unknown, differs, readAt: times.length === 0 ? null : Math.min(...times) };
}
