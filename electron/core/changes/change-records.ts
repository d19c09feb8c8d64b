import type { HostChange } from '#shared/contract/change.ts';
import type { Records } from '../fleet/records.ts';
import { alteredText } from './change-journal.ts';
import type { StoredChange } from './stored-change.ts';
import type { ChangeRun } from './change-run.ts';
import { waitingHost } from './waiting-host.ts';

/** Tells the window of a change: by its own run where it is driven from here, else by the journal. */
export function publishChange(
  records: Records,
  stored: StoredChange,
  run: Pick<ChangeRun, 'progress' | 'hosts'> | null,
  isProtected: boolean,
): void {
  const { plan, owner } = stored;
  const { id, title, by, at, hash, policy } = plan;
  const waves = plan.waves.map(({ length }) => length);
  const hosts = waves.reduce((sum, size) => sum + size, 0);
  records.publish('change', id, 'about', { id, title, by, at, hash, hosts, waves, policy });
  records.publish(
    'change',
    id,
    'progress',
    run?.progress ?? (stored.altered ? { ...stored.progress, text: alteredText } : stored.progress),
  );
  records.publish(
    'change',
    id,
    'hosts',
    [...(run?.hosts ?? withWaiting(stored)).values()].map(({ evidence: _evidence, ...host }) => host),
  );
  const driver = owner && { ...owner.record, token: owner.token, here: run !== null };
  records.publish('change', id, 'owner', {
    owner: driver && { console: driver.console, person: driver.person, token: driver.token, here: driver.here },
    needsApproval: isProtected,
  });
}

/** Hosts that nothing was written about yet wait for their wave. */
export function withWaiting({ plan, hosts }: Pick<StoredChange, 'plan' | 'hosts'>): Map<string, HostChange> {
  const all = new Map<string, HostChange>();
  for (const [wave, members] of plan.waves.entries()) {
    for (const host of members) all.set(host, hosts.get(host) ?? waitingHost(host, wave));
  }
  return all;
}
