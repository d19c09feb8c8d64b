import { useState } from 'react';
import { channelName, releaseName, type UpdateAct, type UpdateActKind } from '#shared/contract/update-act.ts';
import { ActOnHosts, nounOf } from '../../parts/act-on-hosts.tsx';
import { UpdateOutcomes } from '../../parts/action-outcomes.tsx';
import { UpdateConfirm } from '../../parts/update-confirm.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
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
  const [kind, setKind] = useState<Told>('check');
  const [word, setWord] = useState('');
  const act = actOf(kind, word.trim());
  const asks = kind === 'hold' || kind === 'lift-hold' ? 'Release' : kind === 'set-channel' ? 'Channel' : null;
  return (
    <ActOnHosts
      hosts={hosts}
      title={`Update ${nounOf(hosts)}`}
      width={680}
      formClass="update-act-form"
      ready={act !== null}
      renderFields={(changed) => (
        <>
          <Choice
            label="Tell the agents"
            value={kind}
            options={options}
            onChange={(kind) => {
              setKind(kind);
              changed();
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
                changed();
              }}
            />
          )}
        </>
      )}
      renderConfirm={(close, started) =>
        act && <UpdateConfirm key={JSON.stringify(act)} hosts={hosts} act={act} onClose={close} onStarted={started} />
      }
      renderOutcomes={(action) => <UpdateOutcomes action={action} />}
      onClose={onClose}
    />
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
