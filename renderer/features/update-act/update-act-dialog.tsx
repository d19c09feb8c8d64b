import { useState } from 'react';
import { channelName, releaseName, type UpdateAct, type UpdateActKind } from '#shared/contract/update-act.ts';
import { UpdateOutcomes } from '../../parts/action-outcomes.tsx';
import { UpdateConfirm } from '../../parts/update-confirm.tsx';
import { useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import './update-act.css';

type Told = Exclude<UpdateActKind, 'pin' | 'unpin'> | 'security';

const options: readonly { value: Told; label: string }[] = [
  { value: 'check', label: 'Check for updates' },
  { value: 'download', label: 'Take what is offered' },
  { value: 'security', label: 'Install security updates' },
  { value: 'reset', label: 'Forget the update that waits' },
  { value: 'roll-back', label: 'Prepare a roll back' },
  { value: 'hold', label: 'Hold a release' },
  { value: 'lift-hold', label: 'Lift a hold' },
  { value: 'set-channel', label: 'Set the channel' },
  { value: 'stop', label: 'Stop updates' },
  { value: 'resume', label: 'Resume updates' },
];

/** Tells the update agents of one or many hosts something: choose it, read what it means on each, confirm, watch. */
export function UpdateActDialog({
  hosts,
  onClose,
}: {
  readonly hosts: readonly string[];
  readonly onClose: () => void;
}) {
  const operate = useOperate();
  const [kind, setKind] = useState<Told>('check');
  const [word, setWord] = useState('');
  const [planned, setPlanned] = useState(false);
  const [action, setAction] = useState<string | null>(null);
  const act = actOf(kind, word.trim());
  const noun = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  const asks = kind === 'hold' || kind === 'lift-hold' ? 'Release' : kind === 'set-channel' ? 'Channel' : null;
  return (
    <Dialog
      title={`Update ${noun}`}
      about={hosts.length > 1 ? some(hosts, 6) : undefined}
      width={680}
      onClose={onClose}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {!operate && (
        <EmptyNote title="This cluster is only observed">
          <p>Nothing on its hosts can be changed from here. The mode is under Settings.</p>
        </EmptyNote>
      )}
      {operate && (
        <form
          className="update-act-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (act) setPlanned(true);
          }}
        >
          <Choice
            label="Tell the agents"
            value={kind}
            options={options}
            onChange={(kind) => {
              setKind(kind);
              setPlanned(false);
            }}
          />
          {asks && (
            <TextField
              label={asks}
              autoFocus
              value={word}
              placeholder={asks === 'Channel' ? 'beta' : '4230.2.1'}
              error={word.trim() !== '' && !act ? `This is no name of a ${asks.toLowerCase()}.` : undefined}
              onChange={(event) => {
                setWord(event.target.value);
                setPlanned(false);
              }}
            />
          )}
          <Button type="submit" disabled={!act || planned}>
            Show the plan
          </Button>
        </form>
      )}
      {operate && planned && act && (
        <UpdateConfirm
          key={JSON.stringify(act)}
          hosts={hosts}
          act={act}
          onClose={() => setPlanned(false)}
          onStarted={setAction}
        />
      )}
      {action !== null && <UpdateOutcomes action={action} />}
    </Dialog>
  );
}

/** Null while what it needs is not said yet. */
function actOf(kind: Told, word: string): UpdateAct | null {
  switch (kind) {
    case 'hold':
    case 'lift-hold':
      return releaseName.safeParse(word).success ? { kind, version: word } : null;
    case 'set-channel':
      return channelName.safeParse(word).success ? { kind, channel: word } : null;
    case 'security':
      return { kind: 'download', only: 'security' };
    default:
      return { kind };
  }
}
