import { describe, expect, it } from 'vitest';
import type { HostDisks } from '#shared/contract/host.ts';
import { hostDisks } from './host-disks.ts';
import { scriptSections } from './script-sections.ts';

const sections = (text: string) => scriptSections(Buffer.from(text));

describe('hostDisks', () => {
  const text = `== mounts
/dev/vda1 / ext4 rw,relatime 0 0
/dev/vda1 /var/lib/docker/x ext4 rw 0 0
/dev/vda2 /usr ext4 ro,relatime 0 0
/dev/vdb /srv xfs ro,relatime 0 0
/dev/vdc /run/host/thing ext4 ro 0 0
//server/share\\040name /mnt cifs rw 0 0
tmpfs /tmp tmpfs rw 0 0
== space
1024 1000 100 50 100 60 /
1024 1000 100 50 100 60 /var/lib/docker/x
1024 100 0 0 0 0 /usr
1024 2000 1990 1990 0 0 /srv
1024 2000 1990 1990 0 0 /run/host/thing
1024 500 400 400 0 0 /mnt
1024 64 64 64 0 0 /tmp
== end
`;
  it('lists each file system once, without those that are read-only by design', () => {
    const { mounts } = hostDisks(sections(text), null, 7);
    expect(mounts.map(({ mount, readOnly }) => [mount, readOnly])).toEqual([
      ['/', false],
      ['/mnt', false],
      ['/srv', true],
      ['/tmp', false],
    ]);
    expect(mounts[0]).toEqual({
      mount: '/',
      source: '/dev/vda1',
      type: 'ext4',
      totalBytes: 1_024_000,
      usedBytes: 921_600,
      freeBytes: 51_200,
      inodesTotal: 100,
      inodesFree: 60,
      readOnly: false,
      readOnlyFault: null,
    });
  });

  const read = (mounts: string[], fstab: string[] = [], before: HostDisks | null = null) => {
    const space = mounts.map((line) => `1024 1000 100 50 100 60 ${line.split(' ')[1]}`);
    const lines = ['== mounts', ...mounts, '== space', ...space, '== fstab', ...fstab, '== end', ''];
    return hostDisks(sections(lines.join('\n')), before, 7);
  };
  const faults = (...given: Parameters<typeof read>) =>
    read(...given).mounts.map(({ mount, readOnlyFault }) => `${mount}: ${readOnlyFault ?? 'well'}`);

  it('calls the file system of an ostree system /var rather than /etc, whichever is mounted first', () => {
    const on = (...paths: string[]) => paths.map((path) => `/dev/vda4 ${path} xfs rw,relatime 0 0`);
    const sysroot = '/dev/vda4 /sysroot xfs ro,relatime 0 0';
    for (const mounts of [on('/etc', '/var'), on('/var', '/etc')])
      expect(read([sysroot, ...mounts]).mounts.map(({ mount }) => mount)).toEqual(['/var']);
    expect(read([sysroot, ...on('/etc')]).mounts.map(({ mount }) => mount)).toEqual(['/etc']);
  });

  it('tells what is read-only by a fault from what was meant to be', () => {
    expect(faults(['/dev/vda1 / ext4 ro,relatime,errors=remount-ro 0 0'])).toEqual([
      '/: the kernel makes it so after an error (errors=remount-ro)',
    ]);
    expect(faults(['/dev/vda1 / ext4 ro,relatime,emergency_ro 0 0'])).toEqual([
      '/: the kernel made it so after an error',
    ]);
    expect(faults(['/dev/vda1 / ext4 rw,relatime,errors=remount-ro 0 0'])).toEqual(['/: well']);
    const srv = '/dev/vdb /srv xfs ro,relatime 0 0';
    expect(faults([srv])).toEqual(['/srv: well']);
    expect(faults([srv], ['/srv/ defaults,nofail'])).toEqual(['/srv: /etc/fstab says that it is to be writable']);
    expect(faults([srv], ['/srv rw,ro,errors=remount-ro'])).toEqual(['/srv: well']);
    expect(faults(['/dev/vda2 /boot ext4 ro 0 0'])).toEqual([]);
    expect(faults(['/dev/vda2 /boot ext4 ro 0 0'], ['/boot defaults'])).toEqual([
      '/boot: /etc/fstab says that it is to be writable',
    ]);
  });

  it('remembers that a file system was writable, until it is again', () => {
    const was = read(['/dev/vdb /srv xfs rw 0 0', 'tmpfs /tmp tmpfs rw 0 0']);
    const now = ['/dev/vdb /srv xfs ro 0 0', 'tmpfs /tmp tmpfs rw 0 0'];
    const broken = read(now, [], was);
    expect(broken.mounts[0]?.readOnlyFault).toBe('it was writable before');
    expect(faults(now, [], broken)).toEqual(['/srv: it was writable before', '/tmp: well']);
    expect(faults(now, [], read(['/dev/vdb /srv xfs rw 0 0'], [], broken))[0]).toBe('/srv: it was writable before');
    expect(faults(['/dev/vdc /srv xfs ro 0 0'], [], was)).toEqual(['/srv: well']);
  });

  it('sees only the last of several mounts on one place', () => {
    const { mounts } = read(['tmpfs /tmp tmpfs rw 0 0', 'scratch /tmp tmpfs ro 0 0']);
    expect(mounts).toMatchObject([{ mount: '/tmp', source: 'scratch', readOnly: true }]);
  });

  it('does not blame the disk for a read-only bind mount of what is writable elsewhere', () => {
    const was = read(['/dev/vdb /data ext4 rw 0 0']);
    const mounts = ['/dev/vdb /data ext4 ro 0 0', '/dev/vdb /var/lib/data ext4 rw 0 0'];
    expect(faults(mounts, ['/data defaults'], was)).toEqual(['/data: well']);
  });
});
