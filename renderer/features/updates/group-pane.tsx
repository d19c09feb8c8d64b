import { X } from 'lucide-react';
import { useState } from 'react';
import type { RecordOf } from '#shared/contract/records.ts';
import type { UpdateGroup } from '#shared/contract/update-policy.ts';
import type { Offers } from '#shared/lib/update/offers.ts';
import { policyInWords } from '#shared/lib/update/policy-in-words.ts';
import { Ago } from '../../parts/since.tsx';
import { useDo } from '../../state/calls.ts';
import { useOperate } from '../../state/hooks.ts';
import { type GroupPart, printRoute } from '../../state/routes.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote } from '../../ui/notes.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { columnWords } from './agent-words.ts';
import { type BoardColumn, type BoardRow, newGroup, noGroup } from './board.ts';
import { GroupHosts } from './group-hosts.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import { firstPolicy } from './policy-form.ts';
import { RollOutPane } from './roll-out-pane.tsx';

interface GroupPaneProps {
  readonly cluster: string;
  readonly name: string;
  /** Null where there is no such group. */
  readonly row: BoardRow | null;
  readonly column: BoardColumn | null;
  readonly part: GroupPart;
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
  readonly offers: Offers;
  readonly selected: ReadonlySet<string>;
  readonly onSelected: (selected: ReadonlySet<string>) => void;
  readonly onGo: (next: { group: string | null; channel?: string | null; part?: GroupPart }) => void;
  readonly onMove: (hosts: readonly string[]) => void;
}

/** One group beside the board: its hosts, its policy, its roll-out. */
export function GroupPane(props: GroupPaneProps) {
  const { cluster, name, row, column, part, onGo } = props;
  const close = () => onGo({ group: null });
  const group = row?.group ?? null;
  const title = name === newGroup ? 'New group' : name === noGroup ? 'No group' : name;
  return (
    <section className="group-pane" aria-label={title}>
      <header className="group-head">
        <h2 className="cut">{title}</h2>
        {column && <span className="faint cut">{columnWords(column)}</span>}
        <IconButton name="Close (Esc)" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      {group && (
        <>
          {part !== 'policy' && <p className="group-sentence">{policyInWords(group.policy)}</p>}
          <PauseLine group={group} />
          <Tabs
            label="Parts of the group"
            current={part}
            tabs={(['hosts', 'policy', 'roll-out'] as const).map((id) => ({
              id,
              label: partWords[id],
              href: printRoute({
                view: 'updates',
                cluster,
                group: name,
                ...(column && { channel: column.key }),
                part: id,
              }),
            }))}
          />
        </>
      )}
      <div className="group-body" tabIndex={0} role="group" aria-label={partWords[part]}>
        <Part {...props} />
      </div>
    </section>
  );
}

const partWords: Record<GroupPart, string> = { hosts: 'Hosts', policy: 'Policy', 'roll-out': 'Roll out' };

function Part(props: GroupPaneProps) {
  const { cluster, name, row, part, onGo } = props;
  if (name === newGroup)
    return <PolicyEditor group={null} policy={firstPolicy} onDone={(made) => onGo({ group: made })} />;
  if (!row)
    return (
      <EmptyNote title={`There is no group ${name}`}>
        <p>It may have been removed; the board shows the groups there are.</p>
      </EmptyNote>
    );
  if (row.group && part === 'policy')
    return <PolicyEditor group={row.group} policy={row.group.policy} onDone={(made) => onGo({ group: made })} />;
  if (row.group && part === 'roll-out')
    return (
      <RollOutPane
        cluster={cluster}
        group={row.group}
        hosts={props.hosts}
        offers={props.offers}
        onLeave={() => onGo({ group: row.name })}
      />
    );
  return <GroupHosts {...props} row={row} />;
}

/** Whether it is paused, and the way to pause and to resume it. */
function PauseLine({ group }: { readonly group: UpdateGroup }) {
  const { policy, revision } = group;
  const operate = useOperate();
  const pause = useDo('updates.groups.pause');
  const resume = useDo('updates.groups.resume');
  const [why, setWhy] = useState<string | null>(null);
  const problem = pause.problem ?? resume.problem;
  const send = async () => {
    if (why === null || why.trim() === '') return;
    if (await pause.run({ group: policy.group, base: revision, why: why.trim() })) setWhy(null);
  };
  return (
    <div className="group-pause">
      {policy.paused ? (
        <>
          <p>
            <b>Paused</b> by {policy.paused.by} <Ago at={policy.paused.at} />: {policy.paused.why}
          </p>
          <Button
            disabled={!operate || resume.busy}
            onClick={() => void resume.run({ group: policy.group, base: revision })}
          >
            Resume {policy.group}
          </Button>
        </>
      ) : why === null ? (
        <Button kind="quiet" disabled={!operate} onClick={() => setWhy('')}>
          Pause {policy.group}…
        </Button>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void send();
          }}
        >
          <TextField
            label="Why"
            autoFocus
            value={why}
            maxLength={500}
            hint="Others read it on the board. What runs already goes on; no roll-out begins by itself."
            onChange={(event) => setWhy(event.target.value)}
          />
          <Button type="submit" kind="primary" disabled={why.trim() === '' || pause.busy}>
            Pause {policy.group}
          </Button>
          <Button kind="quiet" onClick={() => setWhy(null)}>
            Leave it running
          </Button>
        </form>
      )}
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}
