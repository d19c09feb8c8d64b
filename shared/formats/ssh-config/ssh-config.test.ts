import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hostAliases, selectAliases } from './aliases.ts';
import { loadSshConfig } from './load.ts';
import { matchPattern } from './pattern.ts';
import { resolveSshHost } from './resolve.ts';

const context = {
  home: '/home/ada',
  localUser: 'ada',
  localHostName: 'desk.example.com',
  userId: '1000',
  env: { TEAM: 'blue', AGENT: '/run/agent' },
};
const load = (text: string, included: Record<string, string> = {}) =>
  loadSshConfig([{ file: '/home/ada/.ssh/config', text, owner: 'user' }], async (pattern) =>
    pattern in included ? [{ file: pattern, text: included[pattern] ?? '' }] : [],
  );

describe('resolveSshHost', () => {
  test('expands home, tokens and environment', async () => {
    const config = await load(
      'Host web\n HostName %h.example.com\n Port 2200\n User ops\n IdentityFile ~/.ssh/%n_%p_%r_%u_%L\n IdentityFile ${TEAM}/k\n IdentityAgent $AGENT\n',
    );
    const host = resolveSshHost(config, 'web', context);
    expect(host).toMatchObject({
      hostName: 'web.example.com',
      port: 2200,
      user: 'ops',
      identityFiles: ['/home/ada/.ssh/web_2200_ops_ada_desk', 'blue/k'],
      agent: '/run/agent',
      problems: [],
    });
  });

  test('what an environment variable holds is not expanded again', async () => {
    const config = await load('IdentityFile ${TRICK}\n');
    const host = resolveSshHost(config, 'x', { ...context, env: { TRICK: '%d/${TEAM}' } });
    expect(host.identityFiles).toEqual(['%d/${TEAM}']);
  });

  test('a command line wins over the files, and Match user sees it', async () => {
    const config = await load('Match user boss\n Port 7\nHost *\n User ops\n Port 22\n');
    expect(resolveSshHost(config, 'x', context, { user: 'boss' })).toMatchObject({ user: 'boss', port: 7 });
    expect(resolveSshHost(config, 'x', context)).toMatchObject({ user: 'ops', port: 22 });
  });

  test('what Quarterdeck does not do is a problem with its line', async () => {
    const config = await load('User a\nProxyCommand nc %h %p\nCanonicalizeHostname yes\nIdentityFile ~bob/.ssh/k\n');
    const { problems } = resolveSshHost(config, 'x', context);
    expect(problems.map(({ place, message }) => [place?.line, message])).toEqual([
      [2, 'ProxyCommand is not run'],
      [3, 'CanonicalizeHostname is not done; names are used as they are'],
      [4, `identityfile "~bob/.ssh/k": only ~/ is supported, not another user's home`],
    ]);
  });

  test.each([
    ['ssh -W %h:%p bastion', [{ user: null, host: 'bastion', port: null }]],
    ['/usr/bin/ssh -q -l ops -p2200 bastion -W [%h]:%p', [{ user: 'ops', host: 'bastion', port: 2200 }]],
    ['ssh ops@bastion -W %h:%p', [{ user: 'ops', host: 'bastion', port: null }]],
    ['ssh -o StrictHostKeyChecking=no -W %h:%p bastion', null],
    ['ssh bastion nc %h %p', null],
    ['ssh -W other:22 bastion', null],
    ['sh -c "ssh -W %h:%p bastion"', null],
    ['none', null],
  ])('ProxyCommand %s is the jump %j', async (command, jumps) => {
    const host = resolveSshHost(await load(`ProxyCommand ${command}\n`), 'x', context);
    expect(host.jumps).toEqual(jumps);
    expect(host.problems).toHaveLength(jumps === null && command !== 'none' ? 1 : 0);
  });

  test('includes are anchored as ssh does it, and cycles end', async () => {
    const config = await load('Include conf.d/a\n', {
      '~/.ssh/conf.d/a': 'User included\nInclude conf.d/a\n',
    });
    expect(resolveSshHost(config, 'x', context).user).toBe('included');
    expect(config.problems.map(({ message }) => message)).toEqual([
      'includes are nested more than 16 deep; this one is not read',
    ]);
  });

  test('two files that include each other twice stop at the file limit', async () => {
    const config = await load('Include a\n', { '~/.ssh/a': 'Include a a a\n' });
    expect(config.problems.some(({ message }) => message.startsWith('more than 1000 files'))).toBe(true);
  });
});

describe('hostAliases', () => {
  test('lists each name once and sets patterns apart', async () => {
    const config = await load('Host a b !c w*\nInclude more\nHost a d?\n', { '~/.ssh/more': 'Host inc\n' });
    const aliases = hostAliases(config);
    expect(aliases.names.map(({ name, place }) => [name, place.line])).toEqual([
      ['a', 1],
      ['b', 1],
      ['inc', 1],
    ]);
    expect(aliases.wildcards.map(({ pattern }) => pattern)).toEqual(['w*', 'd?']);
    expect(selectAliases(aliases, ['*', '!i*'])).toEqual(['a', 'b']);
  });
});

describe('matchPattern', () => {
  test('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(text, pattern, (value, wanted) => {
        const source = wanted.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchPattern(value, wanted)).toBe(new RegExp(`^${source}$`).test(value));
      }),
      { seed: 1, numRuns: 1000 },
    );
  }, 60_000);

  test('a hostile pattern takes no time', () => {
    const started = performance.now();
    expect(matchPattern('a'.repeat(2000), `${'*a'.repeat(500)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test('any text gives a configuration and problems, never an error', async () => {
  const word = fc.constantFrom(
    'Host',
    'match',
    'Include',
    'user',
    'all',
    '"',
    "'",
    '=',
    '!',
    '*',
    '#',
    '\\',
    '%',
    '\n',
  );
  const noise = fc.oneof(word, fc.string({ unit: 'binary', maxLength: 6 }), fc.constantFrom(' ', '\t', '\r\n', '${'));
  await fc.assert(
    fc.asyncProperty(fc.array(noise, { maxLength: 60 }), async (parts) => {
      const config = await load(parts.join(''));
      const host = resolveSshHost(config, 'web', context);
      expect([...config.problems, ...host.problems].every(({ place }) => (place?.line ?? 0) >= 1)).toBe(true);
      hostAliases(config);
    }),
    { seed: 2, numRuns: 800 },
  );
}, 60_000);

test('5,000 hosts of a 5,000-block configuration resolve in seconds', async () => {
  const blocks = Array.from(
    { length: 5000 },
    (_, index) => `Host h${index}\n HostName 10.0.${index >> 8}.${index & 255}\n`,
  );
  const config = await load(blocks.join(''));
  const started = performance.now();
  for (let index = 0; index < 5000; index++) resolveSshHost(config, `h${index}`, context);
  expect(performance.now() - started).toBeLessThan(30_000);
}, 60_000);
