import { describe, expect, it } from 'vitest';
import { Findings } from '../finding.ts';
import { isAccount, isHostname, isNetworkFile, isSshKey, readOwner, unitFolder } from './rules.ts';

const body = 'AAAAC3NzaC1lZDI1NTE5AAAAIL3xq0n2C9y1cK6uVbJp0r8tW4zEoQm5aSdFgHjKlZxc';
const top = { line: 1, column: 1 };

describe('what may be written where machines are provisioned', () => {
  it('knows public keys, with options and without a name', () => {
    expect(isSshKey(`ssh-ed25519 ${body}`)).toBe(true);
    expect(isSshKey(`ssh-ed25519 ${body} ines@desk in the hall`)).toBe(true);
    expect(isSshKey(`from="10.0.0.0/8",command="ls -l" ssh-rsa ${body}`)).toBe(true);
    expect(isSshKey(`sk-ssh-ed25519@openssh.com ${body} a`)).toBe(true);
    for (const wrong of [
      '',
      'ssh-ed25519',
      `ssh-ed25519 short`,
      body,
      `ssh-dss2 ${body}`,
      `ssh-rsa ${body}\nssh-rsa ${body}`,
    ])
      expect(isSshKey(wrong)).toBe(false);
    expect(isSshKey('-----BEGIN OPENSSH PRIVATE KEY-----')).toBe(false);
  });

  it('takes owners that are the same number everywhere', () => {
    const findings = new Findings('a');
    expect(readOwner('root', top, findings)).toStrictEqual({ uid: 0, gid: 0 });
    expect(readOwner('root:1400', top, findings)).toStrictEqual({ uid: 0, gid: 1400 });
    expect(readOwner('500', top, findings)).toStrictEqual({ uid: 500, gid: 500 });
    expect(readOwner(':1400', top, findings)).toStrictEqual({ uid: 0, gid: 1400 });
    expect(findings.list()).toStrictEqual([]);
    expect(readOwner('core:core', top, findings)).toBe(null);
    expect(readOwner('0:0:0', top, findings)).toBe(null);
    expect(findings.list().map(({ problem }) => problem.hint)).toStrictEqual([
      'Write numbers, as 0:0. The account core is 500:500 on Flatcar and 1000:1000 on Fedora CoreOS.',
      'Write numbers, as 0:0. The account core is 500:500 on Flatcar and 1000:1000 on Fedora CoreOS.',
    ]);
  });

  it('puts units and networkd files into their folders, and nothing else anywhere', () => {
    const findings = new Findings('a');
    expect(unitFolder('web@1.service', top, findings)).toBe('/etc/systemd/system');
    expect(unitFolder('10-a.netdev', top, findings)).toBe('/etc/systemd/network');
    expect(isNetworkFile('../a.network')).toBe(false);
    for (const wrong of ['web', '../web.service', '.service', 'a/b.service', ''])
      expect(unitFolder(wrong, top, findings)).toBe(null);
    expect(findings.list()).toHaveLength(5);
  });

  it('knows names of hosts and accounts', () => {
    expect(['web-01', 'web.hall.example.net', 'a', '3com'].every(isHostname)).toBe(true);
    expect(['', '-a', 'a..b', 'a_b', 'a b', 'a'.repeat(65)].some(isHostname)).toBe(false);
    expect(['core', '_chrony', 'a-b_1'].every(isAccount)).toBe(true);
    expect(['', '1a', 'a b', 'a:b', 'a'.repeat(32)].some(isAccount)).toBe(false);
  });
});
