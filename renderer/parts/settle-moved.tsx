import { useMemo, useState } from 'react';
import type { ChangeDraft, ChangePlan } from '#shared/contract/change.ts';
import { hasConflictMarks, mergeTexts } from '#shared/lib/change/merge-texts.ts';
import { groupMoved, movedIn, type MovedHosts, settledDraft } from '#shared/lib/change/moved-hosts.ts';
import { useQuery } from '../state/calls.ts';
import { Button } from '../ui/button.tsx';
import { DiffLines } from '../ui/diff-lines.tsx';
import { Segments, TextBlock } from '../ui/field.tsx';
import { MachineText } from '../ui/machine-text.tsx';
import { ProblemNote, WaitNote } from '../ui/notes.tsx';
import { SignMark } from '../ui/sign-mark.tsx';
import { count, some } from '../words/amounts.ts';
import './settle-moved.css';

interface SettleMovedProps {
  readonly draft: ChangeDraft;
  readonly plan: ChangePlan;
  /** The texts that the person saw, by hash. */
  readonly saw: Readonly<Record<string, string>>;
  readonly password: string | null;
  /** Given the draft in which these hosts get the settled text, to be planned again. */
  readonly onSettled: (draft: ChangeDraft) => void;
}

/** Hosts that a plan leaves out because their file became another one meanwhile: both edits are merged, or settled by hand. */
export function SettleMoved(props: SettleMovedProps) {
  // Each plan has read the hosts anew: what an earlier one was settled against may be gone again.
  return <Moved key={props.plan.id} {...props} />;
}

function Moved({ draft, plan, saw, password, onSettled }: SettleMovedProps) {
  const moved = useMemo(() => movedIn(draft, plan), [draft, plan]);
  const asked = useQuery('change.compare', moved && { ...moved, password });
  const groups = useMemo(
    () => (asked.output ? groupMoved(draft, asked.output.files, saw, asked.output.texts) : []),
    [draft, saw, asked.output],
  );
  if (!moved) return null;
  return (
    // What is typed in here is no edit of the form around it, which would void the plan.
    <div className="settle" onChange={(event) => event.stopPropagation()}>
      {asked.problem && <ProblemNote problem={asked.problem} />}
      {!asked.output && !asked.problem && <WaitNote what={`Reading ${moved.path} again…`} />}
      {groups.map((group) => (
        <Settle
          key={JSON.stringify(group)}
          group={group}
          onText={(text) => onSettled(settledDraft(draft, group, text))}
        />
      ))}
    </div>
  );
}

type Shown = 'merged' | 'theirs' | 'yours' | 'base';

function Settle({ group, onText }: { readonly group: MovedHosts; readonly onText: (text: string) => void }) {
  const { hosts, path, base, theirs, yours, hash } = group;
  const { merged, conflicts } = useMemo(() => mergeTexts(base, theirs, yours), [base, theirs, yours]);
  const [shown, setShown] = useState<Shown>('merged');
  const [text, setText] = useState(merged);
  const open = hasConflictMarks(text);
  return (
    <section className="card settle-group" aria-label={`Changed meanwhile on ${some(hosts, 2)}`}>
      <p>
        <SignMark tone="attention" shape="triangle" /> <b>{some(hosts, 4)}</b>:{' '}
        {hash === null ? 'somebody removed the file' : 'somebody changed the file'} since you saw it.{' '}
        {conflicts.length === 0
          ? 'Both edits fit together.'
          : `${count(conflicts.length, 'place')} ${conflicts.length === 1 ? 'was' : 'were'} changed by both: choose between the marks.`}
      </p>
      <Segments<Shown>
        label="What is shown"
        value={shown}
        options={[
          { value: 'merged', label: 'Joined' },
          { value: 'theirs', label: 'Their edit' },
          { value: 'yours', label: 'Your edit' },
          { value: 'base', label: 'As you saw it' },
        ]}
        onChange={setShown}
      />
      {shown === 'merged' && conflicts.length > 0 && (
        <TextBlock
          label={`${path} as it is to be`}
          className="settle-text"
          rows={Math.min(24, text.split('\n').length + 1)}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {shown === 'merged' && conflicts.length === 0 && (
        <DiffLines before={theirs} after={merged} same="What stands there holds your edit already." />
      )}
      {shown === 'theirs' && <DiffLines before={base} after={theirs} same="Only the end of the last line differs." />}
      {shown === 'yours' && <DiffLines before={base} after={yours} same="Only the end of the last line differs." />}
      {shown === 'base' && <MachineText text={base} label="As you saw it" />}
      <div className="settle-do">
        <Button disabled={open} onClick={() => onText(text)}>
          Use the joined text on {count(hosts.length, 'host')}
        </Button>
        <Button kind="quiet" onClick={() => onText(yours)}>
          Use yours
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
