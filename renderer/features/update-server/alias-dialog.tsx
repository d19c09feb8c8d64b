import { useState } from 'react';
import type { ServerApp, ServerGroup, ServerInstance } from '#shared/contract/update-server.ts';
import { TextField } from '../../ui/field.tsx';
import { EditDialog } from './edit-dialog.tsx';

/** What an instance is called on the server; the host's own name is offered. */
export function AliasDialog({
  app,
  group,
  instance,
  onClose,
}: {
  readonly app: ServerApp;
  readonly group: ServerGroup;
  readonly instance: ServerInstance;
  readonly onClose: () => void;
}) {
  const [alias, setAlias] = useState(instance.alias || (instance.host ?? ''));
  return (
    <EditDialog
      title="Set an alias"
      verb={`Call it ${alias || 'nothing'}`}
      edit={{ verb: 'set-alias', app: app.id, group: group.id, instance: instance.id, alias }}
      nameOf={(text) => text}
      onClose={onClose}
    >
      <TextField
        label="Alias"
        autoFocus
        maxLength={256}
        value={alias}
        hint={instance.id}
        onChange={(event) => setAlias(event.target.value)}
      />
    </EditDialog>
  );
}
