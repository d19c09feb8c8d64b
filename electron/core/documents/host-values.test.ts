import { expect, test } from 'vitest';
import type { HostRecord } from '#shared/lib/filter/fields.ts';
import { hostValues } from './host-values.ts';

const record = (address: string, addresses: string[]) =>
  ({ identity: { address }, facts: { addresses } }) as unknown as HostRecord;

test('sorts addresses into what a document may name, and leaves out what names no host', () => {
  const all = [
    '127.0.0.1',
    '169.254.3.4',
    'fe80::1',
    '203.0.113.7',
    '10.0.0.5',
    '2001:db8::5',
    'fd00::5',
    '172.32.0.1',
  ];
  expect(hostValues('web1', record('web1', all))).toEqual({
    host: 'web1',
    privateIpv4: '10.0.0.5',
    publicIpv4: '203.0.113.7',
    privateIpv6: 'fd00::5',
    publicIpv6: '2001:db8::5',
  });
});

test('of several it takes the one that the host is reached at', () => {
  expect(hostValues('web1', record('192.168.1.9', ['10.0.0.5', '192.168.1.9'])).privateIpv4).toBe('192.168.1.9');
});

test('says null of what is not known', () => {
  const nothing = { host: 'web1', privateIpv4: null, publicIpv4: null, privateIpv6: null, publicIpv6: null };
  expect(hostValues('web1', {})).toEqual(nothing);
  expect(hostValues('web1', record('web1', ['nonsense', '10.0.0.256', ':::']))).toEqual(nothing);
});
