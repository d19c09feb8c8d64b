import { useState } from 'react';
import { instanceStatuses, type InstanceStatus, type UpdateService } from '#shared/contract/update-service.ts';
import type { CallOutput } from '#shared/contract/calls.ts';
import { usePolled } from '../../state/use-polled.ts';
import { Ago } from '../../parts/since.tsx';
import { useConsole } from '../../state/console.ts';
import { useKeys } from '../../state/keyboard.ts';
import { printRoute } from '../../state/routes.ts';
import { useSettled } from '../../ui/use-settled.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { InstanceDialog } from './instance-dialog.tsx';
import { statusSigns } from './service-words.ts';

const everyMs = 3000;
const most = 300;

/** Every machine that asked: what it does, what it has, when it was heard, and which host of the cluster it is. */
export function InstancesPart({
  cluster,
  service,
  group,
}: {
  readonly cluster: string;
  readonly service: UpdateService;
  readonly group: string | null;
}) {
  const { router } = useConsole();
  const [text, setText] = useState('');
  const [status, setStatus] = useState<InstanceStatus | ''>('');
  const [shown, setShown] = useState<string | null>(null);
  const asked = usePolled(
    'update-service.instances',
    { group, status: status || null, text: useSettled(text, 200), most },
    everyMs,
  );
  const { output, problem } = asked;
  useKeys('Instances', 'view', [
    { keys: '/', label: 'Filter', run: () => document.querySelector<HTMLInputElement>('[data-filter]')?.focus() },
  ]);
  const choose = (id: string) =>
    router.replace({ view: 'update-service', cluster, part: 'instances', ...(id !== '' && { group: id }) });
  return (
    <>
      <header className="service-bar">
        <TextField
          label="Filter instances"
          className="service-filter"
          data-filter
          placeholder="Host, machine id, address or version"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Choice
          label="Group"
          value={group ?? ''}
          options={[
            { value: '', label: 'all' },
            ...service.groups.map(({ value }) => ({ value: value.id, label: `${value.name} (${value.arch})` })),
          ]}
          onChange={choose}
        />
        <Choice
          label="Status"
          value={status}
          options={[
            { value: '', label: 'any' },
            ...instanceStatuses.map((one) => ({
              value: one,
              label: `${statusSigns[one].word} (${output?.counts[one] ?? 0})`,
            })),
          ]}
          onChange={setStatus}
        />
      </header>
      {problem && <ProblemNote problem={problem} />}
      {!output && !problem && <WaitNote what="Reading the instances…" />}
      {output?.total === 0 && (
        <EmptyNote
          title={
            text === '' && status === '' && group === null ? 'No machine has asked yet' : 'No machine is like that'
          }
        >
          <p>A machine appears with its first check after its update.conf names this server.</p>
        </EmptyNote>
      )}
      {output && output.total > 0 && (
        <InstanceTable cluster={cluster} service={service} output={output} onShow={setShown} />
      )}
      {output && output.total > output.instances.length && (
        <p className="faint">
          The first {output.instances.length} of {output.total} are shown.
        </p>
      )}
      {shown !== null && <InstanceDialog id={shown} onClose={() => setShown(null)} />}
    </>
  );
}

function InstanceTable({
  cluster,
  service,
  output,
  onShow,
}: {
  readonly cluster: string;
  readonly service: UpdateService;
  readonly output: CallOutput<'update-service.instances'>;
  readonly onShow: (id: string) => void;
}) {
  const groupName = (id: string) => service.groups.find(({ value }) => value.id === id)?.value.name ?? 'gone';
  return (
    <table className="plain-table service-table">
      <caption className="unseen">Instances</caption>
      <thead>
        <tr>
          <th>Machine</th>
          <th>Status</th>
          <th>Version</th>
          <th>Last granted</th>
          <th>Group</th>
          <th>Address</th>
          <th className="end">Last check</th>
          <th className="end">
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {output.instances.map((one) => {
          const name = one.host ?? (one.alias || one.id);
          return (
            <tr key={one.id}>
              <td>
                {one.host === null ? (
                  <b className={one.alias === '' ? 'mono' : undefined}>{name}</b>
                ) : (
                  <a href={printRoute({ view: 'host', cluster, host: one.host, tab: 'updates', unit: null })}>
                    {one.host}
                  </a>
                )}
                {name !== one.id && <div className="faint mono">{one.id}</div>}
              </td>
              <td>
                <SignWord sign={statusSigns[one.status]} />
              </td>
              <td className="whole">{one.version}</td>
              <td>
                {one.grantedVersion === '' ? (
                  <span className="faint">nothing</span>
                ) : (
                  <>
                    <span className="whole">{one.grantedVersion}</span>{' '}
                    {one.grantedAt !== null && (
                      <span className="faint">
                        <Ago at={one.grantedAt} />
                      </span>
                    )}
                  </>
                )}
              </td>
              <td className="words">{groupName(one.group)}</td>
              <td className="mono whole">{one.address}</td>
              <td className="end">
                <Ago at={one.lastCheckAt} />
              </td>
              <td className="end">
                <Button kind="quiet" onClick={() => onShow(one.id)}>
                  Show history
                  <span className="unseen"> of {name}</span>
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
