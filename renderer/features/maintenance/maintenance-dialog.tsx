import { useState } from 'react';
import type { Sections } from '#shared/contract/records.ts';
import { useDo } from '../../state/calls.ts';
import { useConsole } from '../../state/console.ts';
import { useSection } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';

const lengths = [
  { value: '30', label: '30 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: '1 day' },
  { value: '10080', label: '1 week' },
];

/** Who reads the reason, by where it is kept. */
function readers(place: Sections['cluster']['maintenance'] | undefined): string {
  if (place?.kind === 'etcd')
    return 'Everyone who looks at this host reads it: it is kept in the etcd of this cluster.';
  return 'Only this console shows it: the cluster has no etcd to share it through.';
}

/** Marks hosts as down on purpose: with a reason and an end, so that their silence alarms nobody. */
export function MaintenanceDialog({
  hosts,
  onClose,
}: {
  readonly hosts: readonly string[];
  readonly onClose: () => void;
}) {
  const { clock } = useConsole();
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('60');
  const mark = useDo('hosts.maintenance');
  const place = useSection('cluster', '', 'maintenance');
  const noun = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  const submit = async () => {
    const maintenance = { reason: reason.trim(), until: clock.now() + Number(minutes) * 60_000 };
    if (await mark.run({ hosts: [...hosts], maintenance })) onClose();
  };
  return (
    <Dialog
      title={`Mark ${noun} down on purpose`}
      about="Nothing is done to the host. Its health stops asking for attention until the time is over or you end it."
      width={480}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={reason.trim() === '' || mark.busy} onClick={() => void submit()}>
            Mark {noun} down on purpose
          </Button>
        </>
      }
    >
      <form
        className="maintenance-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== '') void submit();
        }}
      >
        <TextField
          label="Reason"
          hint={readers(place)}
          placeholder="Disk swap in rack 4"
          autoFocus
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
        <Choice label="For" value={minutes} options={lengths} onChange={setMinutes} />
        {hosts.length > 1 && <p className="faint">{some(hosts, 8)}</p>}
        {mark.problem && <ProblemNote problem={mark.problem} />}
      </form>
    </Dialog>
  );
}
