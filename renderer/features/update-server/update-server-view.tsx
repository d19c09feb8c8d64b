import { useEffect, useState } from 'react';
import type { ServerApp, ServerGroup, UpdateServer } from '#shared/contract/update-server.ts';
import { policySentence } from '#shared/lib/update/server-words.ts';
import { Ago } from '../../parts/since.tsx';
import { useDo } from '../../state/calls.ts';
import { useSection } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyNote, ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { count } from '../../words/amounts.ts';
import { ChannelsPart } from './channels-part.tsx';
import { GroupPage } from './group-page.tsx';
import { ServerActivityPart } from './server-activity.tsx';
import { StatsBar } from './stats-bar.tsx';
import './update-server.css';

/** The server that the hosts ask for updates: its applications and groups, or one of its groups. */
export function UpdateServerView({
  cluster,
  of,
}: {
  readonly cluster: string;
  readonly of: { readonly app: string; readonly group: string } | null;
}) {
  const server = useSection('cluster', '', 'updateServer');
  const { run: refresh } = useDo('server.refresh');
  const lost = server?.state === 'lost';
  // Whoever comes to look at a server that was silent wants to know how it is now.
  const [wasLost] = useState(lost);
  useEffect(() => {
    if (wasLost) void refresh({});
  }, [wasLost, refresh]);
  if (!server) return <NoServer cluster={cluster} />;
  const app = of && server.apps.find(({ id }) => id === of.app);
  const group = app?.groups.find(({ id }) => id === of?.group);
  const isOld = server.state === 'lost' || server.state === 'needs-token';
  return (
    <div className="page server-page">
      <ServerHead cluster={cluster} server={server} group={group ?? null} />
      {server.problem && (
        <ProblemNote problem={server.problem}>
          {server.readAt !== null && (
            <p className="problem-hint">
              What is shown here was read <Ago at={server.readAt} />. It is read again by itself.
            </p>
          )}
        </ProblemNote>
      )}
      {server.state === 'reading' && <WaitNote what={`Reading ${server.url}…`} />}
      {server.leftOut.map((sentence) => (
        <p key={sentence} className="faint">
          {sentence}
        </p>
      ))}
      <div className={`server-parts ${isOld ? 'not-live' : ''}`} data-testid="server-parts" data-stale={isOld}>
        {of && server.readAt !== null && !group && (
          <EmptyNote title="The server has no such group">
            <p>It may have been removed there. Its other groups are one step back.</p>
          </EmptyNote>
        )}
        {app && group && <GroupPage cluster={cluster} app={app} group={group} readAt={server.readAt} />}
        {!of && server.apps.map((app) => <AppPart key={app.id} cluster={cluster} app={app} />)}
        {!of && server.readAt !== null && <ServerActivityPart cluster={cluster} of={null} />}
      </div>
    </div>
  );
}

function NoServer({ cluster }: { readonly cluster: string }) {
  return (
    <EmptyNote title="This cluster file names no update server">
      <p>
        Where hosts ask a Nebraska for updates, add{' '}
        <code>updates: &#123;server: &#123;kind: nebraska, url: https://nebraska.example.com&#125;&#125;</code> to the
        file under <a href={printRoute({ view: 'settings', cluster, tab: 'file' })}>Settings</a> to see and edit its
        groups here.
      </p>
    </EmptyNote>
  );
}

function ServerHead({
  cluster,
  server,
  group,
}: {
  readonly cluster: string;
  readonly server: UpdateServer;
  readonly group: ServerGroup | null;
}) {
  const refresh = useDo('server.refresh');
  return (
    <header className="server-head">
      <div className="server-line">
        <h1>{group ? group.name : 'Update server'}</h1>
        {group && <a href={printRoute({ view: 'update-server', cluster, of: null })}>All groups</a>}
        <Button disabled={refresh.busy} onClick={() => void refresh.run({})}>
          Read now
        </Button>
      </div>
      <p className="faint">
        <span className="mono">{server.url}</span>
        {server.version && ` · Nebraska ${server.version}`}
        {server.readAt !== null && (
          <>
            {' · read '}
            <Ago at={server.readAt} />
          </>
        )}
      </p>
    </header>
  );
}

function AppPart({ cluster, app }: { readonly cluster: string; readonly app: ServerApp }) {
  const channels = new Map(app.channels.map((channel) => [channel.id, channel]));
  return (
    <>
      <section className="card" aria-label={`Groups of ${app.name}`}>
        <h2>
          {app.name} <span className="faint">{count(app.instances, 'instance')}</span>
        </h2>
        <table className="plain-table">
          <caption className="unseen">Groups of {app.name}</caption>
          <thead>
            <tr>
              <th>Group</th>
              <th>Channel</th>
              <th>Policy</th>
              <th>Instances</th>
              <th>Versions</th>
            </tr>
          </thead>
          <tbody>
            {app.groups.map((group) => {
              const channel = channels.get(group.channel ?? '');
              return (
                <tr key={group.id}>
                  <td>
                    <a href={printRoute({ view: 'update-server', cluster, of: { app: app.id, group: group.id } })}>
                      {group.name}
                    </a>
                    {group.rolloutInProgress && (
                      <div>
                        <SignWord sign={{ tone: 'moving', shape: 'dots', word: 'in progress' }} />
                      </div>
                    )}
                  </td>
                  <td>
                    {channel ? channel.name : <span className="faint">none</span>}
                    <div className={`faint ${channel?.version ? 'whole' : ''}`}>
                      {channel?.version ?? 'nothing offered'}
                    </div>
                  </td>
                  <td>{policySentence(group.policy)}</td>
                  <td className="server-stats-cell">
                    <StatsBar stats={group.stats} />
                  </td>
                  <td>
                    {group.versions.slice(0, 4).map(({ version, instances }) => (
                      <div key={version}>
                        {version} <span className="faint">{instances}</span>
                      </div>
                    ))}
                    {group.versions.length > 4 && <div className="faint">and {group.versions.length - 4} more</div>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {app.groups.length === 0 && <p className="faint">It has no group, so nobody is offered anything.</p>}
      </section>
      <ChannelsPart app={app} />
    </>
  );
}
