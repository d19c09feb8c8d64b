import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';

const folders = { dataDir: '/data', configDir: '/config' };

test('own options are read among those of Chromium', () => {
  const argv = [
    '--no-sandbox',
    '--remote-debugging-port=0',
    '--demo-hosts',
    '3',
    '--data-dir=/tmp/x',
    'quarterdeck://c/a',
  ];
  expect(parseArguments(argv, folders)).toEqual({ demoHosts: 3, dataDir: '/tmp/x', configDir: '/config' });
  expect(parseArguments(['--demo'], folders).demoHosts).toBe(24);
  expect(parseArguments([], folders).demoHosts).toBeNull();
});
