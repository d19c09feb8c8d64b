import { useState } from 'react';
import type { UpdateService } from '#shared/contract/update-service.ts';
import { policyInWords } from '#shared/lib/update-service/policy-words.ts';
import { useOperate } from '../../state/hooks.ts';
import { printRoute } from '../../state/routes.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { SignWord } from '../../ui/sign-mark.tsx';
import { GroupDialog } from './group-dialog.tsx';
import { RemoveItemDialog } from './remove-item-dialog.tsx';
import { progressInWords, serviceSigns } from './service-words.ts';

type Kept = UpdateService['groups'][number];

/** What machines ask for: each group with its policy in a sentence and how its updates go. */
export function GroupsPart({ cluster, service }: { readonly cluster: string; readonly service: UpdateService }) {
  const operate = useOperate();
  const [edited, setEdited] = useState<Kept | 'new' | null>(null);
  const [removed, setRemoved] = useState<Kept | null>(null);
  const groups = service.groups.toSorted((a, b) => a.value.name.localeCompare(b.value.name));
  return (
    <>
      <header className="service-bar">
        <p className="faint">A machine is in the group whose track is its GROUP in update.conf.</p>
        {operate && (
          <Button
            kind={groups.length === 0 && service.channels.length > 0 ? 'primary' : 'plain'}
            onClick={() => setEdited('new')}
          >
            Add a group
          </Button>
        )}
      </header>
      {groups.length === 0 && (
        <EmptyNote title="There is no group yet">
          <p>
            Add <a href={printRoute({ view: 'update-service', cluster, part: 'packages' })}>a package</a> first, then{' '}
            <a href={printRoute({ view: 'update-service', cluster, part: 'channels' })}>a channel</a> that names it,
            then a group that follows the channel.
          </p>
        </EmptyNote>
      )}
      <div className="service-cards">
        {groups.map((kept) => (
          <GroupCard
            key={kept.value.id}
            cluster={cluster}
            service={service}
            kept={kept}
            onEdit={operate ? () => setEdited(kept) : null}
            onRemove={operate ? () => setRemoved(kept) : null}
          />
        ))}
      </div>
      {edited && (
        <GroupDialog service={service} kept={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed && (
        <RemoveItemDialog
          kind="groups"
          name={removed.value.name}
          about="Its machines are told that there is no such group, and stay as they are."
          id={removed.value.id}
          revision={removed.revision}
          onClose={() => setRemoved(null)}
        />
      )}
    </>
  );
}

function GroupCard({
  cluster,
  service,
  kept,
  onEdit,
  onRemove,
}: {
  readonly cluster: string;
  readonly service: UpdateService;
  readonly kept: Kept;
  readonly onEdit: (() => void) | null;
  readonly onRemove: (() => void) | null;
}) {
  const { value: group } = kept;
  const channel = service.channels.find(({ value }) => value.id === group.channel)?.value;
  const version = service.packages.find(({ value }) => value.id === channel?.package)?.value.version;
  return (
    <article className="card service-card" aria-label={`Group ${group.name}`}>
      <header>
        <h2>{group.name}</h2>
        <SignWord sign={group.updatesEnabled ? serviceSigns.enabled : serviceSigns.disabled} />
        <span className="service-buttons">
          {onEdit && <Button onClick={onEdit}>Edit {group.name}</Button>}
          {onRemove && (
            <Button kind="quiet" onClick={onRemove}>
              Remove
              <span className="unseen"> {group.name}</span>
            </Button>
          )}
        </span>
      </header>
      <p>
        Track <code>{group.track}</code> for {group.arch}, follows{' '}
        {channel ? (
          <>
            channel <b>{channel.name}</b>, which names {version ? <b>{version}</b> : 'no package: nothing is given'}
          </>
        ) : (
          'no channel: nothing is given'
        )}
        .
      </p>
      <p>{policyInWords(group)}</p>
      <p className="service-progress">
        {progressInWords(kept)}
        {' · '}
        <a href={printRoute({ view: 'update-service', cluster, part: 'instances', group: group.id })}>
          Show its instances
        </a>
      </p>
    </article>
  );
}
