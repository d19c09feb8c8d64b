import { expect, test } from 'vitest';
import { OwnNames, isLoopback, listenAddress } from './binding.ts';

test.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost', 'LocalHost'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'localhost.evil.example', '::ffff:10.0.0.1', '127.1', ''])(
  '%s is not, and is refused without TLS',
  (host) => {
    expect(isLoopback(host)).toBe(false);
    expect(() => listenAddress(host, null)).toThrow(/without TLS/);
  },
);

test('with TLS any address is listened on', () => {
  expect(listenAddress('0.0.0.0', { cert: '', key: '' })).toBe('0.0.0.0');
});

test.each([
  ['127.0.0.1:7117', true],
  ['localhost', true],
  ['localhost:9999', true],
  ['[::1]:7117', true],
  ['evil.example', false],
  ['127.0.0.1.evil.example', false],
  ['localhost:7117@evil.example', false],
  ['localhost:port', false],
  ['localhost, evil.example', false],
  ['', false],
])('Host “%s” is ours: %s', (header, ours) => {
  expect(new OwnNames(null).includes(header)).toBe(ours);
});
