import { expect, test } from 'vitest';
import type { UnitStep } from '#shared/contract/change.ts';
import { type Checks, defaultChecks, gatesOf, portsNamedIn, readPorts, validatorsOf } from './checks.ts';

const restart: UnitStep = { verb: 'restart', unit: 'web.service' };
const gates = (checks: Partial<Checks>, named: number[] = []) =>
  gatesOf({ ...defaultChecks, ...checks }, [restart], named).map((gate) => JSON.stringify(gate).replace(/[{}"]/g, ''));

test('health, system and the units that run again are checked unless a person wants otherwise', () => {
  expect(gates({})).toEqual(['kind:unit-active,unit:web.service,settleS:5', 'kind:system-running', 'kind:health']);
  expect(gates({ settleS: 60, system: false })).toEqual([
    'kind:unit-active,unit:web.service,settleS:60',
    'kind:health',
  ]);
  expect(gates({ units: false, health: false, system: false })).toEqual([]);
});

test('ports and a command come before health; ports are those that the text names, or those that were typed', () => {
  expect(gates({ system: false, units: false, command: ' true\n', timeoutS: 9 }, [2222])).toEqual([
    'kind:port,port:2222',
    'kind:command,command:true,timeoutS:9',
    'kind:health',
  ]);
  expect(gates({ system: false, units: false, ports: [] }, [2222])).toEqual(['kind:health']);
  expect(gates({ system: false, units: false, ports: [80] }, [2222])).toEqual(['kind:port,port:80', 'kind:health']);
});

test('a declared check is of the copy', () => {
  expect(validatorsOf(defaultChecks, '/etc/x')).toEqual([]);
  expect(validatorsOf({ ...defaultChecks, validator: 'x --check "$1"' }, '/etc/x')).toEqual([
    { name: 'declared check', when: 'staged', path: '/etc/x', command: 'x --check "$1"' },
  ]);
});

test('the ports of sshd are read from its text', () => {
  const text = '# Port 1\nPort 22\n port=2222\nPort 70000\nPortal 3\nPort "22"\n';
  expect(portsNamedIn('/etc/ssh/sshd_config', text)).toEqual([22, 2222]);
  expect(portsNamedIn('/etc/ssh/sshd_config.d/10-port.conf', 'Port 2022')).toEqual([2022]);
  expect(portsNamedIn('/etc/other.conf', text)).toEqual([]);
});

test('typed ports', () => {
  expect(readPorts('22, 8080;22 9100')).toEqual([22, 8080, 9100]);
  expect(readPorts('')).toEqual([]);
  expect(readPorts('22, http')).toEqual({ wrong: 'http' });
  expect(readPorts('70000')).toEqual({ wrong: '70000' });
});
