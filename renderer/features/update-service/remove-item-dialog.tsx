import type { SetupKind } from '#shared/contract/update-service.ts';
import { useDo } from '../../state/calls.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
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
    <Dialog
      title={`Remove ${words[kind]} ${name}?`}
      about={about}
      width={480}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep {name}</Button>
          <Button
            kind="danger"
            disabled={remove.busy}
            onClick={() => void remove.run({ kind, id, revision }).then((done) => done && onClose())}
          >
            Remove {words[kind]} {name}
          </Button>
        </>
      }
    >
      {remove.problem && <ProblemNote problem={remove.problem} />}
    </Dialog>
  );
}
