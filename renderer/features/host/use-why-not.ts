import { useCallback, useMemo } from 'react';
import type { RecordOf } from '#shared/contract/records.ts';
import type { ServerHost } from '#shared/contract/update-server.ts';
import { offerFor, withOffersSeen } from '#shared/lib/update/offers.ts';
import { type WhyNot, whyNot } from '#shared/lib/update/why-not.ts';
import { useFromTime, useRecords, useSection } from '../../state/hooks.ts';
import { rollOutOf } from '../../state/roll-outs.ts';

const renewedMs = 5000;

/** Why a host is not updated, of everything that the window knows of it; renewed when any of that changes. */
export function useWhyNot(host: string, atServer: ServerHost | null): WhyNot {
  const now = useFromTime(useCallback((at: number) => Math.floor(at / renewedMs) * renewedMs, []));
  const link = useSection('host', host, 'link');
  const facts = useSection('host', host, 'facts');
  const readings = useSection('host', host, 'readings');
  const disks = useSection('host', host, 'disks');
  const update = useSection('host', host, 'update');
  const kubernetes = useSection('host', host, 'kubernetes');
  const maintenance = useSection('host', host, 'maintenance');
  const rebootLocks = useSection('cluster', '', 'rebootLocks');
  const etcd = useSection('cluster', '', 'etcd');
  const groups = useSection('cluster', '', 'updateGroups');
  const rollOut = rollOutOf(useRecords('change'), host);
  return useMemo(() => {
    const record = { link, facts, readings, disks, update, kubernetes, maintenance } as RecordOf<'host'>;
    const policy = groups?.groups.find(({ hosts }) => hosts.includes(host))?.policy ?? null;
    const elsewhere = update && groups ? offerFor(update, withOffersSeen(new Map(), groups.firstSeen)) : null;
    return whyNot({ name: host, host: record, now, rebootLocks, etcd, policy, rollOut, elsewhere, atServer });
  }, [
    host,
    now,
    atServer,
    link,
    facts,
    readings,
    disks,
    update,
    kubernetes,
    maintenance,
    rebootLocks,
    etcd,
    groups,
    rollOut,
  ]);
}
