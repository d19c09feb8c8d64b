import { useMemo, useState } from 'react';
import type { ChangeDraft, ChangePlan } from '#shared/contract/change.ts';
import { hasConflictMarks, mergeTexts } from '#shared/lib/change/merge-texts.ts';
import { groupMoved, movedIn, type MovedHosts, type MovedPath, settledDraft } from '#shared/lib/change/moved-hosts.ts';
import { useQuery } from '../state/calls.ts';
import { Button } from '../ui/button.tsx';
import { Segments, TextBlock } from '../ui/field.tsx';
import { MachineText } from '../ui/machine-text.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { SignMark } from '../ui/sign-mark.tsx';
import { count, some } from '../words/amounts.ts';
import { Difference } from './difference.tsx';
import './settle-moved.css';

interface SettleMovedProps {
  readonly draft: ChangeDraft;
  readonly plan: ChangePlan;
  /** The texts that the person saw, by hash. */
  readonly saw: Readonly<Record<string, string>>;
  readonly password: string | null;
  /** Since when it moved, as the sentence ends. */
  readonly since?: string;
  /** Given the draft in which these hosts get the settled text, to be planned again. */
  readonly onSettled: (draft: ChangeDraft) => void;
}

/** Hosts that a plan leaves out because a file became another one meanwhile: both edits are merged, or settled by hand. */
export function SettleMoved(props: SettleMovedProps) {
  const { draft, plan } = props;
  const moved = useMemo(() => movedIn(draft, plan), [draft, plan]);
  if (moved.length === 0) return null;
  return (
    // What is typed in here is no edit of the form around it, which would void the plan.
    <div className="settle" onChange={(event) => event.stopPropagation()}>
      {moved.map((one) => (
        // Each plan has read the hosts anew: what an earlier one was settled against may be gone again.
        <MovedOnPath key={`${plan.id} ${one.path}`} {...props} moved={one} />
      ))}
    </div>
  );
}

function MovedOnPath({
  draft,
  saw,
  password,
  since = 'since you saw it',
  onSettled,
  moved,
}: SettleMovedProps & { readonly moved: MovedPath }) {
  const asked = useQuery('change.compare', { ...moved, password });
  const groups = useMemo(
    () => (asked.output ? groupMoved(draft, moved.path, asked.output.files, saw, asked.output.texts) : []),
    [draft, saw, asked.output, moved],
  );
  return (
    <>
      {asked.problem && <ProblemNote problem={asked.problem} />}
      {!asked.output && !asked.problem && <WaitNote what={`Reading ${moved.path} again…`} />}
      {groups.slice(0, mostGroups).map((group) => (
        <Settle
          key={JSON.stringify(group)}
          group={group}
          since={since}
          onText={(text) => onSettled(settledDraft(draft, group, text))}
        />
      ))}
      {groups.length > mostGroups && (
        <p className="faint">
          and {groups.length - mostGroups} more kinds of edits of {moved.path}; settle these first.
        </p>
      )}
    </>
  );
}

const mostGroups = 20;

type Shown = 'merged' | 'theirs' | 'yours' | 'base';

function Settle({
  group,
  since,
  onText,
}: {
  readonly group: MovedHosts;
  readonly since: string;
  readonly onText: (text: string | null) => void;
}) {
  const { hosts, path, base, theirs, yours, hash } = group;
  const joined = useMemo(
    () => (base === null || yours === null ? null : mergeTexts(base, theirs, yours)),
    [base, theirs, yours],
  );
  const [shown, setShown] = useState<Shown>(joined ? 'merged' : 'yours');
  const [text, setText] = useState(joined?.merged ?? '');
  const open = hasConflictMarks(text);
  const conflicts = joined?.conflicts.length ?? 0;
  const options: { value: Shown; label: string }[] = [
    ...(joined ? [{ value: 'merged' as const, label: 'Joined' }] : []),
    ...(base === null ? [] : [{ value: 'theirs' as const, label: 'Their edit' }]),
    { value: 'yours', label: base === null ? 'Yours against theirs' : 'Your edit' },
    base === null ? { value: 'theirs', label: 'What is there now' } : { value: 'base', label: 'As you saw it' },
  ];
  const same = 'Only the end of the last line differs.';
  return (
    <section className="card settle-group" aria-label={`Changed meanwhile on ${some(hosts, 2)}`}>
      <p>
        <SignMark tone="attention" shape="triangle" /> <b>{some(hosts, 4)}</b>: somebody{' '}
        {hash === null ? 'removed' : 'changed'} <code>{path}</code> {since}.{' '}
        {joined &&
          (conflicts === 0
            ? 'Both edits fit together.'
            : `${count(conflicts, 'place')} ${conflicts === 1 ? 'was' : 'were'} changed by both: choose between the marks.`)}
        {yours === null && 'It would be removed.'}
      </p>
      <Segments<Shown> label="What is shown" value={shown} options={options} onChange={setShown} />
      {shown === 'merged' && conflicts > 0 && (
        <TextBlock
          label={`${path} as it is to be`}
          className="settle-text"
          rows={Math.min(24, text.split('\n').length + 1)}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {shown === 'merged' && conflicts === 0 && (
        <Difference before={theirs} after={text} same="What stands there holds your edit already." names={names} />
      )}
      {shown === 'theirs' && base !== null && (
        <Difference before={base} after={theirs} same={same} names={['As you saw it', 'What is there now']} />
      )}
      {shown === 'theirs' && base === null && <MachineText text={theirs} label="What is there now" />}
      {shown === 'yours' && (
        <Difference
          before={base ?? theirs}
          after={yours ?? ''}
          same={same}
          names={base === null ? names : ['As you saw it', 'As it is to be']}
        />
      )}
      {shown === 'base' && base !== null && <MachineText text={base} label="As you saw it" />}
      <div className="settle-do">
        {joined && (
          <Button disabled={open} onClick={() => onText(text)}>
            Use the joined text on {count(hosts.length, 'host')}
          </Button>
        )}
        <Button kind="quiet" onClick={() => onText(yours)}>
          {yours === null ? 'Remove it all the same' : 'Use yours'}
        </Button>
        <Button kind="quiet" disabled={hash === null} onClick={() => onText(theirs)}>
          Leave theirs
        </Button>
        {open && (
          <span className="faint">
            Lines that begin with &lt;&lt;&lt;&lt;&lt;&lt;&lt; or &gt;&gt;&gt;&gt;&gt;&gt;&gt; still stand in it.
          </span>
        )}
      </div>
    </section>
  );
}

const names: readonly [string, string] = ['What is there now', 'As it is to be'];
