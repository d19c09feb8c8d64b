import { X } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { RecordOf } from '#shared/contract/records.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import { agentNames } from '#shared/lib/update/agent-names.ts';
import { moveToGroup } from '#shared/lib/update/move-hosts.ts';
import { UpdateOutcomes } from '../../parts/action-outcomes.tsx';
import { UpdateConfirm } from '../../parts/update-confirm.tsx';
import { useDo } from '../../state/calls.ts';
import { useFromTime, useOperate, useSection } from '../../state/hooks.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { DiffLines } from '../../ui/diff-lines.tsx';
import { Choice } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import { type Board, noGroup } from './board.ts';
import { LeftOutList } from './left-out-list.tsx';
import { type AgentMove, channelsFor, movesToChannel } from './move-to-channel.ts';

/** Hosts that a person wants elsewhere; null where that is still to be said. */
export interface MoveWish {
  readonly hosts: readonly string[];
  /** `-` is no group. */
  readonly group: string | null;
  readonly channel: string | null;
}

const stay = '';
const minuteMs = 60_000;

/** Moves hosts to another group (written to the groups' policies) or another channel (told to their agents, or a change of their update.conf). */
export function MovePane({
  board,
  wish,
  hosts,
  onClose,
}: {
  readonly board: Board;
  readonly wish: MoveWish;
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
  readonly onClose: () => void;
}) {
  const [group, setGroup] = useState(wish.group ?? stay);
  const [channel, setChannel] = useState(wish.channel ?? stay);
  const channels = channelsFor(wish.hosts, hosts, board.columns);
  return (
    <section className="group-pane" aria-label="Move hosts">
      <header className="group-head">
        <h2 className="cut">Move {count(wish.hosts.length, 'host')}</h2>
        <span className="faint cut">{some(wish.hosts)}</span>
        <IconButton name="Close (Esc)" onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div className="group-body" tabIndex={0} role="group" aria-label="Move">
        <div className="group-do">
          <Choice
            label="Group"
            value={group}
            options={[
              { value: stay, label: 'as it is' },
              ...board.rows.flatMap((row) => (row.group ? { value: row.name, label: row.name } : [])),
              { value: noGroup, label: 'no group' },
            ]}
            onChange={setGroup}
          />
          {channels.length > 0 && (
            <Choice
              label="Channel"
              value={channel}
              options={[{ value: stay, label: 'as it is' }, ...channels.map((value) => ({ value, label: value }))]}
              onChange={setChannel}
            />
          )}
        </div>
        {group === stay && channel === stay && (
          <p className="faint">Choose where they go; what is written is shown here first.</p>
        )}
        {group !== stay && (
          <ToGroup
            key={group}
            board={board}
            names={wish.hosts}
            hosts={hosts}
            to={group}
            // Where they are to change their channel too, that is still to be done here.
            onDone={channel === stay ? onClose : () => setGroup(stay)}
          />
        )}
        {channel !== stay && <ToChannel key={channel} names={wish.hosts} hosts={hosts} channel={channel} />}
      </div>
    </section>
  );
}

function ToGroup({
  board,
  names,
  hosts,
  to,
  onDone,
}: {
  readonly board: Board;
  readonly names: readonly string[];
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
  readonly to: string;
  readonly onDone: () => void;
}) {
  const operate = useOperate();
  const told = useSection('cluster', '', 'updateGroups');
  const save = useDo('updates.groups.save');
  // Selectors ask for nothing that changes by the second.
  const minute = useFromTime((now) => Math.floor(now / minuteMs));
  const policies = useMemo(() => board.rows.flatMap((row) => row.group?.policy ?? []), [board]);
  const move = useMemo(() => {
    const moving = names.flatMap((name) => {
      const host = hosts.get(name);
      return host ? [[name, host] as const] : [];
    });
    return moveToGroup(policies, moving, to === noGroup ? null : to, minute * minuteMs);
  }, [policies, names, hosts, to, minute]);
  const revisionOf = ({ group }: UpdatePolicy) =>
    told?.groups.find(({ policy }) => policy.group === group)?.revision ?? null;
  const word = to === noGroup ? 'no group' : to;
  const send = async () => {
    const groups = move.policies.map(({ after }) => ({ policy: after, base: revisionOf(after) }));
    if (await save.run({ groups })) onDone();
  };
  return (
    <section className="move-part" aria-label="To another group">
      <h3>To {word}</h3>
      <LeftOutList leftOut={move.stay.map(({ host, why }) => ({ host, why }))} />
      {move.policies.map(({ before, after }) => (
        <div key={after.group} className="move-group">
          <p className="faint">
            <code>{told?.groups.find(({ policy }) => policy.group === after.group)?.key ?? after.group}</code>, members,
            over revision {revisionOf(after)}
          </p>
          <DiffLines before={linesOf(before)} after={linesOf(after)} same="No member changes." />
        </div>
      ))}
      {save.problem && <ProblemNote problem={save.problem} />}
      {move.policies.length > 0 && (
        <Button kind="primary" disabled={!operate || save.busy} onClick={() => void send()}>
          Move {count(move.moved.length, 'host')} to {word}
        </Button>
      )}
    </section>
  );
}

function linesOf({ members }: UpdatePolicy): string {
  return members.map((member) => `${member}\n`).join('');
}

function ToChannel({
  names,
  hosts,
  channel,
}: {
  readonly names: readonly string[];
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
  readonly channel: string;
}) {
  // As it was when the channel was chosen: who was moved by then is not taken out of what is shown.
  const [{ moves, stay }] = useState(() => movesToChannel(names, hosts, channel));
  return (
    <section className="move-part" aria-label="To another channel">
      <h3>To the channel {channel}</h3>
      <LeftOutList leftOut={stay} />
      {moves.map((move) => (
        <ByAgent key={move.agent} move={move} channel={channel} />
      ))}
    </section>
  );
}

/** What one agent is told, or the change of its files; then how that goes. */
function ByAgent({ move: { agent, hosts }, channel }: { readonly move: AgentMove; readonly channel: string }) {
  const [action, setAction] = useState<string | null>(null);
  const act = useMemo(() => ({ kind: 'set-channel', channel }) as const, [channel]);
  return (
    <section className="move-part" aria-label={`By ${agentNames[agent]}`}>
      <h4>
        {agentNames[agent]} <span className="faint">{some(hosts, 6)}</span>
      </h4>
      {action === null ? (
        <UpdateConfirm hosts={hosts} act={act} onStarted={setAction} />
      ) : (
        <UpdateOutcomes action={action} />
      )}
    </section>
  );
}
