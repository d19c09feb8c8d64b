import { anything, array, assert, constantFrom, jsonValue, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnInApt, readAptConf, readPending } from './apt/pending.ts';
import { readImages } from './bootc/images.ts';
import { readDnfPending } from './dnf/pending.ts';
import { readDeployments } from './rpm-ostree/deployments.ts';
import { readZincatiConf } from './rpm-ostree/zincati-conf.ts';
import { readSlots } from './update-engine/slots.ts';
import { statusOfBus, statusOfClient } from './update-engine/status.ts';

describe('rpm-ostree status', () => {
  const booted = {
    checksum: 'a'.repeat(64),
    version: '42.1',
    booted: true,
    origin: 'fedora:fedora/x86_64/coreos/stable',
  };

  it('tells deployments in boot order, and what the next boot takes', () => {
    const staged = { version: '42.2', staged: true, 'finalization-locked': true };
    const read = readDeployments(JSON.stringify({ deployments: [staged, booted], transaction: null }));
    expect(read).toMatchObject({ running: '42.1', next: '42.2', isStaged: true, isLocked: true, stream: 'stable' });
    expect(read?.slots.map(({ next }) => next)).toEqual([true, false]);
  });

  it('needs a reboot where the first is not booted, as after a rollback', () => {
    const read = readDeployments(JSON.stringify({ deployments: [{ version: '42.0' }, booted] }));
    expect(read).toMatchObject({ isStaged: true, next: '42.0' });
  });

  it('has the stream from the commit, else from the image', () => {
    const image = 'ostree-remote-image:fedora:docker://quay.io/fedora/fedora-coreos:testing';
    const of = (more: object) => readDeployments(JSON.stringify({ deployments: [{ booted: true, ...more }] }))?.stream;
    expect(of({ 'base-commit-meta': { 'fedora-coreos.stream': 'next' } })).toBe('next');
    expect(of({ 'container-image-reference': image })).toBe('testing');
    expect(of({})).toBeNull();
  });
});

describe('Zincati’s configuration', () => {
  it('is merged by file name, the later folder winning', () => {
    const conf = readZincatiConf([
      'fragment=/usr/lib/zincati/config.d/50-a.toml',
      '[updates]',
      'strategy = "immediate"',
      'enabled = false',
      'fragment=/etc/zincati/config.d/90-b.toml',
      '[updates]',
      'strategy = "periodic"',
      '[updates.periodic]',
      'time_zone = "Europe/Rome"',
      '[[updates.periodic.window]]',
      'days = ["Sat", "Sun"]',
      'start_time = "02:30"',
      'length_minutes = 120',
      'fragment=/etc/zincati/config.d/50-a.toml',
      '[identity]',
      'group = "workers"',
    ]);
    expect(conf).toMatchObject({
      enabled: true,
      group: 'workers',
      strategy: { name: 'periodic', source: '/etc/zincati/config.d/90-b.toml' },
      windows: [{ text: 'Sat, Sun from 02:30 for 120 min', timeZone: 'Europe/Rome' }],
    });
    expect(conf.weekly('UTC').weekly).toMatchObject({
      timeZone: 'Europe/Rome',
      windows: [{ days: [5, 6], from: 150, lengthMs: 7_200_000, measure: 'wall' }],
    });
  });

  it('names fragments that are none', () => {
    expect(readZincatiConf(['fragment=/etc/zincati/config.d/x.toml', 'no [ toml']).unread).toEqual([
      '/etc/zincati/config.d/x.toml',
    ]);
  });
});

describe('packages that wait', () => {
  it('are what apt would upgrade, security first', () => {
    const pending = readPending(
      [
        'Inst tzdata [2024a-0] (2024b-0 Debian:12.8/stable [all])',
        'Inst libssl3 [3.0.14-1] (3.0.15-1 Debian-Security:12/stable-security [amd64])',
        'Inst linux-image-6.1.0-28 (6.1.119-1 Debian-Security:12/stable-security [amd64])',
      ],
      ['docker.io', '-bad'],
    );
    expect(pending).toMatchObject({ total: 2, security: 1, held: 1, names: ['libssl3', 'tzdata'] });
  });

  it('are named by what they are and their versions, in whatever order', () => {
    const line = (name: string, to: string, origin = 'Debian:13/stable') => `Inst ${name} [1] (${to} ${origin} [all])`;
    const sets = (...lines: string[]) => {
      const { set, securitySet } = readPending(lines, []);
      return [set, securitySet];
    };
    const [ssl, data] = [line('libssl3', '2', 'Debian-Security:13/stable-security'), line('tzdata', '2')];
    expect(sets(ssl, data)).toEqual(sets(data, ssl));
    expect(sets(ssl, line('tzdata', '3'))[0]).not.toBe(sets(ssl, data)[0]);
    expect(sets(ssl, line('tzdata', '3'))[1]).toBe(sets(ssl, data)[1]);
    const dnf = (version: string) => readDnfPending(['exit=100', `bash.x86_64 ${version} updates`], [])?.set;
    expect(dnf('5.2-1')).toMatch(/^[0-9a-f]{16}$/);
    expect(dnf('5.2-2')).not.toBe(dnf('5.2-1'));
  });

  it('are what dnf lists, up to what they replace; not known where dnf failed', () => {
    const lines = ['exit=100', 'bash.x86_64 5.2-1 updates', 'Obsoleting Packages', 'old.noarch 1-1 updates'];
    expect(readDnfPending(lines, ['bash.x86_64 5.2-1 updates'])).toMatchObject({ total: 1, security: 1 });
    expect(readDnfPending(['exit=1'], [])).toBeNull();
  });

  it('apt’s switches are on by any word that apt takes, the last one counting', () => {
    const of = (...values: string[]) => isOnInApt(readAptConf(values.map((value) => `A::B "${value}";`)), 'A::B');
    expect([of('true'), of('Yes'), of('1'), of('false', 'on')]).toEqual([true, true, true, true]);
    expect([of(), of('false'), of('0'), of('true', 'no'), of('maybe')]).toEqual([false, false, false, false, false]);
  });

  it('apt’s configuration keeps lists', () => {
    const conf = readAptConf([
      'Unattended-Upgrade::Origins-Pattern:: "a";',
      'Unattended-Upgrade::Origins-Pattern:: "b";',
    ]);
    expect(conf.get('Unattended-Upgrade::Origins-Pattern')).toEqual(['a', 'b']);
  });
});

describe('bootc status', () => {
  it('tells images and what the next boot takes', () => {
    const of = (version: string) => ({ image: { image: { image: 'quay.io/x' }, version, imageDigest: 'sha256:1' } });
    const status = { booted: of('1'), staged: of('2'), rollback: null };
    const read = readImages(JSON.stringify({ kind: 'BootcHost', status }));
    expect(read).toMatchObject({ booted: '1', staged: '2', reference: 'quay.io/x' });
    expect(read?.slots.map(({ name, next }) => [name, next])).toEqual([
      ['staged', true],
      ['booted', false],
    ]);
  });
});

describe('hostile answers', () => {
  const words = constantFrom(
    'device=/dev/sda3',
    'booted=/dev/sda3',
    'fragment=/etc/x.toml',
    'priority=99 tries=99 successful=1',
    'Inst x [1] (2 Debian-Security [all])',
    'CURRENT_OP=__proto__',
    'exit=100',
    'NEW_SIZE=9999999999999999',
  );
  const lines = array(oneof(words, string({ unit: 'binary', maxLength: 200 })), { maxLength: 40 });

  it('never throw, whatever the lines', () => {
    assert(
      property(lines, (some) => {
        expect(readSlots(some, { running: '', other: null, staged: true }).length).toBeLessThanOrEqual(8);
        expect(readPending(some, some).names.length).toBeLessThanOrEqual(50);
        expect(readZincatiConf(some).windows.length).toBeLessThanOrEqual(50);
        expect(readDnfPending(some, some)?.names.length ?? 0).toBeLessThanOrEqual(50);
        readAptConf(some);
        statusOfClient(some);
      }),
    );
  });

  it('never throw, whatever the values', () => {
    assert(
      property(jsonValue(), array(anything()), (value, body) => {
        readDeployments(JSON.stringify(value));
        readDeployments(JSON.stringify({ deployments: [value], transaction: [value] }));
        readImages(JSON.stringify({ kind: 'BootcHost', status: { booted: value } }));
        expect(statusOfBus(body)?.progress ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });
});
