import { expect, test } from 'vitest';
import { blankUpdate } from './blank-update.ts';
import { forgetOffline } from './package-acts.ts';
import { packageReboot } from './package-reboot.ts';
import { packageUpdate } from './package-update.ts';
import { scriptSections } from '../../probes/script-sections.ts';

const told = (lines: readonly string[], virtualization = 'kvm') =>
  packageReboot(scriptSections(Buffer.from(`${lines.join('\n')}\n== end\n`)), { virtualization });
const kernels = ['== tools', 'kernel=6.12.48+deb13-amd64', '== modules', '/usr/lib/modules/6.12.57+deb13-amd64/'];

test('the packages that ask for a reboot are named', () => {
  expect(told(['== reboot', '/run/reboot-required', 'linux-image-amd64', 'libc6', 'libc6'])).toEqual({
    rebootNeeded: true,
    rebootBecause: ['linux-image-amd64', 'libc6'],
  });
});

test('dnf’s word counts, with what was updated since the boot', () => {
  const said = ['Core libraries or services have been updated since boot-up:', '  * glibc', '  * systemd', ''];
  expect(told(['== tools', 'restart=1', '== since-boot', ...said])).toEqual({
    rebootNeeded: true,
    rebootBecause: ['glibc', 'systemd'],
  });
  expect(told(['== tools', 'restart=0']).rebootNeeded).toBe(false);
  expect(told(['== tools', 'restart=127']).rebootNeeded).toBe(false);
});

test('a kernel that was replaced asks for a reboot where nothing else says so, but not in a container', () => {
  expect(told(kernels)).toMatchObject({
    rebootNeeded: true,
    rebootBecause: ['running 6.12.48+deb13-amd64, installed 6.12.57+deb13-amd64'],
  });
  expect(told(kernels, 'lxc').rebootNeeded).toBe(false);
});

test.each([
  ['/var/lib/dnf/system-upgrade', 'dnf'],
  ['/usr/lib/sysimage/libdnf5/offline', 'dnf'],
  ['/var/cache/PackageKit', 'PackageKit'],
  ['/srv/other', 'somebody'],
])('an update that lies in %s for the next boot is of %s', (to, by) => {
  const read = told(['== offline', 'link=/system-update', `to=${to}`]);
  expect(read).toMatchObject({ rebootNeeded: true, offline: { by, link: '/system-update', to } });
  const update = packageUpdate({ ...blankUpdate('dnf', 0), ...read }, false, false);
  expect(update.phase).toBe('staged');
  expect(update.phaseText).toMatch(/^The next boot installs /);
  expect(forgetOffline(update)).toMatchObject({ commands: [{ shown: 'rm -f /system-update' }] });
});

test('another link than systemd’s is none, and nothing is forgotten then', () => {
  const read = told(['== offline', 'link=/etc/passwd', 'to=/var/lib/dnf']);
  expect(read.offline).toBeUndefined();
  expect(forgetOffline({ ...blankUpdate('apt', 0), ...read })).toBeNull();
});

test('a reboot waits for a person where packages are installed by themselves and nothing reboots', () => {
  const read = { ...blankUpdate('apt', 0), ...told(['restart=1']), rebootNeeded: true };
  const strategy = { name: 'automatic' as const, text: 'It installs.', source: '' };
  const heldBy = (rebootsItself: boolean) => packageUpdate({ ...read, strategy }, false, rebootsItself).heldBy;
  expect(heldBy(false)).toEqual([{ by: 'person', text: 'Nobody reboots this host but a person.', reboot: true }]);
  expect(heldBy(true)).toEqual([]);
});
