import { SinceWhen } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { FactsList } from '../../ui/facts-list.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { statusSigns } from './service-words.ts';

/** What a machine said of itself and what came of its updates, the newest first. */
export function InstanceDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { output, problem } = useQuery('update-service.instance', { id });
  return (
    <Dialog title={output?.alias || 'Machine'} about={<code>{id}</code>} width={600} onClose={onClose}>
      {problem && <ProblemNote problem={problem} />}
      {!output && !problem && <WaitNote what="Reading its history…" />}
      {output && (
        <div className="service-form">
          <FactsList
            facts={[
              ['Version', output.version],
              ['First version', output.alephVersion],
              ['Platform', output.oem],
              ['Address', output.address],
              ['Known since', <SinceWhen key="known" at={output.createdAt} />],
            ]}
          />
          {output.history.length === 0 && <p className="faint">It was given nothing yet.</p>}
          {output.history.length > 0 && (
            <table className="plain-table">
              <caption className="unseen">History</caption>
              <thead>
                <tr>
                  <th>When</th>
                  <th>Status</th>
                  <th>Version</th>
                  <th className="end">Error</th>
                </tr>
              </thead>
              <tbody>
                {output.history.map((one) => (
                  <tr key={`${one.at} ${one.status}`}>
                    <td>
                      <SinceWhen at={one.at} />
                    </td>
                    <td>
                      <SignWord sign={statusSigns[one.status]} />
                    </td>
                    <td>{one.version}</td>
                    <td className="end">{one.errorCode ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      )}
    </Dialog>
  );
}
