import { X } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ChangeDraft } from '#shared/contract/change.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import { moveToGroup } from '#shared/lib/update/move-hosts.ts';
import { StagedDraft } from '../../parts/staged-draft.tsx';
import { useDo, useQuery } from '../../state/calls.ts';
import { useFromTime, useOperate, useSection } from '../../state/hooks.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { DiffLines } from '../../ui/diff-lines.tsx';
import { Choice } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import { type Board, noGroup } from './board.ts';
import { LeftOutList } from './left-out-list.tsx';
import { moveToChannel } from './move-to-channel.ts';

/** Hosts that a person wants elsewhere; null where that is still to be said. */
export interface MoveWish {
  readonly hosts: readonly string[];
  /** `-` is no group. */
  readonly group: string | null;
  readonly channel: string | null;
}

const stay = '';
const usualChannels = ['stable', 'beta', 'alpha', 'lts'];
const nobody: readonly string[] = [];
const minuteMs = 60_000;

/** Moves hosts to another group (written to the groups' policies) or another channel (a change of their update.conf). */
export function MovePane({
  cluster,
  board,
  wish,
  hosts,
  onClose,
}: {
  readonly cluster: string;
  readonly board: Board;
  readonly wish: MoveWish;
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
  readonly onClose: () => void;
}) {
  const [group, setGroup] = useState(wish.group ?? stay);
  const [channel, setChannel] = useState(wish.channel ?? stay);
  const engines = wish.hosts.filter((name) => hosts.get(name)?.update?.agent === 'update-engine');
  const channels = new Set([
    ...usualChannels,
    ...board.columns.flatMap((column) => (column.agent === 'update-engine' && column.channel ? column.channel : [])),
  ]);
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
          {engines.length > 0 && (
            <Choice
              label="Channel"
              value={channel}
              options={[{ value: stay, label: 'as it is' }, ...[...channels].map((value) => ({ value, label: value }))]}
              onChange={setChannel}
            />
          )}
        </div>
        {group === stay && channel === stay && (
          <p className="faint">Choose where they go; what is written is shown here first.</p>
        )}
        {group !== stay && (
          <ToGroup key={group} board={board} names={wish.hosts} hosts={hosts} to={group} onDone={onClose} />
        )}
        {channel !== stay && (
          <ToChannel
            key={channel}
            cluster={cluster}
            names={wish.hosts}
            engines={engines}
            hosts={hosts}
            channel={channel}
            onLeave={onClose}
          />
        )}
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
        <div key={after.group}>
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
  cluster,
  names,
  engines,
  hosts,
  channel,
  onLeave,
}: {
  readonly cluster: string;
  readonly names: readonly string[];
  readonly engines: readonly string[];
  readonly hosts: ReadonlyMap<string, RecordOf<'host'>>;
  readonly channel: string;
  readonly onLeave: () => void;
}) {
  const [chosen] = useState(() => byPath(engines, hosts));
  const asked = useQuery(
    'change.compare',
    chosen.hosts.length === 0 ? null : { hosts: [...chosen.hosts], path: chosen.path, password: null },
  );
  const move = useMemo(
    () => asked.output && moveToChannel(chosen.path, channel, asked.output.files, asked.output.texts),
    [asked.output, chosen.path, channel],
  );
  const [draft, setDraft] = useState<ChangeDraft | null>(null);
  const others = [
    ...names
      .filter((name) => !engines.includes(name))
      .map((host) => ({
        host,
        why: 'only update_engine takes its channel from a file; another agent is moved on its own page',
      })),
    ...engines
      .filter((name) => !chosen.hosts.includes(name))
      .map((host) => ({ host, why: `another file than ${chosen.path} sets its channel` })),
  ];
  const taken = move?.draft?.parts.reduce((sum, part) => sum + part.hosts.length, 0) ?? 0;
  return (
    <section className="move-part" aria-label="To another channel">
      <h3>To the channel {channel}</h3>
      {asked.problem && <ProblemNote problem={asked.problem} />}
      {!asked.output && !asked.problem && chosen.hosts.length > 0 && (
        <WaitNote what={`Reading ${chosen.path} on ${count(chosen.hosts.length, 'host')}…`} />
      )}
      <LeftOutList leftOut={[...others, ...(move?.leftOut ?? [])]} />
      {draft && asked.output ? (
        <StagedDraft
          cluster={cluster}
          draft={draft}
          saw={asked.output.texts}
          title="Move to another channel"
          leave="Leave the move"
          onLeave={onLeave}
        />
      ) : (
        move?.draft && (
          <Button kind="primary" onClick={() => setDraft(move.draft)}>
            Plan the move of {count(taken, 'host')}
          </Button>
        )
      )}
    </section>
  );
}

/** The file that sets the channel of most of these hosts, with those hosts. */
function byPath(
  names: readonly string[],
  hosts: ReadonlyMap<string, RecordOf<'host'>>,
): { path: string; hosts: readonly string[] } {
  const paths = new Map<string, string[]>();
  for (const name of names) {
    const host = hosts.get(name);
    const home = host?.facts?.family === 'container-linux' ? 'coreos' : 'flatcar';
    const path = `/etc/${home}/update.conf`;
    paths.set(path, [...(paths.get(path) ?? []), name]);
  }
  const [most] = [...paths].toSorted((a, b) => b[1].length - a[1].length);
  return most ? { path: most[0], hosts: most[1] } : { path: '', hosts: nobody };
}
