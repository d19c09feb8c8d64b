import { useState } from 'react';
import { ActionOutcomes } from '../../parts/action-outcomes.tsx';
import { RebootConfirm } from '../../parts/reboot-confirm.tsx';
import { useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Tick, Choice } from '../../ui/field.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { count, some } from '../../words/amounts.ts';
import './reboot.css';

const speeds = ['1', '2', '5', '10'].map((value) => ({ value, label: value === '1' ? 'one' : value }));

/** Reboots one or many hosts: what each would meet, how many at once, the confirmation, and how it goes. */
export function RebootDialog({ hosts, onClose }: { readonly hosts: readonly string[]; readonly onClose: () => void }) {
  const operate = useOperate();
  const [now, setNow] = useState(false);
  const [atOnce, setAtOnce] = useState('1');
  const [action, setAction] = useState<string | null>(null);
  const noun = hosts.length === 1 ? (hosts[0] ?? '') : count(hosts.length, 'host');
  return (
    <Dialog
      title={`Reboot ${noun}`}
      about={hosts.length > 1 ? some(hosts, 6) : undefined}
      width={600}
      onClose={onClose}
      footer={action === null && operate ? undefined : <Button onClick={onClose}>Close</Button>}
    >
      {!operate && (
        <EmptyNote title="This cluster is only observed">
          <p>Nothing on its hosts can be changed from here. The mode is under Settings.</p>
        </EmptyNote>
      )}
      {operate && action === null && (
        <div className="reboot-form">
          <p className="faint">
            A host goes down under the cluster’s reboot lock, and only while etcd keeps its quorum without it. It is
            marked as down on purpose until it is back.
          </p>
          {hosts.length > 1 && <Choice label="Down at once" value={atOnce} options={speeds} onChange={setAtOnce} />}
          <Tick label="Do not wait for people who are logged in" checked={now} onChange={setNow} />
          <RebootConfirm
            key={`${now} ${atOnce}`}
            hosts={hosts}
            options={{ now, windows: null, atOnce: Number(atOnce) }}
            onClose={onClose}
            onStarted={setAction}
          />
        </div>
      )}
      {action !== null && (
        <>
          <ActionOutcomes action={action} />
          <p className="faint">It goes on when this is closed; the page of each host shows it too.</p>
        </>
      )}
    </Dialog>
  );
}
