import { useEffect, useRef, useState } from 'react';
import type { HostUpdate } from '#shared/contract/update.ts';
import { channelName, type PossibleAct, type UpdateAct } from '#shared/contract/update-act.ts';
import { UpdateOutcomes } from '../../parts/action-outcomes.tsx';
import { actButton } from '../../parts/act-button.ts';
import { UpdateConfirm } from '../../parts/update-confirm.tsx';
import { useQuery } from '../../state/calls.ts';
import { useOperate, useRecords } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import './update-acts.css';

/** What this host's agent can be told; each button shows its plan first, and one that is off says why. Absent in observe mode. */
export function UpdateActs({ host, update }: { readonly host: string; readonly update: HostUpdate }) {
  const operate = useOperate();
  return operate ? <Acts host={host} update={update} /> : null;
}

function Acts({ host, update }: { readonly host: string; readonly update: HostUpdate }) {
  const { output, problem, again } = useQuery('updates.acts', { host });
  const [acts, setActs] = useState<readonly PossibleAct[]>([]);
  if (output && output.acts !== acts) setActs(output.acts);
  const [chosen, setChosen] = useState<UpdateAct | null>(null);
  const [asksChannel, setAsksChannel] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const latest = useLatest(host);
  // What it may be told follows from what it says; its progress alone changes none of it.
  const said = JSON.stringify({ ...update, readAt: 0, progress: null, phaseText: '', lastCheckAt: null });
  const before = useRef(said);
  useEffect(() => {
    if (before.current === said) return;
    before.current = said;
    again();
  }, [said, again]);
  const action = told ?? latest;
  const off = acts.filter(({ why }) => why !== null);
  return (
    <section className="card update-acts" aria-label="Tell the agent">
      {problem && <ProblemNote problem={problem} />}
      {chosen === null && !asksChannel && (
        <div className="update-act-buttons" role="group" aria-label="What the agent can be told">
          {acts.map(({ act, why }) => (
            <Button
              key={JSON.stringify(act)}
              disabled={why !== null}
              title={why === null ? undefined : `Not now: ${why}`}
              onClick={() => (act.kind === 'set-channel' ? setAsksChannel(true) : setChosen(act))}
            >
              {actButton(act, update)}
            </Button>
          ))}
        </div>
      )}
      {chosen === null && !asksChannel && off.length > 0 && (
        <details className="faint">
          <summary>Why {off.length === 1 ? 'one of these is' : 'some of these are'} off</summary>
          <ul>
            {off.map(({ act, why }) => (
              <li key={JSON.stringify(act)}>
                {actButton(act, update)}: {why}.
              </li>
            ))}
          </ul>
        </details>
      )}
      {asksChannel && (
        <ChannelForm
          present={update.channel ?? ''}
          onClose={() => setAsksChannel(false)}
          onChosen={(channel) => {
            setAsksChannel(false);
            setChosen({ kind: 'set-channel', channel });
          }}
        />
      )}
      {chosen && <UpdateConfirm hosts={[host]} act={chosen} onClose={() => setChosen(null)} onStarted={setTold} />}
      {action !== null && chosen === null && <UpdateOutcomes action={action} host={host} />}
    </section>
  );
}

function ChannelForm({
  present,
  onChosen,
  onClose,
}: {
  readonly present: string;
  readonly onChosen: (channel: string) => void;
  readonly onClose: () => void;
}) {
  const [channel, setChannel] = useState('');
  const fits = channelName.safeParse(channel.trim()).success && channel.trim() !== present;
  return (
    <form
      className="update-act-channel"
      aria-label="Set the channel"
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) onChosen(channel.trim());
      }}
    >
      <TextField
        label="Channel"
        autoFocus
        placeholder={present}
        hint={present ? `Now ${present}.` : undefined}
        value={channel}
        onChange={(event) => setChannel(event.target.value)}
      />
      <Button type="submit" disabled={!fits}>
        Show the plan
      </Button>
      <Button kind="quiet" onClick={onClose}>
        Cancel
      </Button>
    </form>
  );
}

/** The last that was told to this host from here; null when nothing was. */
function useLatest(host: string): string | null {
  const actions = useRecords('update-action');
  const mine = [...actions].filter(([, { about }]) => about?.plan.steps.some((step) => step.host === host));
  return mine.toSorted(([, a], [, b]) => (b.about?.startedAt ?? 0) - (a.about?.startedAt ?? 0))[0]?.[0] ?? null;
}
