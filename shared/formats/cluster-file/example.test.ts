import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultThresholds, thresholds } from '#shared/contract/cluster.ts';
import { parseClusterFile } from './parse.ts';

const text = readFileSync(new URL('../../../resources/cluster.example.yaml', import.meta.url), 'utf8');

test('the documented example has no problems and shows every field', () => {
  const { file, problems, broken } = parseClusterFile(text, 'cluster.example.yaml');
  expect({ problems, broken }).toEqual({ problems: [], broken: false });
  expect(file.hosts).toHaveLength(18);
  // "agent: true" is what null means.
  expect(Object.values({ ...file.ssh, agent: true })).not.toContain(null);
  expect(Object.values(file.etcd?.tls ?? {})).not.toContain(null);
  expect(file.checks).toEqual([
    { path: '/etc/haproxy/*.cfg', command: 'haproxy -c -f "$1"', when: 'staged' },
    { path: '/etc/postfix/**', command: 'postfix check', when: 'in-place' },
  ]);
  const fields = ['name', 'address', 'port', 'user', 'key', 'jump', 'labels', 'fromSshConfig', 'protected', 'colour'];
  expect(fields.filter((field) => !text.includes(`${field}:`))).toEqual([]);
});

test('its thresholds are the defaults that the comment says they are', () => {
  const { file } = parseClusterFile(text, 'cluster.example.yaml');
  expect(thresholds.parse(file.health)).toEqual(defaultThresholds);
});

test('the patterns that are commented out are right as well', () => {
  const uncommented = text.replaceAll(/^# {2}(- fromSshConfig|  labels)/gm, '  $1');
  const { file, problems } = parseClusterFile(uncommented, 'cluster.example.yaml');
  expect(problems).toEqual([]);
  expect(file.patterns).toMatchObject([{ fromSshConfig: ['web-*', '!web-old'], labels: { role: 'web' } }]);
});
