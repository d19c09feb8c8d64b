import { expect, test } from 'vitest';
import type { Unit } from '#shared/contract/unit.ts';
import { findUnits } from './find-units.ts';

const unit = (name: string, active = 'active', load = 'loaded'): Unit => ({
  name,
  description: '',
  load,
  active,
  sub: '',
  job: '',
  since: null,
});
const fleet: [string, Unit[]][] = [
  ['a', [unit('docker.service'), unit('docker.socket'), unit('rootless-docker.service'), unit('ssh.service')]],
  ['b', [unit('docker.service', 'failed'), unit('docker.socket', 'inactive'), unit('docker-gc.service')]],
  ['c', [unit('docker.service', 'inactive', 'not-found'), unit('docker-gc.service')]],
];
const names = (text: string, most = 9) => findUnits(fleet, text, most).map(({ name }) => name);

test('a unit is told with its hosts and how it is on them; where it could not be found it is not', () => {
  expect(findUnits(fleet, 'docker.service', 1)).toEqual([
    { name: 'docker.service', hosts: ['a', 'b'], active: 1, failed: 1 },
  ]);
});

test('the one called so comes first, then those that begin so, services first, at most so many', () => {
  expect(names(' DOCKER')).toEqual(['docker.service', 'docker-gc.service', 'docker.socket', 'rootless-docker.service']);
  expect(names('docker', 2)).toHaveLength(2);
});

test('nothing is found by nothing, nor by what no unit is called', () => {
  expect(names('  ')).toEqual([]);
  expect(names('podman')).toEqual([]);
});
