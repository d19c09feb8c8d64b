import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandRange } from './expand-range.ts';
import { previewHostList } from './parse.ts';
import { parseTarget } from './parse-target.ts';

describe('expandRange', () => {
  test.each([
    ['web1', ['web1']],
    ['web[01:03]', ['web01', 'web02', 'web03']],
    ['web[9:11].x', ['web9.x', 'web10.x', 'web11.x']],
    ['[a:c]', ['a', 'b', 'c']],
    ['n[0:6:3]', ['n0', 'n3', 'n6']],
    ['r[1:2]s[a:b]', ['r1sa', 'r1sb', 'r2sa', 'r2sb']],
    ['web[3:1]', null],
    ['web[1:100000]', null],
    ['web[1:90]x[1:90]', null],
    ['web[01:100]', null],
    ['web[1:9:0]', null],
  ])('%s', (name, expanded) => {
    expect(expandRange(name, 5000)).toEqual(expanded);
  });
});

describe('parseTarget', () => {
  test.each([
    ['web1', { user: null, host: 'web1', port: null }],
    ['core@web1:2222', { user: 'core', host: 'web1', port: 2222 }],
    ['[fd00::1]:23', { user: null, host: 'fd00::1', port: 23 }],
    ['a@[fe80::1%eth0]', { user: 'a', host: 'fe80::1%eth0', port: null }],
    ['fd00::1', { user: null, host: 'fd00::1', port: null }],
    ['::ffff:10.0.0.1', { user: null, host: '::ffff:10.0.0.1', port: null }],
    ['1:2:3', null],
    ['[web1]:22', null],
    ['web1:0', null],
    ['web1:99999', null],
    ['user:secret@web1', null],
    ['@web1', null],
    ['', null],
  ])('%s', (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });
});

test('a pasted list, its comments, ranges and doubles', () => {
  const text =
    'web1, core@10.0.0.2:2222; [fd00::1]:23\n# a comment\nnode[1:2] # two\nweb1\n bad/name\nuser:geheim@web9\n';
  const { hosts, problems, skipped } = previewHostList(text, 'pasted text');
  expect(hosts.map(({ name, user, port }) => `${user}@${name}:${port}`)).toEqual([
    '@web1:22',
    'core@10.0.0.2:2222',
    '@fd00::1:23',
    '@node1:22',
    '@node2:22',
  ]);
  expect(problems.map(({ place, message }) => [place?.line, place?.column, message])).toEqual([
    [5, 2, '"bad/name" is no host'],
    [6, 1, 'this is no host'],
  ]);
  expect(skipped).toEqual([{ what: 'web1', why: 'it is there twice, again on line 4' }]);
});

describe('labels behind a host', () => {
  const labelsOf = (text: string) =>
    Object.fromEntries(previewHostList(text, 'f').hosts.map(({ name, labels }) => [name, labels]));
  const problemsOf = (text: string) =>
    previewHostList(text, 'f').problems.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);

  test('belong to the host before them, or to its whole range', () => {
    const text =
      'node1 role=web zone=a\ncore@10.0.0.2:22  role=db # its rack=x\nn[1:2] zone=b, n3; n4 a/b.c-d=1\nx y z\n';
    expect(labelsOf(text)).toEqual({
      node1: { role: 'web', zone: 'a' },
      '10.0.0.2': { role: 'db' },
      n1: { zone: 'b' },
      n2: { zone: 'b' },
      n3: {},
      n4: { 'a/b.c-d': '1' },
      x: {},
      y: {},
      z: {},
    });
    expect(problemsOf(text)).toEqual([]);
    expect(labelsOf('a r=1 b r=2')).toEqual({ a: { r: '1' }, b: { r: '2' } });
  });

  test.each([
    ['role=web', '1:1 a label stands before any host'],
    ['\nweb1 role=web,zone=a', '2:15 a label stands before any host'],
    ['web1 web2 role=web', '1:11 it is not clear which of the hosts before it this label is of'],
    ['web1 role=', '1:6 the label "role" has no value'],
    ['web1 =web', '1:6 "" is no name for a label'],
    ['web1 a:b=web', '1:6 "a:b" is no name for a label'],
    ['web1 role=web role=db', '1:15 the label "role" is there twice'],
    ['web1 role="big web"', '1:6 the label "role" has a value that cannot be written in a list'],
    ['web1 ansible_host=10.0.0.1', '1:6 "ansible_host" is a variable of Ansible, not a label'],
    ['web1 password=geheim', '1:6 "password" would hold a secret, and a cluster file may be shared'],
    ['web1 url=http://me:geheim@x', '1:6 a label would hold a secret, and a cluster file may be shared'],
  ])('%j is told with its place', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
    expect(JSON.stringify(previewHostList(text, 'f'))).not.toContain('geheim');
  });

  test('a label that cannot be used leaves the host and its other labels', () => {
    expect(labelsOf('web1 role=web zone=\nweb2 __proto__=x')).toEqual({
      web1: { role: 'web' },
      web2: Object.fromEntries([['__proto__', 'x']]),
    });
  });
});

test('any text gives hosts and problems, never an error', () => {
  const noise = fc.oneof(
    fc.constantFrom('web', 'role=web', '=', '[', ']', ':', '01', '@', ',', ' ', '\n', '#', '::', '%', '[1:9]', '[a:z]'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 40 }), (parts) => {
      const { hosts, problems } = previewHostList(parts.join(''), 'f');
      expect(new Set(hosts.map(({ name }) => name)).size).toBe(hosts.length);
      expect(problems.every(({ place }) => (place?.line ?? 0) >= 1)).toBe(true);
    }),
    { seed: 10, numRuns: 500 },
  );
}, 60_000);
