import { useState } from 'react';
import type { ServerApp, ServerChannel } from '#shared/contract/update-server.ts';
import { archWords } from '#shared/lib/update/server-words.ts';
import { useQuery } from '../../state/calls.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { ProblemNote, WaitNote } from '../../ui/notes.tsx';
import { bytes } from '../../words/amounts.ts';
import { EditDialog } from './edit-dialog.tsx';
import { NewChannelDialog } from './new-channel-dialog.tsx';
import { NewPackageDialog } from './new-package-dialog.tsx';

type Packages = ReturnType<typeof useQuery<'server.packages'>>;

/** An application's channels with the package each points at, and its packages. */
export function ChannelsPart({ app }: { readonly app: ServerApp }) {
  const packages = useQuery('server.packages', { app: app.id });
  const [promoting, setPromoting] = useState<ServerChannel | null>(null);
  const [adding, setAdding] = useState<'channel' | 'package' | null>(null);
  const close = () => {
    setPromoting(null);
    setAdding(null);
    packages.again();
  };
  return (
    <section className="card" aria-label={`Channels of ${app.name}`}>
      <div className="server-line">
        <h2>Channels and packages</h2>
        <Button onClick={() => setAdding('channel')}>Add channel</Button>
        <Button onClick={() => setAdding('package')}>Add package</Button>
      </div>
      <table className="plain-table">
        <caption className="unseen">Channels</caption>
        <thead>
          <tr>
            <th>Channel</th>
            <th>Architecture</th>
            <th>Version</th>
            <th>Groups</th>
            <th className="end">
              <span className="unseen">Act</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {app.channels.map((channel) => (
            <tr key={channel.id}>
              <td>
                <span className="server-dot" style={{ background: channel.color || undefined }} aria-hidden="true" />
                <b>{channel.name}</b>
              </td>
              <td>{archWords(channel.arch)}</td>
              <td>{channel.version ?? <span className="faint">no package</span>}</td>
              <td>
                {app.groups
                  .filter((group) => group.channel === channel.id)
                  .map(({ name }) => name)
                  .join(', ') || <span className="faint">none</span>}
              </td>
              <td className="end">
                <Button aria-label={`Promote package to ${channel.name}`} onClick={() => setPromoting(channel)}>
                  Promote package
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <PackagesTable packages={packages} channels={app.channels} />
      {promoting && <PromoteDialog app={app} channel={promoting} packages={packages} onClose={close} />}
      {adding === 'channel' && (
        <NewChannelDialog app={app} packages={packages.output?.packages ?? []} onClose={close} />
      )}
      {adding === 'package' && <NewPackageDialog app={app} onClose={close} />}
    </section>
  );
}

function PackagesTable({
  packages: { output, problem },
  channels,
}: {
  readonly packages: Packages;
  readonly channels: readonly ServerChannel[];
}) {
  const named = (ids: readonly string[]) =>
    channels
      .filter(({ id }) => ids.includes(id))
      .map(({ name }) => name)
      .join(', ');
  if (problem) return <ProblemNote problem={problem} />;
  if (!output) return <WaitNote what="Reading the packages…" />;
  return (
    <>
      <table className="plain-table server-gap">
        <caption className="unseen">Packages</caption>
        <thead>
          <tr>
            <th>Package</th>
            <th>Architecture</th>
            <th>On channels</th>
            <th>Bound to channels</th>
            <th className="end">Size</th>
          </tr>
        </thead>
        <tbody>
          {output.packages.map((item) => (
            <tr key={item.id}>
              <td>
                <b>{item.version}</b>
                <div className="faint mono">
                  {item.url}
                  {item.filename}
                </div>
              </td>
              <td>{archWords(item.arch)}</td>
              <td>{named(channels.filter((channel) => channel.package === item.id).map(({ id }) => id))}</td>
              <td>
                {item.floorOf.length > 0 && <div>Floor of {named(item.floorOf)}</div>}
                {item.barredFrom.length > 0 && <div>Barred from {named(item.barredFrom)}</div>}
              </td>
              <td className="end">{item.bytes === null ? '–' : bytes(item.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {output.total > output.packages.length && (
        <p className="faint">
          {output.total} packages; {output.packages.length} are shown.
        </p>
      )}
    </>
  );
}

function PromoteDialog({
  app,
  channel,
  packages,
  onClose,
}: {
  readonly app: ServerApp;
  readonly channel: ServerChannel;
  readonly packages: Packages;
  readonly onClose: () => void;
}) {
  const [chosen, setChosen] = useState('');
  const fitting = (packages.output?.packages ?? []).filter(
    ({ arch, barredFrom, id }) => arch === channel.arch && id !== channel.package && !barredFrom.includes(channel.id),
  );
  const version = fitting.find(({ id }) => id === chosen)?.version ?? '…';
  return (
    <EditDialog
      title={`Promote a package to ${channel.name}`}
      verb={`Point ${channel.name} at ${version}`}
      edit={chosen === '' ? null : { verb: 'promote', app: app.id, channel: channel.id, package: chosen }}
      nameOf={(text) => packages.output?.packages.find(({ id }) => id === text)?.version ?? text}
      onClose={onClose}
    >
      <Choice
        label="Package"
        value={chosen}
        options={[
          { value: '', label: `choose one (now ${channel.version ?? 'none'})` },
          ...fitting.map(({ id, version }) => ({ value: id, label: version })),
        ]}
        onChange={setChosen}
      />
    </EditDialog>
  );
}
