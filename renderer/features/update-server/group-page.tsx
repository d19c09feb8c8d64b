import { useEffect, useState } from 'react';
import type { ServerApp, ServerGroup, ServerInstance } from '#shared/contract/update-server.ts';
import { policySentence } from '#shared/lib/update/server-words.ts';
import { Ago } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { useOperate } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { FactsList } from '../../ui/facts-list.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { ServerActivityPart } from './server-activity.tsx';
import { statusSigns } from './server-words.ts';
import { StatsBar } from './stats-bar.tsx';

/** One group of the update server: its policy, and who asks for it. */
export function GroupPage({
  cluster,
  app,
  group,
  readAt,
}: {
  readonly cluster: string;
  readonly app: ServerApp;
  readonly group: ServerGroup;
  readonly readAt: number | null;
}) {
  const operate = useOperate();
  const [editing, setEditing] = useState(false);
  const channel = app.channels.find(({ id }) => id === group.channel);
  return (
    <>
      <section className="card" aria-label="Policy">
        <div className="server-line">
          <h2>Policy</h2>
          {group.rolloutInProgress && (
            <SignWord sign={{ tone: 'moving', shape: 'dots', word: 'roll-out in progress' }} />
          )}
          <Button onClick={() => setEditing(true)}>{operate ? 'Edit policy' : 'Look at policy'}</Button>
        </div>
        <p>{policySentence(group.policy)}</p>
        <FactsList
          facts={[
            ['Channel', channel ? `${channel.name} → ${channel.version ?? 'no package'}` : 'none: nothing is offered'],
            ['Track', <code key="track">{group.track || group.id}</code>],
            ['Update timeout', group.policy.updateTimeout],
            ['Time zone', group.policy.timeZone],
          ]}
        />
        <div className="server-gap">
          <StatsBar stats={group.stats} />
        </div>
      </section>
      <InstancesPart cluster={cluster} app={app} group={group} readAt={readAt} />
      <ServerActivityPart cluster={cluster} of={{ app: app.id, group: group.id }} />
      {editing && <PolicyDialog app={app} group={group} onClose={() => setEditing(false)} />}
    </>
  );
}

function InstancesPart({
  cluster,
  app,
  group,
  readAt,
}: {
  readonly cluster: string;
  readonly app: ServerApp;
  readonly group: ServerGroup;
  readonly readAt: number | null;
}) {
  const { output, problem, again } = useQuery('server.instances', { app: app.id, group: group.id });
  // With each reading of the server the instances are read too.
  useEffect(() => {
    if (readAt !== null) again();
  }, [readAt, again]);
  const [naming, setNaming] = useState<ServerInstance | null>(null);
  const hostLink = (host: string) => (
    <a href={printRoute({ view: 'host', cluster, host, tab: 'updates', unit: null })}>{host}</a>
  );
  return (
    <section className="card" aria-label="Instances">
      <h2>Who asked in the last day</h2>
      {problem && <ProblemNote problem={problem} />}
      {!output && !problem && <WaitNote what="Reading the instances…" />}
      {output?.instances.length === 0 && <p className="faint">Nobody asked for this group.</p>}
      {output && output.instances.length > 0 && (
        <table className="plain-table">
          <caption className="unseen">Instances</caption>
          <thead>
            <tr>
              <th>Host</th>
              <th>Status</th>
              <th>Runs</th>
              <th>Granted</th>
              <th>Asked</th>
              <th className="end">
                <span className="unseen">Act</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {output.instances.map((instance) => (
              <tr key={instance.id}>
                <td>
                  {instance.host === null ? <b>not in this cluster</b> : hostLink(instance.host)}
                  {instance.alias && <span className="faint"> {instance.alias}</span>}
                  <div className="faint mono">
                    {instance.id} {instance.ip}
                  </div>
                </td>
                <td>
                  <SignWord sign={statusSigns[instance.status]} />
                </td>
                <td>{instance.version || '–'}</td>
                <td>{instance.grantedVersion || '–'}</td>
                <td>{instance.lastCheckAt === null ? '–' : <Ago at={instance.lastCheckAt} />}</td>
                <td className="end">
                  <Button
                    kind="quiet"
                    aria-label={`Set alias of ${instance.alias || instance.id}`}
                    onClick={() => setNaming(instance)}
                  >
                    Set alias
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {output && output.total > output.instances.length && (
        <p className="faint">
          {output.total} instances; {output.instances.length} are shown.
        </p>
      )}
      {output && output.unheard.length > 0 && (
        <>
          <h3 className="server-gap">Hosts of this cluster that the server did not hear of</h3>
          <ul className="server-unheard">
            {output.unheard.map(({ host, why }) => (
              <li key={host}>
                {hostLink(host)} <span className="faint">{why}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {naming && (
        <AliasDialog
          app={app}
          group={group}
          instance={naming}
          onClose={() => {
            setNaming(null);
            again();
          }}
        />
      )}
    </section>
  );
}

function AliasDialog({
  app,
  group,
  instance,
  onClose,
}: {
  readonly app: ServerApp;
  readonly group: ServerGroup;
  readonly instance: ServerInstance;
  readonly onClose: () => void;
}) {
  const [alias, setAlias] = useState(instance.alias || (instance.host ?? ''));
  return (
    <EditDialog
      title="Set an alias"
      verb={`Call it ${alias || 'nothing'}`}
      edit={{ verb: 'set-alias', app: app.id, group: group.id, instance: instance.id, alias }}
      nameOf={(text) => text}
      onClose={onClose}
    >
      <TextField
        label="Alias"
        autoFocus
        maxLength={256}
        value={alias}
        hint={instance.id}
        onChange={(event) => setAlias(event.target.value)}
      />
    </EditDialog>
  );
}
