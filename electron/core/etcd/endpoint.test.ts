import { expect, test } from 'vitest';
import { parseEndpoint } from './endpoint.ts';
import { prefixEnd, rangeFields } from './key-values.ts';

test.each([
  ['10.0.0.1:2379', false, 'http://10.0.0.1:2379', '10.0.0.1', 2379],
  ['10.0.0.1', true, 'https://10.0.0.1:2379', '10.0.0.1', 2379],
  ['http://etcd.example/', true, 'http://etcd.example:2379', 'etcd.example', 2379],
  ['https://etcd.example:443', false, 'https://etcd.example:443', 'etcd.example', 443],
  ['http://etcd.example:80/', false, 'http://etcd.example:80', 'etcd.example', 80],
  ['[fd00::1]:4001', false, 'http://[fd00::1]:4001', 'fd00::1', 4001],
])('%s is read', (text, tls, url, host, port) => {
  expect(parseEndpoint(text, tls)).toEqual({ url, host, port, secure: url.startsWith('https') });
});

test.each(['', 'http://', 'a b', 'host:99999', 'http://host/path', 'http://user@host', 'unix:/tmp/x/y'])(
  '%j is refused',
  (text) => {
    expect(() => parseEndpoint(text, false)).toThrow('is not an etcd endpoint');
  },
);

test('a prefix ends before the next one, and never where there is none', () => {
  expect(prefixEnd(Buffer.from('/a'))).toEqual(Buffer.from('/b'));
  expect(prefixEnd(Buffer.from([0x61, 0xff, 0xff]))).toEqual(Buffer.from([0x62]));
  expect(prefixEnd(Buffer.from([0xff]))).toEqual(Buffer.from([0]));
  expect(rangeFields({ prefix: '' })).toEqual({ key: Buffer.from([0]), range_end: Buffer.from([0]) });
  // An empty range_end on the wire would be "everything from here on": deleting one key must not send it.
  expect(rangeFields('key')).toEqual({ key: Buffer.from('key') });
});
