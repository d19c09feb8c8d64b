import type { SetupKind } from '#shared/contract/update-service.ts';
import { useDo } from '../../state/calls.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ProblemNote } from '../../ui/notes.tsx';

const words: Readonly<Record<SetupKind, string>> = { packages: 'package', channels: 'channel', groups: 'group' };

/** Takes one thing of the update service away. */
export function RemoveItemDialog({
  kind,
  name,
  about,
  id,
  revision,
  onClose,
}: {
  readonly kind: SetupKind;
  readonly name: string;
  readonly about: string;
  readonly id: string;
  readonly revision: number;
  readonly onClose: () => void;
}) {
  const remove = useDo('update-service.remove');
  return (
    <ConfirmDialog
      title={`Remove ${words[kind]} ${name}?`}
      about={about}
      width={480}
      verb={`Remove ${words[kind]} ${name}`}
      danger
      disabled={remove.busy}
      cancel={`Keep ${name}`}
      onConfirm={() => void remove.run({ kind, id, revision }).then((done) => done && onClose())}
      onClose={onClose}
    >
      {remove.problem && <ProblemNote problem={remove.problem} />}
    </ConfirmDialog>
  );
}
