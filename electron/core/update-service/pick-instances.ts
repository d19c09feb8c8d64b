import type { z } from 'zod';
import type { InstanceStatus, listedInstances, ServiceInstance } from '#shared/contract/update-service.ts';
import type { Records } from '../fleet/records.ts';

/** Which instances are asked for. */
export interface InstanceWish {
  readonly group: string | null;
  readonly status: InstanceStatus | null;
  /** In the id, the name, the address or the version; of a host of this cluster in its name, too. */
  readonly text: string;
  readonly most: number;
}

/** Picks instances, each with the host of the cluster that has its machine id; counts are those of the group and the text. */
export function pickInstances(
  all: readonly ServiceInstance[],
  wish: InstanceWish,
  records: Records,
): z.infer<typeof listedInstances> {
  const hosts = new Map<string, string>();
  for (const host of records.ids('host')) {
    const id = records.get('host', host, 'facts')?.machineId.toLowerCase() ?? '';
    if (id !== '') hosts.set(id, host);
  }
  const text = wish.text.trim().toLowerCase();
  const found = all
    .map(({ history: _history, ...instance }) => ({ ...instance, host: hosts.get(instance.id.toLowerCase()) ?? null }))
    .filter(({ group }) => wish.group === null || group === wish.group)
    .filter(({ id, alias, address, version, host }) =>
      `${id} ${alias} ${address} ${version} ${host ?? ''}`.toLowerCase().includes(text),
    );
  const counts: Partial<Record<InstanceStatus, number>> = {};
  for (const { status } of found) counts[status] = (counts[status] ?? 0) + 1;
  const listed = found.filter(({ status }) => wish.status === null || status === wish.status);
  const name = ({ host, alias, id }: (typeof listed)[number]) => host ?? (alias || id);
  const instances = listed.toSorted((a, b) => name(a).localeCompare(name(b), 'en', { numeric: true }));
  return { total: listed.length, counts, instances: instances.slice(0, wish.most) };
}
