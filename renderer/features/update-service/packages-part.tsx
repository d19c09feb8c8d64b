import { useState } from 'react';
import type { ReadRelease, UpdateService } from '#shared/contract/update-service.ts';
import { compareVersions } from '#shared/lib/update-service/versions.ts';
import { useOperate } from '../../state/hooks.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { bytes, count, some } from '../../words/amounts.ts';
import { ImportDialog } from './import-dialog.tsx';
import { PackageDialog } from './package-dialog.tsx';
import { RemoveItemDialog } from './remove-item-dialog.tsx';

type Kept = UpdateService['packages'][number];

/** Releases and where their payloads lie; entered by hand or read from what Flatcar publishes. */
export function PackagesPart({ service }: { readonly service: UpdateService }) {
  const operate = useOperate();
  const [edited, setEdited] = useState<Kept | ReadRelease | 'new' | null>(null);
  const [importing, setImporting] = useState(false);
  const [removed, setRemoved] = useState<Kept | null>(null);
  const packages = service.packages.toSorted((a, b) => compareVersions(b.value.version, a.value.version) ?? 0);
  const isFirst = packages.length === 0;
  return (
    <>
      <header className="service-bar">
        <p className="faint">
          The payload is signed by Flatcar, and machines check that; it is fetched from its address.
        </p>
        {operate && (
          <>
            <Button kind={isFirst ? 'primary' : 'plain'} onClick={() => setImporting(true)}>
              Import a release
            </Button>
            <Button onClick={() => setEdited('new')}>Add a package</Button>
          </>
        )}
      </header>
      {isFirst && (
        <EmptyNote title="There is no package yet">
          <p>
            Import a release from what a public update server answers, from its version.txt and digests, or from a
            folder that it was downloaded into.
          </p>
        </EmptyNote>
      )}
      {packages.length > 0 && (
        <table className="plain-table service-table">
          <caption className="unseen">Packages</caption>
          <thead>
            <tr>
              <th>Version</th>
              <th>For</th>
              <th>Payload</th>
              <th className="end">Size</th>
              <th>Named by</th>
              <th className="end">
                <span className="unseen">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {packages.map((kept) => (
              <PackageRow
                key={kept.value.id}
                kept={kept}
                channels={channelsOf(service, kept.value.id)}
                onEdit={operate ? () => setEdited(kept) : null}
                onRemove={operate ? () => setRemoved(kept) : null}
              />
            ))}
          </tbody>
        </table>
      )}
      {importing && (
        <ImportDialog
          onClose={() => setImporting(false)}
          onRead={(read) => {
            setImporting(false);
            setEdited(read);
          }}
        />
      )}
      {edited && (
        <PackageDialog
          kept={edited !== 'new' && 'value' in edited ? edited : null}
          read={edited !== 'new' && 'draft' in edited ? edited : null}
          onClose={() => setEdited(null)}
        />
      )}
      {removed && (
        <RemoveItemDialog
          kind="packages"
          name={removed.value.version}
          about="Machines that were given it already go on with it."
          id={removed.value.id}
          revision={removed.revision}
          onClose={() => setRemoved(null)}
        />
      )}
    </>
  );
}

function PackageRow({
  kept: { value },
  channels,
  onEdit,
  onRemove,
}: {
  readonly kept: Kept;
  readonly channels: readonly string[];
  readonly onEdit: (() => void) | null;
  readonly onRemove: (() => void) | null;
}) {
  const base = value.url.endsWith('/') ? value.url : `${value.url}/`;
  return (
    <tr>
      <td>
        <b className="whole">{value.version}</b>
        {value.description && <div className="faint">{value.description}</div>}
      </td>
      <td>{value.arch}</td>
      <td>
        <span className="mono">
          {base}
          {value.filename}
        </span>
        {value.extraFiles.length > 0 && <div className="faint">and {count(value.extraFiles.length, 'extension')}</div>}
      </td>
      <td className="end">{bytes(value.size)}</td>
      <td>{some(channels) || <span className="faint">no channel</span>}</td>
      <td className="end">
        {onEdit && <Button onClick={onEdit}>Edit {value.version}</Button>}
        {onRemove && (
          <Button kind="quiet" onClick={onRemove}>
            Remove
            <span className="unseen"> {value.version}</span>
          </Button>
        )}
      </td>
    </tr>
  );
}

function channelsOf(service: UpdateService, id: string): string[] {
  return service.channels.flatMap(({ value }) => {
    if (value.package === id) return [value.name];
    return value.floors.includes(id) ? [`${value.name} (floor)`] : [];
  });
}
