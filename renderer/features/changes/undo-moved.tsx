import { useMemo } from 'react';
import type { ChangePlan } from '#shared/contract/change.ts';
import { undoDraft } from '#shared/lib/change/redraft.ts';
import { StagedDraft } from '../../parts/staged-draft.tsx';
import { useQuery } from '../../state/calls.ts';
import { ProblemNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';

/**
 * Hosts on which somebody built on what the change left: what the undo would restore against what stands there now, to be
 * joined or left, as a change of their own.
 */
export function UndoMoved({
  cluster,
  id,
  back,
  onLeave,
}: {
  readonly cluster: string;
  readonly id: string;
  /** The plan that leads back, which leaves them out. */
  readonly back: ChangePlan;
  readonly onLeave: () => void;
}) {
  const hosts = useMemo(
    () => back.leftOut.filter(({ reason }) => reason.code === 'stale').map(({ host }) => host),
    [back],
  );
  const read = useQuery('change.read', hosts.length > 0 ? { id } : null);
  const plan = read.output?.plan ?? null;
  const draft = useMemo(() => plan && undoDraft(plan, hosts), [plan, hosts]);
  if (hosts.length === 0) return null;
  return (
    <section className="change-moved" aria-label="Moved on since">
      <h2>{count(hosts.length, 'host')} moved on since</h2>
      <p className="faint">
        The undo leaves them out. What it would restore can be joined with what stands there now, as a change of its
        own.
      </p>
      {read.problem && <ProblemNote problem={read.problem} />}
      {draft && plan && (
        <StagedDraft
          cluster={cluster}
          draft={draft}
          saw={plan.contents}
          title="Undo by joining"
          leave="Leave them as they are"
          since="since the change left it"
          onLeave={onLeave}
        />
      )}
    </section>
  );
}
