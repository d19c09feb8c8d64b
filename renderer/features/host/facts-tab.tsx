import type { HostFacts } from '#shared/contract/host.ts';
import { Ago, For, SinceWhen } from '../../parts/since.tsx';
import { LastSeen, LiveValues, OldNote } from '../../parts/seen.tsx';
import { labelsText } from '../../state/fleet-columns.ts';
import { useOldReading, useQuietSince, useSection } from '../../state/hooks.ts';
import { FactsList } from '../../ui/facts-list.tsx';
import { EmptyNote } from '../../ui/notes.tsx';
import { bytes } from '../../words/amounts.ts';
import { span } from '../../words/times.ts';
import { MountsCard } from './mounts-card.tsx';

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
  const oldFacts = useOldReading(host, 'facts');
  if (!facts) {
    return (
      <EmptyNote title={`Nothing has been read from ${host} yet`}>
        <p>Facts are read when the connection comes up, when somebody opens the host, and every two minutes.</p>
        {oldFacts !== null && <OldNote text={oldFacts} />}
      </EmptyNote>
    );
  }
  return (
    <div className="host-body" tabIndex={0}>
      <p className="host-range faint">
        <span>
          Read <Ago at={facts.readAt} />
        </span>
        {oldFacts !== null && <OldNote text={oldFacts} />}
        <LastSeen host={host} />
      </p>
      <LiveValues host={host} className="facts-columns">
        <SystemCard host={host} facts={facts} old={oldFacts !== null} />
        <BootCard host={host} facts={facts} old={oldFacts !== null} />
        <MountsCard host={host} />
        <DrivesCard facts={facts} old={oldFacts !== null} />
      </LiveValues>
    </div>
  );
}

interface CardProps {
  readonly host: string;
  readonly facts: HostFacts;
  /** Whether the facts are not those of now. */
  readonly old: boolean;
}

const cardOf = (old: boolean) => (old ? 'card not-live' : 'card');

function SystemCard({ host, facts, old }: CardProps) {
  const identity = useSection('host', host, 'identity');
  return (
    <section className={cardOf(old)} aria-label="System">
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

function BootCard({ host, facts, old }: CardProps) {
  const load = useSection('host', host, 'load');
  const quietSince = useQuietSince(host);
  const offset = load?.clockOffsetMs ?? null;
  const syncWords = { yes: 'synchronised', no: 'not synchronised', unknown: 'not known whether synchronised' };
  return (
    <section className={cardOf(old)} aria-label="Boot and time">
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
                  <td className="end">
                    {boot.index === 0 ? (
                      <For since={boot.firstAt} until={quietSince} />
                    ) : (
                      span(boot.lastAt - boot.firstAt)
                    )}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function DrivesCard({ facts, old }: Omit<CardProps, 'host'>) {
  if (facts.disks.length === 0) return null;
  return (
    <section className={cardOf(old)} aria-label="Drives">
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
