import type { ActivityEntry } from '#shared/contract/activity.ts';
import { useQuery } from '../../state/calls.ts';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { ActivityDetail } from './activity-detail.tsx';

/** The entry that the address names, also when it is not among those that are listed. */
export function LinkedEntry({
  hash,
  entry,
  onClose,
}: {
  readonly hash: string;
  /** As it is listed. */
  readonly entry: ActivityEntry | undefined;
  readonly onClose: () => void;
}) {
  const { output, problem } = useQuery('activity.read', entry ? null : { hash });
  const found = entry ?? output?.entry;
  if (found) return <ActivityDetail entry={found} onClose={onClose} />;
  if (problem) return <ProblemNote problem={problem} />;
  if (!output) return <WaitNote what="Looking for the entry…" />;
  return (
    <EmptyNote title="This entry is not in the log of this console">
      <p>Every console keeps its own log: the link was made on another one, or the log was removed since.</p>
    </EmptyNote>
  );
}
