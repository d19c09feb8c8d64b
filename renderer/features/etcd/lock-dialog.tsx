import { useState } from 'react';
import { type LockEdit, type LockHolder, mostSlots, type RebootLock } from '#shared/contract/reboot-lock.ts';
import { useDo, useQuery } from '../../state/calls.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { lockName } from './lock-words.ts';

/** What a person wants of a lock, and the lock as it was when the wish was made. */
export type LockWish = { readonly lock: RebootLock } & (
  | { readonly verb: 'clear'; readonly holder: LockHolder }
  | { readonly verb: 'set-max'; readonly max: number }
);

/** Shows exactly what would be written over what, and writes it when it is confirmed; a lock that moved is planned anew. */
export function LockDialog({ wish, onClose }: { readonly wish: LockWish; readonly onClose: () => void }) {
  const { lock } = wish;
  const { kind, group } = lock;
  const [max, setMax] = useState(String(wish.verb === 'set-max' ? wish.max : ''));
  const slots = /^\d{1,4}$/.test(max) && Number(max) >= 1 && Number(max) <= mostSlots ? Number(max) : null;
  const edit = editOf(wish, slots);
  const plan = useQuery('locks.plan', edit && { kind, group, edit });
  const clear = useDo('locks.clear');
  const size = useDo('locks.set-max');
  const doing = wish.verb === 'clear' ? clear : size;
  const planned = edit && !plan.waiting && !plan.problem ? plan.output : null;
  const same = planned !== null && planned.before === planned.after;
  const confirm = async () => {
    if (!planned || !edit) return;
    const at = { kind, group, revision: planned.revision };
    const done =
      edit.verb === 'clear'
        ? await clear.run({ ...at, holder: edit.holder })
        : await size.run({ ...at, max: edit.max });
    if (done) onClose();
    else plan.again();
  };
  return (
    <Dialog
      title={wish.verb === 'clear' ? 'Clear this holder' : 'Set how many may reboot at once'}
      about={lockName(lock)}
      width={620}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" disabled={!planned || same || doing.busy} onClick={() => void confirm()}>
            {wish.verb === 'clear'
              ? `Clear ${wish.holder.host ?? wish.holder.id} from ${lockName(lock)}`
              : `Set max of ${lockName(lock)} from ${lock.max} to ${slots ?? '…'}`}
          </Button>
        </>
      }
    >
      <div className="lock-dialog">
        {wish.verb === 'set-max' && (
          <TextField
            label="Slots"
            inputMode="numeric"
            autoFocus
            value={max}
            error={slots === null ? `A whole number from 1 to ${mostSlots}.` : undefined}
            hint="So many hosts of this group may reboot at the same time."
            onChange={(event) => setMax(event.target.value)}
          />
        )}
        {wish.verb === 'clear' && <p className="mono">{wish.holder.id}</p>}
        {edit && plan.waiting && <WaitNote what="Reading the lock…" />}
        {plan.problem && <ProblemNote problem={plan.problem} />}
        {planned?.warnings.map((warning) => (
          <p key={warning} className="lock-warning">
            {warning}
          </p>
        ))}
        {planned && (
          <>
            <h3>Now</h3>
            <MachineText label="Value now" text={planned.before} wrap />
            <h3>Then</h3>
            <MachineText label="Value then" text={planned.after} wrap />
            <p className="faint">
              Written to <code>{planned.key}</code> only while it is at {kind === 'locksmith' ? 'index' : 'revision'}{' '}
              {planned.revision}.
            </p>
          </>
        )}
        {doing.problem && <ProblemNote problem={doing.problem} />}
      </div>
    </Dialog>
  );
}

function editOf(wish: LockWish, slots: number | null): LockEdit | null {
  if (wish.verb === 'clear') return { verb: 'clear', holder: wish.holder.id };
  return slots === null ? null : { verb: 'set-max', max: slots };
}
