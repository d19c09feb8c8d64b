import { useState } from 'react';
import type { ServerApp, ServerPackage } from '#shared/contract/update-server.ts';
import { Choice, TextField } from '../../ui/field.tsx';
import { ArchChoice, type FlatcarArch } from './arch-choice.tsx';
import { EditDialog } from './edit-dialog.tsx';

const usual = '#1fbb86';

/** A new channel of an application. */
export function NewChannelDialog({
  app,
  packages,
  onClose,
}: {
  readonly app: ServerApp;
  readonly packages: readonly ServerPackage[];
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [arch, setArch] = useState<FlatcarArch>('1');
  const [of, setOf] = useState('');
  const fitting = packages.filter((item) => item.arch === Number(arch));
  const usable = name.trim() !== '' && name.trim().length <= 50;
  return (
    <EditDialog
      title={`Add a channel to ${app.name}`}
      verb={`Add channel ${name.trim() || '…'}`}
      edit={
        usable
          ? {
              verb: 'add-channel',
              app: app.id,
              name: name.trim(),
              color: usual,
              arch: Number(arch),
              package: of || null,
            }
          : null
      }
      nameOf={(text) => packages.find(({ id }) => id === text)?.version ?? text}
      onClose={onClose}
    >
      <div className="server-form">
        <TextField
          label="Name"
          autoFocus
          value={name}
          error={name.trim().length > 50 ? 'At most 50 characters.' : undefined}
          onChange={(event) => setName(event.target.value)}
        />
        <ArchChoice
          value={arch}
          onChange={(value) => {
            setArch(value);
            setOf('');
          }}
        />
        <Choice
          label="Package"
          value={of}
          options={[
            { value: '', label: 'none yet' },
            ...fitting.map(({ id, version }) => ({ value: id, label: version })),
          ]}
          onChange={setOf}
        />
      </div>
    </EditDialog>
  );
}
