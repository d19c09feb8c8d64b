import type { HostDisks } from '#shared/contract/host.ts';
import { OldNote } from '../../parts/seen.tsx';
import { Ago } from '../../parts/since.tsx';
import { useOldReading, useSection, useThresholds } from '../../state/hooks.ts';
import { Meter } from '../../ui/meter.tsx';
import { bytes, percent } from '../../words/amounts.ts';

/** A host's file systems with the age of their figures, and why they are no newer. */
export function MountsCard({ host }: { readonly host: string }) {
  const disks = useSection('host', host, 'disks');
  const old = useOldReading(host, 'disks');
  if (!disks && old === null) return null;
  return (
    <section className="card facts-wide" aria-label="File systems">
      <h2>
        File systems{' '}
        {disks && old === null && (
          <span className="faint facts-age">
            read <Ago at={disks.readAt} />
          </span>
        )}
      </h2>
      {old !== null && <OldNote text={old} />}
      {disks && disks.late.length > 0 && (
        <OldNote text={`no answer within 5 s of the file servers of ${disks.late.join(', ')}`} />
      )}
      {disks && (
        <div className={old === null ? undefined : 'not-live'}>
          <MountsTable disks={disks} />
        </div>
      )}
    </section>
  );
}

function MountsTable({ disks }: { readonly disks: HostDisks }) {
  const { diskAttentionPercent, diskFailingPercent } = useThresholds();
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th>Mounted on</th>
          <th>Device</th>
          <th>Type</th>
          <th>Used</th>
          <th className="end">Free</th>
          <th className="end">Size</th>
          <th className="end">Inodes free</th>
        </tr>
      </thead>
      <tbody>
        {disks.mounts.map((disk) => {
          const usable = disk.usedBytes + disk.freeBytes;
          const part = usable > 0 ? disk.usedBytes / usable : 0;
          const used = part * 100;
          const grave = used >= diskFailingPercent ? 'bad' : used >= diskAttentionPercent ? 'attention' : 'plain';
          return (
            <tr key={disk.mount}>
              <td className="mono">
                {disk.mount}
                {disk.readOnly && (
                  <span
                    className={disk.readOnlyFault === null ? 'faint' : 'tone-bad'}
                    title={disk.readOnlyFault ?? undefined}
                  >
                    {' '}
                    read-only
                  </span>
                )}
              </td>
              <td className="mono">{disk.source}</td>
              <td>{disk.type}</td>
              <td>
                <span className="disk-meter">
                  <Meter part={part} tone={disk.readOnly ? 'plain' : grave} />
                  {percent(part)}
                </span>
              </td>
              <td className="end">{bytes(disk.freeBytes)}</td>
              <td className="end">{bytes(disk.totalBytes)}</td>
              <td className="end">{disk.inodesTotal > 0 ? percent(disk.inodesFree / disk.inodesTotal) : '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
