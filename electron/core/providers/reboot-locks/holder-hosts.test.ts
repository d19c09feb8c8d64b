import { expect, test } from 'vitest';
import { Records } from '#core/fleet/records.ts';
import type { HostFacts, HostLink, LinkState } from '#shared/contract/host.ts';
import { HolderHosts } from './holder-hosts.ts';
import { zincatiId } from './zincati-id.ts';

const machine = (digit: string) => digit.repeat(32);

function fleet(hosts: Record<string, { id?: string; link: LinkState; reason?: string }>): Records {
  const records = new Records();
  for (const [name, { id, link, reason = '' }] of Object.entries(hosts)) {
    records.publish('host', name, 'link', { state: link, reason } as HostLink);
    if (id !== undefined) records.publish('host', name, 'facts', { machineId: id } as HostFacts);
  }
  return records;
}

test('a holder is found by its machine id, in any spelling, and by its zincati id', () => {
  const found = new HolderHosts(fleet({ node1: { id: machine('a'), link: 'up' } }));
  const ids = [machine('a'), `${machine('A').slice(0, 8)}-${machine('A').slice(8)}`, zincatiId(machine('a')) ?? ''];
  for (const holder of found.resolve(ids)) expect(holder).toEqual({ host: 'node1', gone: false, evidence: '' });
});

test('a host that is not reached is gone, with its reason and that a reboot looks the same', () => {
  const found = new HolderHosts(fleet({ node1: { id: machine('a'), link: 'lost', reason: 'silent for 9 s' } }));
  expect(found.resolve([machine('a')])).toEqual([
    {
      host: 'node1',
      gone: true,
      evidence: 'node1 is not reached: silent for 9 s. A host that reboots is away for a while too.',
    },
  ]);
});

test('an id that no host has is a ghost, but not while a host is still to be read', () => {
  const known = { id: machine('a'), link: 'up' } as const;
  const gone = (hosts: Parameters<typeof fleet>[0]) => new HolderHosts(fleet(hosts)).resolve([machine('b')])[0];
  expect(gone({ node1: known })).toMatchObject({ host: null, gone: true });
  expect(gone({ node1: known, node2: { link: 'connecting' } })).toMatchObject({ host: null, gone: false });
  expect(gone({ node1: known, node2: { link: 'blocked' } })).toMatchObject({
    gone: true,
    evidence: 'No host that was read has this id; not read yet: node2.',
  });
});
