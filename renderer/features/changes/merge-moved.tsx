import { useMemo } from 'react';
import { redraft } from '#shared/lib/change/redraft.ts';
import { StagedDraft } from '../../parts/staged-draft.tsx';
import { useQuery } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count } from '../../words/amounts.ts';

/**
 * A new change for hosts whose files moved on since the plan: what stands there is joined with what the plan wished, read as
 * a plan of its own. Once it is begun, the old change leaves these hosts out.
 */
export function MergeMoved({
  cluster,
  id,
  hosts,
  onLeave,
}: {
  readonly cluster: string;
  readonly id: string;
  readonly hosts: readonly string[];
  readonly onLeave: () => void;
}) {
  const { link, replica } = useConsole();
  const read = useQuery('change.read', { id });
  const plan = read.output?.plan ?? null;
  const draft = useMemo(() => plan && redraft(plan, hosts), [plan, hosts]);
  const skip = async (planned: readonly string[]) => {
    const now = replica.store.getState().records.change.get(id)?.hosts ?? [];
    const stale = now.filter(({ host, state }) => state === 'stale' && planned.includes(host));
    // The new change is begun whatever becomes of this: at worst the old one still names them as failed.
    for (const { host } of stale)
      await link.call('change.act', { id, verb: 'skip', host, password: null }).catch(() => {});
  };
  return (
    <div className="change-plan">
      <p>
        Somebody changed files on <b>{count(hosts.length, 'host')}</b> since this plan was made: nothing was written
        there. Join both edits, and apply them as a change of their own.
      </p>
      {read.problem && <ProblemNote problem={read.problem} />}
      {!draft && !read.problem && <WaitNote what="Reading the plan…" />}
      {draft && plan && (
        <StagedDraft
          cluster={cluster}
          draft={draft}
          saw={plan.contents}
          title="Merge"
          leave="Leave the merge"
          since="since the plan was made"
          onLeave={onLeave}
          onBegun={(planned) => void skip(planned)}
        />
      )}
    </div>
  );
}
