import { fleetDocuments } from '../documents/fleet-documents.ts';
import type { HostSpec } from '../world/roster.ts';
import type { ReadFile } from './system-files.ts';

const motd = 'This machine belongs to the fleet; changes by hand are seen.\n';
const sysctl = '/etc/sysctl.d/90-fleet.conf';
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDemoDemoDemoDemoDemoDemoDemoDemoDemoDemoDemo fleet';

/** Hosts where somebody wrote a word of their own. */
const scribbled: Readonly<Record<string, string>> = {
  'worker-b1': 'Ask Tariq before you reboot!\n',
  'db-a1': 'Primary until the move is done.\n',
};

/** How the fleet's settings read when the machines were made: the first revision of the document of today. */
function firstSysctl(): string {
  return fleetDocuments.find(({ file }) => file.path === sysctl)?.revisions[0]?.content ?? '';
}

/** What hosts of one kind were told at their first boot, where their system keeps it, and a file that only that wrote. */
export function provisionFiles(spec: HostSpec): Record<string, ReadFile> {
  const { family } = spec.release;
  const files: Record<string, ReadFile> = {
    '/etc/motd': ({ spec: { name } }) => motd + (scribbled[name] ?? ''),
  };
  if (family === 'debian') files['/var/lib/cloud/instance/user-data.txt'] = ({ spec: { name } }) => userData(name);
  else {
    files[family === 'flatcar' ? '/oem/config.ign' : '/run/ignition.json'] = ({ spec: { name } }) => ignition(name);
    files['/etc/.ignition-result.json'] = () =>
      `${JSON.stringify({ provisioningBootID: '5d2f0f6e', provisioningDate: '2026-02-11T06:12:44Z', userConfigProvided: true }, null, 2)}\n`;
  }
  return files;
}

function userData(host: string): string {
  const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '      ');
  return `#cloud-config
hostname: ${host}
packages: [chrony, unattended-upgrades]
ssh_authorized_keys:
  - ${key}
write_files:
  - path: /etc/motd
    permissions: '0644'
    content: |
${indented(motd)}  - path: ${sysctl}
    permissions: '0644'
    content: |
${indented(firstSysctl())}`;
}

function ignition(host: string): string {
  const file = (path: string, text: string) => ({
    path,
    mode: 0o644,
    overwrite: true,
    contents: { source: `data:,${encodeURIComponent(text)}` },
  });
  const config = {
    ignition: { version: '3.4.0' },
    passwd: { users: [{ name: 'core', sshAuthorizedKeys: [key] }] },
    storage: {
      disks: [{ device: '/dev/disk/by-label/DATA', partitions: [{ label: 'data', number: 1 }] }],
      files: [file('/etc/hostname', `${host}\n`), file('/etc/motd', motd), file(sysctl, firstSysctl())],
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
