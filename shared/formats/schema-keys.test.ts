import { describe, expect, it } from 'vitest';
import { keysAt as butaneKeys } from './butane/keys.ts';
import { keysAt as cloudConfigKeys } from './cloud-config/keys.ts';
import { keysAt as ignitionKeys } from './ignition/keys.ts';
import type { SchemaKey } from './schema-keys.ts';

const names = (keys: readonly SchemaKey[]): string[] => keys.map(({ key }) => key);

describe('keys for an editor to offer', () => {
  it('gives those of a path, with or without the items of lists', () => {
    expect(names(cloudConfigKeys([]))).toStrictEqual([
      'hostname',
      'ssh_authorized_keys',
      'users',
      'write_files',
      'manage_etc_hosts',
      'coreos',
    ]);
    expect(names(cloudConfigKeys(['coreos', 'units', '0', 'drop_ins']))).toStrictEqual(['name', 'content']);
    expect(cloudConfigKeys(['coreos', 'units', '[]', 'drop_ins', '3'])).toStrictEqual(
      cloudConfigKeys(['coreos', 'units', 'drop_ins']),
    );
    expect(cloudConfigKeys(['hostname'])).toStrictEqual([]);
    expect(cloudConfigKeys(['constructor', '__proto__'])).toStrictEqual([]);
  });

  it('knows every key of coreos-cloudinit', () => {
    const count = (key: string): number => cloudConfigKeys(['coreos', key]).length;
    expect(['update', 'locksmith', 'oem', 'flannel', 'fleet', 'etcd2', 'units'].map(count)).toStrictEqual([
      3, 9, 5, 11, 17, 41, 7,
    ]);
    expect(names(cloudConfigKeys(['users']))).toHaveLength(15);
  });

  it('tells what a key takes and does', () => {
    expect(cloudConfigKeys(['coreos', 'update'])[0]).toStrictEqual({
      key: 'reboot_strategy',
      type: 'string',
      doc: 'How a host reboots after an update: with the lock in etcd, at once, or not at all.',
      values: ['etcd-lock', 'reboot', 'off'],
    });
    const every = (path: string[], below: (path: string[]) => SchemaKey[]): SchemaKey[] =>
      below(path).flatMap((one) => [one, ...every([...path, one.key], below)]);
    for (const below of [cloudConfigKeys, butaneKeys, ignitionKeys])
      expect(
        every([], below).filter(({ doc }) => !/^[A-Z\d].*\.$/s.test(doc) && !doc.startsWith('etcd')),
      ).toStrictEqual([]);
  });

  it('spells keys as each format does, and offers those of the version only', () => {
    expect(names(ignitionKeys(['storage', 'disks', 'partitions']))).toContain('sizeMiB');
    expect(names(ignitionKeys(['passwd', 'users']))).toContain('sshAuthorizedKeys');
    expect(names(ignitionKeys(['storage', 'files', 'contents']))).not.toContain('inline');
    expect(names(butaneKeys(['storage', 'disks', 'partitions']))).toContain('size_mib');
    expect(names(butaneKeys([], 'fcos', '1.0.0'))).toStrictEqual([
      'variant',
      'version',
      'ignition',
      'storage',
      'systemd',
      'passwd',
    ]);
    expect(names(butaneKeys([], 'fcos', '1.5.0'))).toContain('grub');
    expect(names(butaneKeys([], 'flatcar', '1.1.0'))).not.toContain('grub');
    expect(names(butaneKeys(['storage', 'luks'], 'flatcar', '1.1.0'))).not.toContain('clevis');
    expect(names(butaneKeys([], 'other', '9.9.9'))).toContain('boot_device');
  });
});
