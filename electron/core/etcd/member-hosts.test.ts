import { expect, test } from 'vitest';
import { dialable } from './member-endpoints.ts';
import { hostOfMember } from './member-hosts.ts';

const hosts = [
  { name: 'node-1', addresses: ['node-1', '10.0.0.1', 'fd00::1'] },
  { name: 'node-2.example.org', addresses: ['NODE-2.example.org', '10.0.0.2'] },
  { name: 'demo-1', addresses: ['127.0.0.1'] },
  { name: 'demo-2', addresses: ['127.0.0.1'] },
];
const member = (name: string, client: string, peer = client) => ({
  name,
  clientUrls: [client],
  peerUrls: [peer],
  endpoint: 'http://127.0.0.1:4001',
});

test.each([
  ['by address', member('x', 'http://10.0.0.1:2379'), 'node-1'],
  ['by IPv6 address', member('x', 'http://[fd00::1]:2379'), 'node-1'],
  ['by peer address', member('x', 'http://0.0.0.0:2379', 'http://10.0.0.2:2380'), 'node-2.example.org'],
  ['by host name in its address, in any case', member('x', 'https://node-2.EXAMPLE.org:2379'), 'node-2.example.org'],
  ['by its own name when it only says "this machine"', member('demo-2', 'http://127.0.0.1:2379'), 'demo-2'],
  ['by the first label of its name', member('node-2', 'http://127.0.0.1:2379'), 'node-2.example.org'],
  ['not at all', member('other', 'http://10.9.9.9:2379'), null],
  ['not by an empty name', member('', 'http://10.9.9.9:2379'), null],
])('a member is found %s', (_, place, host) => {
  expect(hostOfMember(place, hosts)).toBe(host);
});

test('an address two hosts share tells nothing', () => {
  const shared = [...hosts, { name: 'node-3', addresses: ['10.0.0.1'] }];
  expect(hostOfMember(member('x', 'http://10.0.0.1:2379'), shared)).toBeNull();
});

test('an advertised address is not dialled in plain text instead of TLS, nor on our own machine', () => {
  expect(dialable('http://10.0.0.1:2379', true, false)).toBe(false);
  expect(dialable('https://10.0.0.1:2379', true, false)).toBe(true);
  expect(dialable('http://127.0.0.1:2379', false, false)).toBe(false);
  expect(dialable('http://127.0.0.1:2379', false, true)).toBe(true);
  expect(dialable('unix:///run/etcd.sock', false, true)).toBe(false);
});
