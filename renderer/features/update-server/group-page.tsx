import { useState } from 'react';
import type { ServerApp, ServerGroup } from '#shared/contract/update-server.ts';
import { policySentence } from '#shared/lib/update/server-words.ts';
import { useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { FactsList } from '../../ui/facts-list.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { InstancesPart } from './instances-part.tsx';
import { PolicyDialog } from './policy-dialog.tsx';
import { ServerActivityPart } from './server-activity.tsx';
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
