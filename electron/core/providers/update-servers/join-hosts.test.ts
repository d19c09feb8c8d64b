import { expect, test } from 'vitest';
import { Records } from '#core/fleet/records.ts';
import type { HostFacts } from '#shared/contract/host.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import type { ServerGroup } from '#shared/contract/update-server.ts';
import { hostsByMachineId, plainMachineId, unheardHosts } from './join-hosts.ts';

const url = 'https://nebraska.example.com';
const asks = 'https://nebraska.example.com/v1/update/';
const group = { id: 'g', name: 'prod', track: 'prod' } as ServerGroup;

function fleet(): Records {
  const records = new Records();
  const host = (name: string, machineId: string, server: string, channel: string, agentState = 'running') => {
    records.publish('host', name, 'facts', { machineId, architecture: 'x86_64' } as HostFacts);
    records.publish('host', name, 'update', { server, channel, agentState } as HostUpdate);
  };
  host('web1', 'a'.repeat(32), asks, 'prod');
  host('web2', 'b'.repeat(32), asks, 'prod');
  host('web3', 'c'.repeat(32), asks, 'prod', 'masked');
  host('other', 'd'.repeat(32), asks, 'beta');
  host('public', 'e'.repeat(32), 'https://public.update.flatcar-linux.net/v1/update/', 'prod');
  records.publish('host', 'unread', 'facts', { machineId: '' } as HostFacts);
  return records;
}

test('instances are joined by machine id, with or without dashes', () => {
  const hosts = hostsByMachineId(fleet());
  expect(hosts.get(plainMachineId('AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA'))).toBe('web1');
  expect([hosts.has(''), hosts.size]).toEqual([false, 5]);
});

test('hosts that name this server and group and were not heard are told, each with why', () => {
  const unheard = unheardHosts(fleet(), url, { group, channel: null }, new Set(['web1']));
  expect(unheard.map(({ host, why }) => [host, /masked/.test(why)])).toEqual([
    ['web2', false],
    ['web3', true],
  ]);
});
