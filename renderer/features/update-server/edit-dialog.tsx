import type { ServerEdit } from '#shared/contract/update-server.ts';
import { useDo, useQuery } from '../../state/calls.ts';
import { useOperate } from '../../state/hooks.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { MachineText } from '../../ui/machine-text.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { fieldName } from './server-words.ts';

/**
 * Shows exactly what would be sent to the update server, and sends it when it is confirmed; where the server has something
 * else by then, nothing is sent and it is planned anew. Ids are told by `nameOf`.
 */
export function EditDialog({
  title,
  verb,
  edit,
  nameOf,
  onClose,
  children,
}: {
  readonly title: string;
  /** What the button says. */
  readonly verb: string;
  /** Null while the fields cannot be used. */
  readonly edit: ServerEdit | null;
  readonly nameOf: (id: string) => string;
  readonly onClose: () => void;
  readonly children: React.ReactNode;
}) {
  const operate = useOperate();
  const plan = useQuery('server.plan', edit && { edit });
  const write = useDo('server.write');
  const planned = edit && !plan.waiting && !plan.problem ? plan.output : null;
  const same = planned !== null && planned.lines.length === 0;
  const confirm = async () => {
    if (!planned || !edit) return;
    if (await write.run({ edit, base: planned.base })) onClose();
    else plan.again();
  };
  return (
    <ConfirmDialog
      title={title}
      width={680}
      verb={verb}
      disabled={!planned || same || write.busy || !operate}
      why={operate ? undefined : 'The cluster is in observe mode.'}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <div className="server-dialog">
        {children}
        {edit && plan.waiting && <WaitNote what="Reading what the server has now…" />}
        {plan.problem && <ProblemNote problem={plan.problem} />}
        {same && <p className="faint">The server has exactly this already.</p>}
        {planned && !same && (
          <section aria-label="What will be written">
            <table className="plain-table">
              <caption className="unseen">What will be written</caption>
              <thead>
                <tr>
                  <th>Field</th>
                  <th>Now</th>
                  <th>Then</th>
                </tr>
              </thead>
              <tbody>
                {planned.lines.map(({ name, before, after }) => (
                  <tr key={name}>
                    <td>{fieldName(name)}</td>
                    <td>{nameOf(before) || '–'}</td>
                    <td>
                      <b>{nameOf(after)}</b>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {planned.warnings.map((warning) => (
              <p key={warning} className="server-warning">
                {warning}
              </p>
            ))}
            <details>
              <summary>The exact request</summary>
              <MachineText label="Request" text={`${planned.request}\n${planned.body}`} wrap />
            </details>
          </section>
        )}
        {!operate && (
          <p className="server-warning">The cluster is in observe mode: this can be looked at, not written.</p>
        )}
        {write.problem && <ProblemNote problem={write.problem} />}
      </div>
    </ConfirmDialog>
  );
}
