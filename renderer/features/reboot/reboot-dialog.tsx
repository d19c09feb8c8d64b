import { useState } from 'react';
import { type RebootWindows, stateInWords, windowState } from '#shared/lib/reboot/window.ts';
import { ActionOutcomes } from '../../parts/action-outcomes.tsx';
import { RebootConfirm } from '../../parts/reboot-confirm.tsx';
import { WindowsFields } from '../../parts/windows-fields.tsx';
import { readWindows, type WindowsForm, windowsFormOf } from '../../parts/windows-form.ts';
import { useFromTime, useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Tick, Choice } from '../../ui/field.tsx';
import { EmptyNote, WaitNote } from '../../ui/notes.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { count, some } from '../../words/amounts.ts';
import './reboot.css';

const speeds = ['1', '2', '5', '10'].map((value) => ({ value, label: value === '1' ? 'one' : value }));

/** Reboots one or many hosts: what each would meet, how many at once, the confirmation, and how it goes. */
export function RebootDialog({ hosts, onClose }: { readonly hosts: readonly string[]; readonly onClose: () => void }) {
  const operate = useOperate();
  const [now, setNow] = useState(false);
  const [atOnce, setAtOnce] = useState('1');
  const [form, setForm] = useState(() => ({ ...windowsFormOf(null), timeZone: zoneHere() }));
  const [action, setAction] = useState<string | null>(null);
  const errors: Partial<Record<keyof WindowsForm, string>> = {};
  const windows = readWindows(form, (field, text) => {
    errors[field] ??= text;
  });
  const isWrong = Object.keys(errors).length > 0;
  const options = { now, windows, atOnce: Number(atOnce) };
  const key = JSON.stringify(options);
  // Asked once a window is typed, not with each of its letters.
  const settled = useSettled(options, 300);
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
          <WindowsFields form={form} errors={errors} set={(change) => setForm({ ...form, ...change })} />
          {windows && !isWrong && <WhenItBegins windows={windows} isMany={hosts.length > 1} />}
          {isWrong ? (
            <p className="faint">What a reboot would meet is shown once the windows are complete.</p>
          ) : key === JSON.stringify(settled) ? (
            <RebootConfirm
              key={key}
              hosts={hosts}
              options={options}
              takesFocus={windows === null}
              onClose={onClose}
              onStarted={setAction}
            />
          ) : (
            <WaitNote what="Looking at what that would meet…" />
          )}
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

/** When hosts begin to go down, renewed as time passes. */
function WhenItBegins({ windows, isMany }: { readonly windows: RebootWindows; readonly isMany: boolean }) {
  const text = useFromTime((now) => {
    const which = isMany ? 'a host whose turn comes once it is closed waits' : 'if it is not ready by then, it waits';
    return windowState(windows, now).open
      ? `It begins at once, as the window is ${stateInWords(windows, now)}; ${which} for the next.`
      : `It begins when the window ${stateInWords(windows, now)}. It waits for that as long as this console runs, and can be cancelled until then.`;
  });
  return <p>{text}</p>;
}

/** Whoever asks by hand thinks in the clock on their own wall; a policy is for everybody, and begins in UTC. */
function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
