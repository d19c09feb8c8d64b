import { useState } from 'react';
import type { ChangeState, ChangeVerb } from '#shared/contract/change.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import { isLookingAgain } from '#shared/lib/change/looking-again.ts';
import { hasMovedOn } from '#shared/lib/change/moved-on.ts';
import { isRollOut } from '#shared/lib/change/roll-out.ts';
import { allowedVerbs, countsAsFailed, hasFailed } from '#shared/lib/change/verbs.ts';
import { ChangePlanText } from '../../parts/change-plan.tsx';
import { Ago, Ahead } from '../../parts/since.tsx';
import { SudoPassword } from '../../parts/sudo-password.tsx';
import { useDo, useQuery } from '../../state/calls.ts';
import { useOperate, useRecords, useSection } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Segments } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { changeSigns, verbWords } from './change-signs.ts';
import { CheckAfter } from './check-after.tsx';
import { HostCourse } from './host-course.tsx';
import { MergeMoved } from './merge-moved.tsx';
import { UndoChange } from './undo-change.tsx';
import { WaveLanes } from './wave-lanes.tsx';
import { WorkBoard } from './work-board.tsx';

const buttonOrder: readonly ChangeVerb[] = [
  'start',
  'resume',
  'retry-failed',
  'pause',
  'stop',
  'roll-back',
  'hand-over',
  'take-over',
];
/** Only then is one of the waves the one that hosts are in. */
const underWay: ReadonlySet<ChangeState> = new Set(['running', 'paused', 'rolling-back']);
const undoable: ReadonlySet<ChangeState> = new Set(['committed', 'stopped']);
const dangerous: ReadonlySet<ChangeVerb> = new Set(['roll-back']);
const leading: ReadonlySet<ChangeVerb> = new Set(['start', 'resume', 'take-over']);

/** One change: how it stands and why, its waves with the hosts in them, what each wrote down, and what can be asked of it. */
export function ChangePage({ cluster, id }: { readonly cluster: string; readonly id: string }) {
  const operate = useOperate();
  const record = useRecords('change').get(id);
  const [shown, setShown] = useState<'hosts' | 'plan' | 'undo' | 'merge'>('hosts');
  const [picked, setPicked] = useState<string | null>(null);
  /** The one host that is merged; null for all that moved on. */
  const [merged, setMerged] = useState<string | null>(null);
  if (!record?.about || !record.progress || !record.hosts) return <WaitNote what="Waiting for word of the change…" />;
  const hosts = record.hosts;
  const allowed = allowedVerbs(record.progress, hosts, record.owner?.owner !== null);
  const one = hosts.find(({ host }) => host === picked);
  const isUnderWay = underWay.has(record.progress.state);
  const waves = { hosts, wave: isUnderWay ? record.progress.wave : null, picked, onPick: setPicked };
  const moved = hosts.filter(hasMovedOn).map(({ host }) => host);
  return (
    <section className="change" aria-label="The change">
      <ChangeHead id={id} record={record} />
      <div className="change-tabs">
        <Segments
          label="What is shown"
          value={shown}
          options={[
            { value: 'hosts', label: 'Hosts in their waves' },
            { value: 'plan', label: 'The plan' },
            ...(operate && undoable.has(record.progress.state) && hosts.some(({ state }) => state === 'done')
              ? [{ value: 'undo' as const, label: 'Undo it' }]
              : []),
            ...(operate && (moved.length > 0 || shown === 'merge')
              ? [{ value: 'merge' as const, label: `Merge on ${count(moved.length, 'host')} that moved on` }]
              : []),
          ]}
          onChange={(next) => {
            setMerged(null);
            setShown(next);
          }}
        />
      </div>
      {shown === 'plan' ? (
        <PlanOf id={id} />
      ) : shown === 'undo' ? (
        <UndoChange cluster={cluster} id={id} onLeave={() => setShown('hosts')} />
      ) : shown === 'merge' ? (
        <MergeMoved
          key={merged ?? ''}
          cluster={cluster}
          id={id}
          hosts={merged === null ? moved : [merged]}
          onLeave={() => setShown('hosts')}
        />
      ) : (
        <div className="change-body">
          {isRollOut(record.about) ? <WorkBoard cluster={cluster} {...waves} /> : <WaveLanes {...waves} />}
          {one && (
            <HostCourse
              key={one.host}
              id={id}
              host={one}
              allowed={allowed}
              onClose={() => setPicked(null)}
              onMerge={(host) => {
                setMerged(host);
                setShown('merge');
              }}
            />
          )}
        </div>
      )}
    </section>
  );
}

function ChangeHead({ id, record }: { readonly id: string; readonly record: RecordOf<'change'> }) {
  const { about, progress, hosts = [], owner } = record;
  if (!about || !progress) return null;
  const over = hosts.filter(({ state }) => state === 'done' || state === 'unchanged').length;
  const sum = `${over} of ${count(about.hosts, 'host')}`;
  const isLooking = isLookingAgain(progress.text);
  return (
    <header className="change-head">
      <div className="change-title">
        <h1>{about.title}</h1>
        <SignWord sign={changeSigns[progress.state]} />
        <span data-testid="change-sum">
          {sum}
          {progress.state === 'running' &&
            about.waves.length > 1 &&
            ` · wave ${progress.wave + 1} of ${about.waves.length}`}
          {isLooking && ` · ${progress.text}`}
          {progress.soaksUntil !== null && progress.text === '' && (
            <>
              {' '}
              · next wave <Ahead at={progress.soaksUntil} />
            </>
          )}
        </span>
      </div>
      {progress.text !== '' && progress.text !== sum && !isLooking && <p className="change-why">{progress.text}</p>}
      <p className="faint">
        By {about.by}, <Ago at={about.at} /> · change {about.id} · plan <code>{about.hash.slice(0, 12)}</code>
        {progress.approvals.map(({ by }) => ` · approved by ${by}`)}
        {owner?.owner && ` · driven by ${owner.owner.here ? 'this console' : owner.owner.person}`}
        {owner && !owner.owner && (progress.state === 'running' || progress.state === 'rolling-back') && (
          <b className="change-orphan"> · nobody drives it now</b>
        )}
      </p>
      <Verbs id={id} record={record} />
      {progress.state === 'committed' && !isRollOut(about) && <CheckAfter id={id} />}
    </header>
  );
}

function Verbs({ id, record }: { readonly id: string; readonly record: RecordOf<'change'> }) {
  const operate = useOperate();
  const user = useSection('app', '', 'user')?.name;
  const all = useRecords('host');
  const act = useDo('change.act');
  const approve = useDo('change.approve');
  const [password, setPassword] = useState('');
  const { about, progress, hosts = [], owner } = record;
  if (!operate || !about || !progress) return null;
  const verbs = allowedVerbs(progress, hosts, owner?.owner !== null);
  const approved = progress.approvals.some(({ hash }) => hash === about.hash);
  const waits = owner?.needsApproval === true && !approved && progress.state === 'planned';
  const offered = buttonOrder.filter((verb) => verbs.includes(verb) && !(waits && verb === 'start'));
  // Only who begins to drive from here needs it; the console that drives holds it already.
  const begins = !owner?.owner?.here && offered.length > 0;
  const needsPassword = begins && hosts.some(({ host }) => all.get(host)?.facts?.elevation === 'sudo-password');
  const given = password === '' ? null : password;
  // A pause that somebody asked for may hide failures, which are told before they can be accepted.
  const accepted = progress.text.startsWith('paused by') ? 0 : hosts.filter(countsAsFailed).length;
  const several = severalAtOnce(hosts).filter(({ verb, named }) => named.length > 0 && verbs.includes(verb));
  const problem = act.problem ?? approve.problem;
  return (
    <>
      {needsPassword && <SudoPassword keep="for-the-change" value={password} onChange={setPassword} />}
      <div className="change-verbs">
        {waits &&
          (about.by === user ? (
            <span className="faint">It waits for a second person to approve this very plan.</span>
          ) : (
            <Button kind="primary" disabled={approve.busy} onClick={() => void approve.run({ id, hash: about.hash })}>
              Approve this plan
            </Button>
          ))}
        {offered.map((verb) => (
          <Button
            key={verb}
            kind={dangerous.has(verb) ? 'danger' : leading.has(verb) ? 'primary' : 'plain'}
            title={verbWords[verb].means}
            disabled={act.busy}
            onClick={() => void act.run({ id, verb, host: null, password: given })}
          >
            {verb === 'resume' && accepted > 0
              ? `Resume in spite of ${count(accepted, 'failure')}`
              : verbWords[verb].label}
          </Button>
        ))}
        {several.map(({ verb, label, named }) => (
          <Button
            key={verb}
            title={verbWords[verb].means}
            disabled={act.busy}
            onClick={() => void act.run({ id, verb, host: named, password: given })}
          >
            {label}
          </Button>
        ))}
      </div>
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}

/** What is asked of all hosts at once that it is for. */
function severalAtOnce(hosts: NonNullable<RecordOf<'change'>['hosts']>) {
  const unsure = hosts.filter(({ state }) => state === 'inconclusive').map(({ host }) => host);
  const failed = hosts.filter(hasFailed).map(({ host }) => host);
  return [
    { verb: 'accept' as const, named: unsure, label: `Accept ${count(unsure.length, 'host')} as good` },
    { verb: 'skip' as const, named: failed, label: `Skip ${count(failed.length, 'failed host')}` },
  ];
}

function PlanOf({ id }: { readonly id: string }) {
  const read = useQuery('change.read', { id });
  if (read.problem) return <ProblemNote problem={read.problem} />;
  if (!read.output) return <WaitNote what="Reading the plan…" />;
  return (
    <div className="change-plan">
      <ChangePlanText plan={read.output.plan} />
    </div>
  );
}
