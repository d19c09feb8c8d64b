import { expect, test } from 'vitest';
import { serviceHere } from './units-here.ts';

const ssh = { services: ['ssh.service', 'sshd.service'], sockets: ['ssh.socket', 'sshd.socket'] };
const here = (units: Record<string, 'active' | 'inactive'>) =>
  serviceHere(
    'ssh.service',
    ssh,
    new Map(
      Object.entries(units).map(([name, state]) => [name, { known: true, active: state === 'active', file: '' }]),
    ),
  );
const both = (unit: string) => ({ steps: [unit], gates: [unit] });

test.each<[string, Parameters<typeof here>[0], ReturnType<typeof here>]>([
  ['Debian', { 'ssh.service': 'active', 'sshd.service': 'active', 'ssh.socket': 'inactive' }, both('ssh.service')],
  ['Fedora', { 'sshd.service': 'active', 'sshd.socket': 'inactive' }, both('sshd.service')],
  [
    'Ubuntu, whose socket starts the one service',
    { 'ssh.service': 'active', 'ssh.socket': 'active' },
    both('ssh.service'),
  ],
  // To start sshd.service there would take the port away from the socket.
  ['Flatcar', { 'sshd.service': 'inactive', 'sshd.socket': 'active' }, { steps: [], gates: ['sshd.socket'] }],
  ['a host on which it does not run', { 'sshd.service': 'inactive' }, both('sshd.service')],
  ['a host without any', {}, both('ssh.service')],
])('the sshd of %s', (_system, units, expected) => {
  expect(here(units)).toEqual(expected);
});
