import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';

const folders = { dataDir: '/data', configDir: '/config' };

test('nothing given means loopback, any port, no demo', () => {
  expect(parseArguments([], folders)).toEqual({
    host: '127.0.0.1',
    port: 0,
    tlsFiles: null,
    demoHosts: null,
    dataDir: '/data',
    configDir: '/config',
    printUrl: false,
    endWithInput: false,
    updateService: null,
    help: false,
    view: null,
  });
});

test('--demo means 24 hosts, --demo-hosts as many as it says', () => {
  expect(parseArguments(['--demo'], folders).demoHosts).toBe(24);
  expect(parseArguments(['--demo-hosts', '1000'], folders).demoHosts).toBe(1000);
  expect(parseArguments(['--demo', '--demo-hosts=3'], folders).demoHosts).toBe(3);
});

test('a link says what the window shows first', () => {
  const { view, demoHosts } = parseArguments(['--demo', 'quarterdeck://c/prod/fleet?q=cpu%3E80'], folders);
  expect([view, demoHosts]).toEqual(['/c/prod/fleet?q=cpu%3E80', 24]);
});

test('the update service is off; where it listens, for which cluster and with what is said in words', () => {
  const read = (...words: string[]) => parseArguments(words, folders).updateService;
  const none = { cluster: null, tlsFiles: null, payloads: null };
  expect(read('--update-service', 'localhost:8000')).toEqual({ ...none, host: '127.0.0.1', port: 8000 });
  expect(read('--update-service', '[::1]:0')).toEqual({ ...none, host: '::1', port: 0 });
  expect(
    read('--update-service=0.0.0.0:80', '--update-service-plain-http', '--update-service-cluster=prod'),
  ).toMatchObject({ host: '0.0.0.0', cluster: 'prod' });
  const files = ['--update-service-tls-cert=a.pem', '--update-service-tls-key=b.pem', '--update-service-payloads=/srv'];
  expect(read('--update-service=updates.example:443', ...files)).toMatchObject({
    host: 'updates.example',
    tlsFiles: { cert: 'a.pem', key: 'b.pem' },
    payloads: '/srv',
  });
});

test.each([
  [['--update-service', '0.0.0.0:8000'], /does not listen on 0\.0\.0\.0 without TLS/],
  [['--update-service', '8000'], /HOST:PORT/],
  [['--update-service', '127.0.0.1:70000'], /from 0 to 65535/],
  [['--update-service-plain-http'], /goes with --update-service HOST:PORT/],
  [['--update-service', '127.0.0.1:1', '--update-service-tls-cert', 'a'], /go together/],
  [['--tls-cert', 'a.pem'], /go together/],
  [['--port', '70000'], /--port is a whole number from 0 to 65535/],
  [['--port', '-1'], /--port/],
  [['--demo-hosts', '2001'], /from 1 to 2000/],
  [['--demo-hosts', '1e2'], /from 1 to 2000/],
  [['--no-such'], /no-such/],
  [['stray'], /stray/],
  [['quarterdeck://c/a', 'quarterdeck://c/b'], /c\/b.*one quarterdeck:\/\/ link/],
  [[`quarterdeck://c/a?q=${'x'.repeat(9000)}`], /8000 is the most/],
  [['quarterdeck://c/a b'], /not whole/],
])('%j is refused', (argv, words) => {
  expect(() => parseArguments(argv, folders)).toThrow(words);
});
