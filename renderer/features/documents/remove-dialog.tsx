import { useState } from 'react';
import { useDo } from '../../state/calls.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';

/** Takes a document away from the team's; what it brought to hosts stays there. */
export function RemoveDialog({
  name,
  base,
  onClose,
}: {
  readonly name: string;
  readonly base: number;
  readonly onClose: () => void;
}) {
  const [message, setMessage] = useState('');
  const remove = useDo('document.remove');
  return (
    <Dialog
      title={`Remove ${name}?`}
      about="Nothing is changed on a host: they are no longer compared with it. Its revisions are kept, and any of them can be restored."
      width={480}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep {name}</Button>
          <Button
            kind="danger"
            disabled={remove.busy}
            onClick={() => {
              void remove.run({ name, base, message: message.trim() }).then((done) => done && onClose());
            }}
          >
            Remove {name}
          </Button>
        </>
      }
    >
      <TextField
        label="Why"
        value={message}
        maxLength={500}
        autoFocus
        onChange={(event) => setMessage(event.target.value)}
      />
      {remove.problem && <ProblemNote problem={remove.problem} />}
    </Dialog>
  );
}
