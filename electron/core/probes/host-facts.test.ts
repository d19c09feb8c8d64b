import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostDisks as disksSchema, hostFacts as factsSchema } from '#shared/contract/host.ts';
import { bootList } from './boot-list.ts';
import { hostDisks } from './host-disks.ts';
import { clockOffset, hostFacts } from './host-facts.ts';
import { assignments, channelOf, familyOf } from './os-identity.ts';
import { rebootMarkers } from './reboot-markers.ts';
import { scriptSections } from './script-sections.ts';

const sections = (text: string) => scriptSections(Buffer.from(text));
const boot = 'a68250f4-724a-45c2-bb8d-109e610a9205';
const minute = `== host
boot=${boot}
uptime=3085.50 5095.53
hostname=web-1
kernel=6.1.0-27-amd64
clock=1795393888.250000000
sync=yes
== reboot
/run/reboot-required
linux-image-6.1.0-28-amd64
== modules
/usr/lib/modules/6.1.0-27-amd64/
/usr/lib/modules/6.1.0-28-amd64/
/usr/lib/modules/6.1.0-29-cloud-amd64/
`;
const all = `${minute}== system
machine=3d1219c7c4c5404aaa1f6d2a48adfda4
arch=x86_64
cpus=4
virt=kvm
systemd=systemd 252 (252.39-1~deb12u2)
state=degraded
zone=/usr/share/zoneinfo/Europe/Berlin
synchronized=
== os-release
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
VERSION_ID="12"
ID=debian
== boots
[{"index":-1,"boot_id":"b3ae3c1b54414e67b159b0ec82f35120","first_entry":1795393756036744,"last_entry":1795394364543355},{"index":0,"boot_id":"a68250f4724a45c2bb8d109e610a9205","first_entry":1795394756036744,"last_entry":1795395364543355}]
== disks
NAME="zram0" SIZE="4096" TYPE="disk" MODEL=""
NAME="vda" SIZE="274877906944" TYPE="disk" MODEL="QEMU HARDDISK"
NAME="vda1" SIZE="4877906944" TYPE="part" MODEL=""
== addresses
1: lo    inet 127.0.0.1/8 scope host lo
4: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0
4: eth0    inet6 2001:db8::2/64 scope global
5: docker0    inet 172.17.0.1/16 scope global docker0
== rights
uid=1000
sudo=password
== end
`;

describe('hostFacts', () => {
  it('reads as many boots as a journal tells, though all stand in one long line', () => {
    const told = Array.from({ length: 60 }, (_, at) => ({
      index: at - 59,
      boot_id: String(at).padStart(32, 'a'),
      first_entry: at * 1e9,
      last_entry: at * 1e9 + 5e8,
    }));
    const boots = bootList(sections(`== boots\n${JSON.stringify(told)}\n== end\n`).lines('boots'));
    expect(boots).toHaveLength(40);
    expect(boots.at(-1)).toMatchObject({ index: 0, bootId: String(59).padStart(32, 'a') });
  });

  it('reads everything', () => {
    const facts = hostFacts(sections(all), null, 1_795_393_888_000);
    expect(factsSchema.parse(facts)).toEqual(facts);
    expect(facts).toMatchObject({
      os: { id: 'debian', version: '12', pretty: 'Debian GNU/Linux 12 (bookworm)' },
      family: 'debian',
      channel: null,
      hostname: 'web-1',
      architecture: 'x86_64',
      virtualization: 'kvm',
      bootId: boot,
      bootedAt: 1_795_393_888_000 - 3_085_500,
      systemd: '252 (252.39-1~deb12u2)',
      systemState: 'degraded',
      timezone: 'Europe/Berlin',
      timeSync: 'yes',
      disks: [{ name: 'vda', sizeBytes: 274_877_906_944, type: 'disk', model: 'QEMU HARDDISK' }],
      addresses: ['192.0.2.2', '2001:db8::2'],
      cpus: 4,
      elevation: 'sudo-password',
    });
    expect(facts?.rebootNeeded).toEqual([
      { marker: 'reboot-required', evidence: '/run/reboot-required (linux-image-6.1.0-28-amd64)' },
      { marker: 'kernel-newer', evidence: 'running 6.1.0-27-amd64, installed 6.1.0-28-amd64' },
    ]);
    expect(facts?.boots.map(({ index }) => index)).toEqual([-1, 0]);
  });

  it('keeps in the next minute what that answer leaves out, of the same boot only', () => {
    const before = hostFacts(sections(all), null, 1000);
    const later = hostFacts(sections(`${minute}== end\n`), before, 61_000);
    expect(later).toMatchObject({
      readAt: 61_000,
      cpus: 4,
      family: 'debian',
      elevation: 'sudo-password',
      systemState: 'degraded',
    });
    const other = minute.replace(boot, 'b3ae3c1b-5441-4e67-b159-b0ec82f35120');
    expect(hostFacts(sections(`${other}== end\n`), before, 61_000)).toBeNull();
    expect(hostFacts(sections(''), before, 61_000)).toBeNull();
  });

  it('makes sections that fit the contract of any output whatever', () => {
    const lines = all.split('\n');
    const line = fc.oneof(fc.constantFrom(...lines), fc.string({ unit: 'binary', maxLength: 60 }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.uint8Array({ maxLength: 40 }), (some, noise) => {
        const output = Buffer.concat([
          Buffer.from(`== host\nboot=${boot}\n== system\narch=\n`),
          Buffer.from(some.join('\n')),
          noise,
        ]);
        const facts = hostFacts(scriptSections(output), null, 5);
        expect(factsSchema.parse(facts)).toEqual(facts);
        const disks = hostDisks(scriptSections(output), null, 5);
        expect(disksSchema.parse(disks)).toEqual(disks);
      }),
      { seed: 20_261_122, numRuns: 1000 },
    );
  });

  it('reads no more than a bounded part of an endless answer', () => {
    const endless = Buffer.alloc(5_000_000, '== host\nboot=x\n/run/reboot-required\n');
    expect(scriptSections(endless).lines('host').length).toBeLessThanOrEqual(2000);
  });
});

describe('clockOffset', () => {
  it('is positive for a host that is behind', () => {
    expect(clockOffset(sections(all), 1_795_393_890_250, 100)).toBe(2050);
    expect(clockOffset(sections('== host\nclock=1795393888\n'), 1_795_393_888_500, 0)).toBe(0);
    expect(clockOffset(sections('== host\nclock=soon\n'), 0, 0)).toBeNull();
  });
});

describe('familyOf', () => {
  it.each([
    ['ID=flatcar\nVERSION_ID=4152.2.1', 'flatcar', 'stable'],
    ['ID=coreos\nVERSION_ID=2512.1.0', 'container-linux', 'beta'],
    ['ID=fedora\nVARIANT_ID=coreos\nOSTREE_VERSION="41.20250105.2.0"', 'fedora-coreos', 'testing'],
    ['ID=fedora\nVERSION_ID=41', 'fedora', null],
    ['ID="almalinux"\nID_LIKE="rhel centos fedora"', 'rhel', null],
    ['ID=raspbian\nID_LIKE=debian', 'debian', null],
    ['ID=arch', 'other', null],
    ['', 'other', null],
  ])('%j is %s', (text, family, channel) => {
    const os = assignments(text.split('\n'));
    expect([familyOf(os), channelOf(os, new Map())]).toEqual([family, channel]);
  });

  it('believes update.conf more than the version', () => {
    const os = assignments(['ID=flatcar', 'VERSION_ID=4152.2.1']);
    expect(channelOf(os, assignments(['GROUP=lts', 'GROUP=alpha']))).toBe('alpha');
  });
});

describe('rebootMarkers', () => {
  it('sees that the running kernel was removed, but not in a container', () => {
    const modules = ['/usr/lib/modules/6.1.0-28-amd64/'];
    expect(rebootMarkers([], modules, '6.1.0-27-amd64', 'kvm')).toMatchObject([{ marker: 'kernel-removed' }]);
    expect(rebootMarkers([], modules, '6.1.0-27-amd64', 'systemd-nspawn')).toEqual([]);
    expect(rebootMarkers([], [], '6.1.0-27-amd64', 'none')).toEqual([]);
  });

  it('compares versions by number', () => {
    const modules = ['/usr/lib/modules/6.9.12-200.fc40.x86_64/', '/usr/lib/modules/6.10.3-200.fc40.x86_64/'];
    expect(rebootMarkers([], modules, '6.10.3-200.fc40.x86_64', 'none')).toEqual([]);
    expect(rebootMarkers([], modules, '6.9.12-200.fc40.x86_64', 'none')).toMatchObject([{ marker: 'kernel-newer' }]);
  });
});

describe('bootList', () => {
  it('reads the table of systemd before 251', () => {
    expect(
      bootList([
        '-1 b3ae3c1b54414e67b159b0ec82f35120 Mon 2026-11-16 10:00:00 UTC—Tue 2026-11-17 10:00:00 UTC',
        ' 0 a68250f4724a45c2bb8d109e610a9205 Tue 2026-11-17 10:01:00 UTC—Tue 2026-11-17 11:00:00 UTC',
      ]),
    ).toEqual([
      {
        index: -1,
        bootId: 'b3ae3c1b54414e67b159b0ec82f35120',
        firstAt: Date.UTC(2026, 10, 16, 10),
        lastAt: Date.UTC(2026, 10, 17, 10),
      },
      {
        index: 0,
        bootId: 'a68250f4724a45c2bb8d109e610a9205',
        firstAt: Date.UTC(2026, 10, 17, 10, 1),
        lastAt: Date.UTC(2026, 10, 17, 11),
      },
    ]);
  });

  it('reads what is whole of JSON that was cut off in front', () => {
    const one = (index: number) => `{"index":${index},"boot_id":"${'a'.repeat(32)}","first_entry":1,"last_entry":2}`;
    expect(bootList([`st_entry":1,"last_entry":2},${one(-1)},${one(0)}]`]).map(({ index }) => index)).toEqual([-1, 0]);
  });
});
