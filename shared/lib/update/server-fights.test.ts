import { expect, test } from 'vitest';
import { defaultReboots } from '../../contract/reboot.ts';
import type { HostFacts } from '../../contract/host.ts';
import type { UpdatePolicy } from '../../contract/update-policy.ts';
import type { ServerGroup, UpdateServer } from '../../contract/update-server.ts';
import type { HostUpdate } from '../../contract/update.ts';
import type { HostRecord } from '../filter/fields.ts';
import { serverFights } from './server-fights.ts';

const policy: UpdatePolicy = {
  group: 'web',
  selector: 'name:web',
  members: [],
  order: 0,
  target: { kind: 'offered' },
  automatic: false,
  paused: null,
  waves: [],
  spreadOver: null,
  soakS: 0,
  failureBudget: 0,
  gates: [],
  reboot: defaultReboots,
};
const group = (track: string, updatesEnabled: boolean): ServerGroup => ({
  id: `id-${track}`,
  name: track,
  description: '',
  track,
  rolloutInProgress: false,
  channel: 'c1',
  policy: {
    updatesEnabled,
    safeMode: false,
    officeHours: false,
    timeZone: 'UTC',
    periodInterval: '1 hours',
    maxUpdatesPerPeriod: 1_000_000,
    updateTimeout: '7 days',
  },
  stats: null,
  versions: [],
});
const server: Pick<UpdateServer, 'url' | 'apps'> = {
  url: 'https://n.example',
  apps: [
    {
      id: 'app',
      productId: null,
      name: 'Flatcar',
      description: '',
      instances: 3,
      groups: [group('prod', false), group('test', true), group('other', false)],
      channels: [{ id: 'c1', name: 'stable', color: '', arch: 1, package: 'p', version: '1.1.0' }],
    },
  ],
};
const host = (asks: string | null, channel: string, architecture = 'x86_64'): HostRecord => ({
  update: { server: asks, channel } as HostUpdate,
  facts: { architecture } as HostFacts,
});
const here = 'https://n.example/v1/update/';

test('only groups that hosts of the roll-out ask for are told, and only where they are in its way', () => {
  const hosts = [
    host(here, 'prod'),
    host(here, 'prod'),
    host(here, 'prod', 'aarch64'),
    host(here, 'test'),
    host('https://elsewhere.example/v1/update/', 'other'),
    host(null, 'other'),
  ];
  const found = serverFights(policy, server, hosts);
  expect(found.map(({ app, group: { name }, hosts: many }) => [app, name, many])).toEqual([['app', 'prod', 2]]);
  expect(found[0]?.fights).toEqual([{ kind: 'stops', text: expect.stringContaining('updates are disabled there') }]);
  expect(serverFights(policy, server, [])).toEqual([]);
});
