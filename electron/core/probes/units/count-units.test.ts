import { expect, it } from 'vitest';
import type { Unit } from '#shared/contract/unit.ts';
import { countUnits, hostsOfUnit, type UnitsOfHost } from './count-units.ts';

const unit = (name: string, active: string, load = 'loaded', job = ''): Unit => ({
  name,
  description: `about ${name}`,
  load,
  active,
  sub: '',
  job,
  since: null,
});
const fleet: UnitsOfHost[] = [
  ['a', [unit('docker.service', 'active'), unit('ssh.service', 'active'), unit('run.mount', 'active')]],
  ['b', [unit('docker.service', 'failed', 'loaded', 'restart'), unit('ssh.service', 'active')]],
  ['c', [unit('docker.service', 'inactive', 'not-found'), unit('ssh.service', 'active')]],
  ['d', null],
];

it('counts each name once over the hosts, the failed first', async () => {
  const counted = await countUnits(fleet, 'service');
  expect(counted).toEqual({
    units: [
      {
        name: 'docker.service',
        description: 'about docker.service',
        hosts: 2,
        states: { active: 1, failed: 1 },
        jobs: 1,
      },
      { name: 'ssh.service', description: 'about ssh.service', hosts: 3, states: { active: 3 }, jobs: 0 },
    ],
    more: 0,
    read: 3,
    unread: ['d'],
  });
  expect((await countUnits(fleet, 'all')).units.map(({ name }) => name)).toContain('run.mount');
});

it('leaves out the rarest names of a fleet that has too many, and says how many', async () => {
  const many: UnitsOfHost[] = Array.from({ length: 120 }, (_, host) => [
    `h${host}`,
    [
      unit('common.service', 'active'),
      ...Array.from({ length: 50 }, (_, at) => unit(`x${host}-${at}.scope`, 'active')),
    ],
  ]);
  const counted = await countUnits(many, 'all');
  expect(counted.units).toHaveLength(5000);
  expect(counted.units[0]?.name).toBe('common.service');
  expect(counted.more).toBe(1001);
});

it('says of one unit where it is, where it is not, and who cannot be asked', () => {
  const found = hostsOfUnit(fleet, 'docker.service');
  expect(found.hosts.map(({ host, unit: { active } }) => `${host} ${active}`)).toEqual(['a active', 'b failed']);
  expect(found).toMatchObject({ without: ['c'], unread: ['d'] });
});
