import type { HostDisks, HostFacts } from '#shared/contract/host.ts';
import { Ago, SinceWhen } from '../../parts/since.tsx';
import { LastSeen } from '../../parts/seen.tsx';
import { labelsText } from '../../state/fleet-columns.ts';
import { useSection, useThresholds } from '../../state/hooks.ts';
import { FactsList } from '../../ui/facts-list.tsx';
import { Meter } from '../../ui/meter.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { bytes, percent } from '../../words/amounts.ts';
import { span } from '../../words/times.ts';

const elevationWords: Record<HostFacts['elevation'], string> = {
  root: 'Signed in as root',
  sudo: 'sudo without a password',
  'sudo-password': 'sudo asks for a password',
  none: 'No sudo: units cannot be changed',
  unknown: '',
};

/** What a host is: its system, its boots, its disks. */
export function FactsTab({ host }: { readonly host: string }) {
  const facts = useSection('host', host, 'facts');
  const disks = useSection('host', host, 'disks');
  if (!facts) {
    return (
      <EmptyNote title={`Nothing has been read from ${host} yet`}>
        <p>Facts are read when the connection comes up, when somebody opens the host, and every two minutes.</p>
      </EmptyNote>
    );
  }
  return (
    <div className="host-body" tabIndex={0}>
      <p className="host-range faint">
        <span>
          Read <Ago at={facts.readAt} />
        </span>
        <LastSeen host={host} />
      </p>
      <div className="facts-columns">
        <SystemCard host={host} facts={facts} />
        <BootCard host={host} facts={facts} />
        {disks && <MountsCard disks={disks} />}
        <DrivesCard facts={facts} />
      </div>
    </div>
  );
}

function SystemCard({ host, facts }: { readonly host: string; readonly facts: HostFacts }) {
  const identity = useSection('host', host, 'identity');
  return (
    <section className="card" aria-label="System">
      <h2>System</h2>
      <FactsList
        facts={[
          ['OS', facts.os.pretty],
          ['Channel', facts.channel],
          ['Kernel', facts.kernel],
          ['Architecture', `${facts.architecture} · ${facts.cpus} CPUs`],
          ['Runs on', facts.virtualization === 'none' ? 'bare metal' : facts.virtualization],
          ['systemd', `${facts.systemd} · ${facts.systemState}`],
          ['Host name', facts.hostname],
          ['Machine id', <code key="id">{facts.machineId}</code>],
          ['Addresses', facts.addresses.join(', ')],
          ['Labels', identity && labelsText({ identity })],
          ['Elevation', elevationWords[facts.elevation]],
        ]}
      />
    </section>
  );
}

function BootCard({ host, facts }: { readonly host: string; readonly facts: HostFacts }) {
  const load = useSection('host', host, 'load');
  const offset = load?.clockOffsetMs ?? null;
  const syncWords = { yes: 'synchronised', no: 'not synchronised', unknown: 'not known whether synchronised' };
  return (
    <section className="card" aria-label="Boot and time">
      <h2>Boot and time</h2>
      <FactsList
        facts={[
          ['Booted', <SinceWhen key="booted" at={facts.bootedAt} />],
          ['Boot id', <code key="boot">{facts.bootId}</code>],
          [
            'Reboot needed',
            facts.rebootNeeded.length === 0
              ? 'no'
              : facts.rebootNeeded.map(({ marker, evidence }) => (
                  <p key={marker}>
                    {evidence} <span className="faint">({marker})</span>
                  </p>
                )),
          ],
          ['Clock', syncWords[facts.timeSync]],
          [
            'Clock offset',
            offset === null
              ? ''
              : Math.abs(offset) < 1
                ? 'none'
                : `${Math.abs(offset).toFixed(0)} ms ${offset > 0 ? 'behind' : 'ahead of'} this console`,
          ],
          ['Time zone', facts.timezone],
        ]}
      />
      {facts.boots.length > 0 && (
        <table className="plain-table">
          <caption className="unseen">Boots in the journal</caption>
          <thead>
            <tr>
              <th>Boot</th>
              <th>From</th>
              <th>To</th>
              <th className="end">Lasted</th>
            </tr>
          </thead>
          <tbody>
            {facts.boots
              .slice(-6)
              .toReversed()
              .map((boot) => (
                <tr key={boot.bootId}>
                  <td title={boot.bootId}>{boot.index === 0 ? 'this one' : boot.index}</td>
                  <td>
                    <SinceWhen at={boot.firstAt} />
                  </td>
                  <td>{boot.index === 0 ? 'now' : <SinceWhen at={boot.lastAt} />}</td>
                  <td className="end">{span(boot.lastAt - boot.firstAt)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function MountsCard({ disks }: { readonly disks: HostDisks }) {
  const { diskAttentionPercent, diskFailingPercent } = useThresholds();
  return (
    <section className="card facts-wide" aria-label="File systems">
      <h2>File systems</h2>
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
    </section>
  );
}

function DrivesCard({ facts }: { readonly facts: HostFacts }) {
  if (facts.disks.length === 0) return null;
  return (
    <section className="card" aria-label="Drives">
      <h2>Drives</h2>
      <FactsList
        facts={facts.disks.map((disk) => [
          disk.name,
          [bytes(disk.sizeBytes), disk.type, disk.model].filter(Boolean).join(' · '),
        ])}
      />
    </section>
  );
}
