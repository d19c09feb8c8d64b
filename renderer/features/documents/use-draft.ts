import { useCallback, useState } from 'react';
import type { CallOutput } from '#shared/contract/calls.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { useQuery } from '../../state/calls.ts';
import { useSection } from '../../state/hooks.ts';
import { type Draft, draftOf, isEdited, keptDrafts } from './draft.ts';

/** The document being looked at, what is typed in it, and the newest revision where somebody else saved meanwhile. */
export interface Drafting {
  readonly draft: Draft | null;
  readonly setDraft: (draft: Draft) => void;
  /** Newer than what is typed was taken from; null while it is not. */
  readonly theirs: CallOutput<'document.read'> | null;
  readonly problem: Problem | null;
}

/** Follows a document: what is not typed in is replaced by what others save, what is typed stays. */
export function useDraft(cluster: string, name: string): Drafting {
  const newest = useSection('document', name, 'about')?.last.revision ?? null;
  const [draft, setOwn] = useState<Draft | null>(() => keptDrafts.get(cluster, name));
  const read = useQuery('document.read', newest === null ? null : { name, revision: newest });
  const [theirs, setTheirs] = useState<CallOutput<'document.read'> | null>(null);
  const setDraft = useCallback(
    (next: Draft) => {
      keptDrafts.put(cluster, name, next);
      setOwn(next);
    },
    [cluster, name],
  );
  if (read.output && read.output !== theirs) {
    const { document, revision } = read.output;
    setTheirs(read.output);
    const stays = draft !== null && (isEdited(draft) || (draft.base ?? 0) >= revision.revision);
    if (!stays) setOwn(draftOf(document, revision.revision));
  }
  const isNewer = draft !== null && theirs !== null && theirs.revision.revision > (draft.base ?? 0);
  return { draft, setDraft, theirs: isNewer ? theirs : null, problem: read.problem };
}
