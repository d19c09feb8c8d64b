import { useState } from 'react';
import type { UpdateService } from '#shared/contract/update-service.ts';
import { useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { some } from '../../words/amounts.ts';
import { ChannelDialog } from './channel-dialog.tsx';
import { RemoveItemDialog } from './remove-item-dialog.tsx';

type Kept = UpdateService['channels'][number];

/** Names that point at a package: what groups follow. */
export function ChannelsPart({ service }: { readonly service: UpdateService }) {
  const operate = useOperate();
  const [edited, setEdited] = useState<Kept | 'new' | null>(null);
  const [removed, setRemoved] = useState<Kept | null>(null);
  const channels = service.channels.toSorted((a, b) => a.value.name.localeCompare(b.value.name));
  const versionOf = (id: string) => service.packages.find(({ value }) => value.id === id)?.value.version ?? 'gone';
  return (
    <>
      <header className="service-bar">
        <p className="faint">A group is given the package that its channel names, floors first.</p>
        {operate && (
          <Button
            kind={channels.length === 0 && service.packages.length > 0 ? 'primary' : 'plain'}
            onClick={() => setEdited('new')}
          >
            Add a channel
          </Button>
        )}
      </header>
      {channels.length === 0 && (
        <EmptyNote title="There is no channel yet">
          <p>Add one, such as stable, that names the package its groups are to have.</p>
        </EmptyNote>
      )}
      {channels.length > 0 && (
        <table className="plain-table service-table">
          <caption className="unseen">Channels</caption>
          <thead>
            <tr>
              <th>Channel</th>
              <th>For</th>
              <th>Package</th>
              <th>Floors</th>
              <th>Followed by</th>
              <th className="end">
                <span className="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {channels.map((kept) => {
              const { value } = kept;
              const followers = service.groups.filter((group) => group.value.channel === value.id);
              return (
                <tr key={value.id}>
                  <td>
                    <b>{value.name}</b>
                  </td>
                  <td>{value.arch}</td>
                  <td>{value.package === null ? <span className="faint">none</span> : versionOf(value.package)}</td>
                  <td>{value.floors.map(versionOf).join(', ') || <span className="faint">none</span>}</td>
                  <td>{some(followers.map((group) => group.value.name)) || <span className="faint">no group</span>}</td>
                  <td className="end">
                    {operate && (
                      <>
                        <Button onClick={() => setEdited(kept)}>Edit {value.name}</Button>
                        <Button kind="quiet" onClick={() => setRemoved(kept)}>
                          Remove
                          <span className="unseen"> {value.name}</span>
                        </Button>
                      </>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {edited && (
        <ChannelDialog service={service} kept={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {removed && (
        <RemoveItemDialog
          kind="channels"
          name={removed.value.name}
          about="Its packages stay."
          id={removed.value.id}
          revision={removed.revision}
          onClose={() => setRemoved(null)}
        />
      )}
    </>
  );
}
