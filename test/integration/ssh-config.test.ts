import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { readSshConfig } from '#core/clusters/read-ssh-config.ts';
import { evaluate } from '#shared/formats/ssh-config/evaluate.ts';
import { parseProxyJump } from '#shared/formats/ssh-config/jump.ts';
import { resolveSshHost } from '#shared/formats/ssh-config/resolve.ts';

const ssh = spawnSync('ssh', ['-V']).status === 0;
const context = {
  home: homedir(),
  localUser: userInfo().username,
  localHostName: hostname(),
  userId: String(userInfo().uid),
  env: process.env,
};

/** What `ssh -G` says: each keyword with all its lines. */
function askSsh(file: string, host: string): Map<string, string[]> | null {
  const run = spawnSync('ssh', ['-G', '-F', file, host], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (run.status !== 0) return null;
  const said = new Map<string, string[]>();
  for (const line of run.stdout.split('\n')) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    const keyword = line.slice(0, space).toLowerCase();
    said.set(keyword, [...(said.get(keyword) ?? []), line.slice(space + 1)]);
  }
  return said;
}

/** The same as askSsh's answer, by our own reading; only what we compare. */
async function askOurs(file: string, host: string): Promise<{ ours: unknown; problems: number; skipped: number }> {
  const config = await readSshConfig({ userFile: file, systemFile: null, home: context.home });
  const values = evaluate(config, host, context.localUser);
  const resolved = resolveSshHost(config, host, context);
  const word = (keyword: string): string | undefined => values.first.get(keyword)?.words[0];
  return {
    ours: {
      hostname: resolved.hostName,
      user: resolved.user,
      port: String(resolved.port),
      identityfile: values.identityFiles.length ? values.identityFiles.map((setting) => setting.words[0]) : 'defaults',
      identitiesonly: resolved.identitiesOnly ? 'yes' : 'no',
      hostkeyalias: resolved.hostKeyAlias ?? undefined,
      userknownhostsfile:
        (
          resolved.userKnownHostsFiles ?? [`${context.home}/.ssh/known_hosts`, `${context.home}/.ssh/known_hosts2`]
        ).join(' ') || 'none',
      proxyjump: resolved.jumps?.length ? resolved.jumps : undefined,
      connecttimeout: word('connecttimeout') ?? 'none',
      serveraliveinterval: word('serveraliveinterval') ?? '0',
      identityagent: resolved.agent === null ? 'none' : (resolved.agent ?? undefined),
    },
    problems: config.problems.length + resolved.problems.length,
    skipped: resolved.skipped.length,
  };
}

function theirs(said: Map<string, string[]>): unknown {
  const one = (keyword: string): string | undefined => said.get(keyword)?.[0];
  const identities = said.get('identityfile') ?? [];
  const jump = one('proxyjump');
  return {
    hostname: one('hostname'),
    user: one('user'),
    port: one('port'),
    identityfile: identities.includes('~/.ssh/id_ed25519_sk') ? 'defaults' : identities,
    identitiesonly: one('identitiesonly'),
    hostkeyalias: one('hostkeyalias'),
    userknownhostsfile: one('userknownhostsfile'),
    proxyjump: jump === undefined ? undefined : parseProxyJump(jump),
    connecttimeout: one('connecttimeout'),
    serveraliveinterval: one('serveraliveinterval'),
    identityagent: one('identityagent'),
  };
}

describe('ssh_config against the real ssh -G', () => {
  beforeEach(() => skipUnless(ssh, 'no ssh is installed here'));
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-ssh-config-'));
    mkdirSync(join(folder, 'conf.d'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  /** Both readings of one host; `refused` where ssh ends with an error. */
  const both = async (file: string, host: string): Promise<{ ours: unknown; theirs: unknown }> => {
    const said = askSsh(file, host);
    const { ours, problems } = await askOurs(file, host);
    if (said === null) return { ours: problems > 0 ? 'refused' : ours, theirs: 'refused' };
    return { ours, theirs: theirs(said) };
  };

  test('everything a hand-written configuration uses', async () => {
    write('conf.d/20-late.conf', 'Host web-*\n  User late\n  IdentityFile ~/.ssh/late\n');
    write('conf.d/10-early.conf', 'Match originalhost web-1\n  ConnectTimeout 7\nHost *\n  IdentityFile /keys/early\n');
    write('conf.d/.hidden.conf', 'Host *\n  User hidden\n');
    write('inner.conf', 'User inner\nHost other\n  User never\n');
    const file = write(
      'main.conf',
      `# defaults of the day
ServerAliveInterval = 15
Include ${folder}/conf.d/*.conf ${folder}/absent.conf

Host web-1 web-2 !web-3   # not the third
  HostName=%h.Example.COM
  IdentityFile ~/.ssh/a
  IdentityFile "%d/.ssh/with blank"
  IdentityFile ~/.ssh/a
  ProxyJump ops@bastion:2200,10.0.0.1
Host web-*
  User "ops"
  Port 2022
hOST = db?
  hostname 10.1.2.3
  PORT=5022
  UserKnownHostsFile ~/.ssh/kh_%h "/tmp/\${HOME}/k h"
  IdentityAgent none
  HostKeyAlias the-db
Host inc
  Include ${folder}/inner.conf
  Port 99
Host loop !loop
  User loops
Match host *.example.com,!web-2.* user ops
  IdentitiesOnly yes
Match !originalhost web-1 localuser ${context.localUser}
  ConnectTimeout 3
Match final host *.example.com
  HostKeyAlias final-%h
Match all
  IdentityAgent ~/agent.sock
Host *
  ProxyJump none
  User nobody
  Port 2
`,
    );
    for (const host of ['web-1', 'web-2', 'web-3', 'db1', 'db12', 'inc', 'other', 'loop', 'WEB-1', '10.1.2.3']) {
      const { ours, theirs } = await both(file, host);
      expect(theirs).not.toBe('refused');
      expect({ host, said: ours }).toEqual({ host, said: theirs });
    }
  });

  test('quotes, equals signs and comments, as ssh splits them', async () => {
    const lines = [
      'User a#b',
      'User "a b"',
      "User 'a b'",
      'User a\\ b',
      'User=ops',
      'User = ops',
      'User\tops',
      '   User ops # why',
      '"User" ops',
      'IdentityFile "/a\\"b"',
      'IdentityFile /a=b',
      'IdentityFile none',
      'ProxyJump = a,b # c',
      'ProxyJump ssh://me@bastion:22',
      'ProxyJump me@[::1]:22',
      'HostName %%h',
      'Port ssh',
      'UserKnownHostsFile none',
      'UserKnownHostsFile /a /b # c',
      'Match host "x,y"\n User q',
      'Match host=x\n User q',
      'Match user root originalhost x all\n User q',
      'Match !all\n User q',
      'Host x,y\n User q',
      'Host "x"\n User q',
      "Host 'x'\r\n User q\r",
      'Host ?\n User q',
      'Host * !?\n User q',
    ];
    for (const [index, line] of lines.entries()) {
      const file = write(`line-${index}.conf`, `${line}\n`);
      const { ours, theirs } = await both(file, 'x');
      expect({ line, said: ours }).toEqual({ line, said: theirs });
    }
  });

  test('what ssh refuses is a problem here', async () => {
    const refused = [
      'Port 0',
      'Port 70000',
      'Port many',
      'User "open',
      'Match',
      'Match nothing x',
      'Match host',
      'Match all host x',
      'Match user root originalhost x all',
      'User',
      'ProxyJump a@',
      'ProxyJump host:99999',
      'HostName %q',
      'Host ""',
    ];
    for (const [index, line] of refused.entries()) {
      const file = write(`refused-${index}.conf`, `${line}\n`);
      const { ours, theirs } = await both(file, 'x');
      expect({ line, ours, theirs }).toEqual({ line, ours: 'refused', theirs: 'refused' });
    }
  });

  test('Match exec runs nothing and is said', async () => {
    const mark = join(folder, 'ran');
    const file = write(
      'exec.conf',
      `Match host x exec "touch ${mark}"\n  User q\nMatch host y exec "true"\n  User z\n`,
    );
    const { ours, skipped } = await askOurs(file, 'x');
    expect(ours).toMatchObject({ user: context.localUser });
    expect(skipped).toBe(1);
    expect(existsSync(mark)).toBe(false);
  });

  test('seeded random configurations with includes', async () => {
    const name = fc.constantFrom('web-1', 'web-2', 'db1', 'Db1', 'a', 'ab', '10.0.0.1', 'web-1.example.com');
    const pattern = fc.oneof(
      name,
      fc.constantFrom('*', 'web-*', '?', '??', '*-1', 'w*b*1', '*.example.com', '10.0.0.?', 'd?1'),
    );
    const negatable = fc.tuple(fc.boolean(), pattern).map(([negated, text]) => (negated ? `!${text}` : text));
    const list = fc.array(negatable, { minLength: 1, maxLength: 3 });
    const user = fc.constantFrom('ops', 'core', 'root', context.localUser);
    const setting = fc.oneof(
      user.map((value) => `User ${value}`),
      fc.integer({ min: 1, max: 65535 }).map((value) => `Port=${value}`),
      fc.constantFrom('HostName %h.example.com', 'HostName 10.0.0.1', 'HostName WEB-2', 'HostName "%h"'),
      fc.constantFrom('IdentityFile ~/.ssh/a', 'IdentityFile "/b c"', 'IdentityFile %d/x', 'IdentityFile none'),
      fc.constantFrom('ProxyJump bastion', 'ProxyJump none', 'ProxyJump a@b:3,c', 'ProxyCommand none'),
      fc.constantFrom('IdentitiesOnly yes', 'IdentitiesOnly no', 'HostKeyAlias k1', 'HostKeyAlias k2'),
      fc.constantFrom('UserKnownHostsFile /k1 /k2', 'UserKnownHostsFile none', 'UserKnownHostsFile ~/.ssh/%n_%p_%r'),
      fc.constantFrom('IdentityAgent none', 'IdentityAgent /run/%u.sock', 'ConnectTimeout 5', 'ServerAliveInterval 9'),
      fc.constantFrom('# a comment', '', '   '),
    );
    const criterion = fc.oneof(
      list.map((items) => `host ${items.join(',')}`),
      list.map((items) => `originalhost ${items.join(',')}`),
      fc.array(user, { minLength: 1, maxLength: 2 }).map((items) => `user ${items.join(',')}`),
      user.map((value) => `localuser ${value}`),
      fc.constant('final'),
    );
    const match = fc
      .array(fc.tuple(fc.boolean(), criterion), { minLength: 1, maxLength: 3 })
      .map((items) => `Match ${items.map(([negated, text]) => (negated ? `!${text}` : text)).join(' ')}`);
    const header = fc.oneof(
      list.map((items) => `Host ${items.join(' ')}`),
      match,
      fc.constantFrom('Match all', 'Match !all', 'Match final all'),
    );
    const line = fc.oneof(
      { weight: 4, arbitrary: setting },
      { weight: 3, arbitrary: header },
      { weight: 1, arbitrary: fc.constantFrom('INCLUDE 0', 'INCLUDE 1', 'INCLUDE [01]', 'INCLUDE [!2]') },
    );
    const text = fc.array(line, { maxLength: 14 }).map((lines) => lines.join('\n'));
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 3, maxLength: 3 }), name, async (texts, host) => {
        const dir = join(folder, `random-${round++}`);
        mkdirSync(dir);
        // Only the main file includes: the included ones would include themselves without end.
        for (const [index, part] of texts.entries())
          writeFileSync(
            join(dir, String(index)),
            part.replaceAll(/^INCLUDE (.*)$/gm, index === 2 ? `Include ${dir}/$1` : '# $1'),
            { mode: 0o600 },
          );
        const { ours, theirs } = await both(join(dir, '2'), host);
        expect(theirs).not.toBe('refused');
        expect(ours).toEqual(theirs);
        rmSync(dir, { recursive: true });
      }),
      { seed: 20261122, numRuns: 400, endOnFailure: false },
    );
  });
});
