import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostRestarts } from '#shared/contract/restart.ts';
import { hostScriptFolder } from '../host-scripts.ts';
import { scriptSections } from '../script-sections.ts';
import { readOldUnits } from './old-units.ts';
import { unitOfCgroup } from './unit-of-cgroup.ts';

const told = (...lines: string[]) => readOldUnits(scriptSections(Buffer.from(`${lines.join('\n')}\n== end\n`)));

test('units are told with what they run, since when that is old, and whose it is', () => {
  const { units, isPart } = told(
    '== seen',
    'tick=100',
    'booted=1795900000',
    'init=/init.scope',
    '== old',
    'G 2 5000 7 /system.slice/nginx.service nginx,nginx-worker',
    'F /usr/lib/x86_64-linux-gnu/libssl.so.3',
    'F /usr/sbin/nginx',
    'G 1 9000 1 /user.slice/user-1000.slice/session-3.scope bash',
    'F /usr/bin/bash',
    'G 1 4000 1 /system.slice/nginx.service/worker nginx',
    'F /usr/sbin/nginx',
    '== now',
    '1795990000 /usr/lib/x86_64-linux-gnu/libssl.so.3',
    '1795980000 /usr/sbin/nginx',
    '== dpkg',
    'libssl3t64:amd64: /lib/x86_64-linux-gnu/libssl.so.3',
    'nginx-core, nginx-light: /usr/sbin/nginx',
  );
  expect(isPart).toBe(false);
  expect(units).toEqual([
    {
      unit: 'nginx.service',
      processes: 3,
      programs: ['nginx', 'nginx-worker'],
      startedAt: 1_795_900_040_000,
      replacedAt: 1_795_980_000_000,
      files: ['/usr/lib/x86_64-linux-gnu/libssl.so.3', '/usr/sbin/nginx'],
      moreFiles: 6,
      packages: ['libssl3t64', 'nginx-core', 'nginx-light'],
    },
    {
      unit: 'session-3.scope',
      processes: 1,
      programs: ['bash'],
      startedAt: 1_795_900_090_000,
      replacedAt: null,
      files: ['/usr/bin/bash'],
      moreFiles: 0,
      packages: [],
    },
  ]);
});

test('what is left out is said', () => {
  expect(told('== old', 'more=3').isPart).toBe(true);
  expect(told('== old', 'cut=yes').isPart).toBe(true);
});

test.each([
  ['/system.slice/ssh.service', '/init.scope', 'ssh.service'],
  ['/system.slice/system-postgresql.slice/postgresql@17-main.service', '/init.scope', 'postgresql@17-main.service'],
  ['/user.slice/user-1000.slice/user@1000.service/app.slice/evil.service', '/init.scope', 'user@1000.service'],
  [
    '/machine.slice/systemd-nspawn@a.service/payload/system.slice/ssh.service',
    '/init.scope',
    'systemd-nspawn@a.service',
  ],
  [
    '/machine.slice/systemd-nspawn@a.service/payload/system.slice/ssh.service',
    '/machine.slice/systemd-nspawn@a.service/payload/init.scope',
    'ssh.service',
  ],
  ['/init.scope', '/init.scope', 'init.scope'],
  ['/system.slice/_name.service', '/init.scope', 'name.service'],
  ['/system.slice/a?b.service', '/init.scope', ''],
  ['/', '/', ''],
])('%s below %s is of %s', (cgroup, init, unit) => {
  expect(unitOfCgroup(cgroup, init)).toBe(unit);
});

test('whatever a host answers fits the contract, and is never thrown at', () => {
  const words = fc.string({ maxLength: 40 });
  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .tuple(fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.nat(), words)
      .map(([processes, start, files, rest]) => `G ${processes} ${start} ${files} /${rest}`),
    words.map((path) => `F /${path.repeat(20)}`),
    fc.tuple(fc.nat(), words).map(([seconds, path]) => `${seconds} /${path}`),
    fc.tuple(words, words).map(([names, path]) => `${names.repeat(9)}: /${path}`),
    fc.constantFrom(
      '== old',
      '== now',
      '== dpkg',
      '== rpm',
      '== seen',
      'tick=0',
      'tick=x',
      'tick=1e400',
      'booted=1e400',
      'booted=-1',
    ),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const read = { readAt: 0, sees: 'all', ...told(...lines), problem: null };
      expect(hostRestarts.safeParse(read).error).toBeUndefined();
    }),
    { numRuns: 60, endOnFailure: true },
  );
}, 30_000);

/** The host's half, which reads lines of grep: by the awk that is here. */
const byAwk = (input: string) =>
  execFileSync('awk', [readFileSync(join(hostScriptFolder(), 'old-files.awk'), 'utf8')], {
    input,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
const mapped = (path: string, pid: number | string = process.pid) =>
  `/proc/${pid}/maps:7f00-7f01 r-xp 00000000 08:01 1234                       ${path} (deleted)\n`;

test('the host tells each file once, as it was called before its package manager touched it', () => {
  const path = '/usr/lib/libdemo.so.1';
  const out = byAwk(
    [mapped(path), mapped(path), mapped(`${path};5f3a00ff`), mapped(`${path}.dpkg-tmp`), 'end=0\n'].join(''),
  );
  expect(out).toMatch(/^G 1 \d+ 1 \/\S* \S+\nF \/usr\/lib\/libdemo\.so\.1\n$/);
});

test('the host keeps to its bounds and its lines, whatever a path says', () => {
  const hostile = [
    '/usr/lib/a\\012G 9 9 9 /evil.service',
    '/usr/lib/\u001b[2J',
    '/usr/lib/ (deleted)',
    '/usr/lib/$(id)',
  ];
  const many = Array.from({ length: 30 }, (_, at) => `/opt/x/${at}`);
  const lines = byAwk([...hostile, ...many].map((path) => mapped(path)).join(''))
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(/^G 1 \d+ 34 /);
  expect(lines.slice(1).every((line) => line.startsWith('F /'))).toBe(true);
  expect(byAwk(`${mapped('/usr/lib/x', 999_999_999)}nonsense\nend=124\n`)).toBe('cut=yes\n');
});
