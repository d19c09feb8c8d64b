import { expect, test } from 'vitest';
import type { HostRestarts } from '../../contract/restart.ts';
import { restartNeeds, restartWay, unitsToRestart } from './restart-way.ts';

const restarts = (units: readonly string[], more: Partial<HostRestarts> = {}): HostRestarts => ({
  readAt: 0,
  sees: 'all',
  isPart: false,
  problem: null,
  units: units.map((unit) => ({
    unit,
    processes: 1,
    programs: [],
    startedAt: null,
    replacedAt: null,
    files: [],
    moreFiles: 0,
    packages: [],
  })),
  ...more,
});

test.each([
  ['nginx.service', 'restart'],
  ['ssh.service', 'restart'],
  ['postgresql@17-main.service', 'restart'],
  ['systemd-journald.service', 'restart'],
  ['init.scope', 'reboot'],
  ['dbus.service', 'reboot'],
  ['dbus-broker.service', 'reboot'],
  ['systemd-logind.service', 'reboot'],
  ['gdm.service', 'reboot'],
  ['getty@tty1.service', 'reboot'],
  ['docker.service', 'reboot'],
  ['session-3.scope', 'itself'],
  ['user@1000.service', 'itself'],
  ['docker-0123abc.scope', 'itself'],
  ['run-u12.scope', 'itself'],
  ['cups.socket', 'itself'],
  ['', 'itself'],
])('%s comes to its new files by %s', (unit, by) => {
  expect(restartWay({ unit }).by).toBe(by);
});

test('a host needs what its units need; nothing is known where not all was seen', () => {
  expect(restartNeeds(restarts(['nginx.service', 'dbus.service', 'session-1.scope']))).toEqual(['units', 'reboot']);
  expect(restartNeeds(restarts(['session-1.scope']))).toEqual(['no']);
  expect(restartNeeds(restarts([]))).toEqual(['no']);
  expect(restartNeeds(restarts([], { sees: 'own' }))).toEqual([]);
  expect(restartNeeds(restarts(['a.service'], { sees: 'own' }))).toEqual(['units']);
  expect(restartNeeds(undefined)).toEqual([]);
  expect(unitsToRestart(restarts(['nginx.service', 'dbus.service']))).toEqual(['nginx.service']);
});
