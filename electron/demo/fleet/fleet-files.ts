import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSpec } from '../world/roster.ts';

/** A host with the loopback port it is served on and its public key. */
export interface ServedHost {
  readonly spec: HostSpec;
  readonly port: number;
  readonly publicKey: string;
}

export interface FleetFiles {
  readonly dir: string;
  readonly user: string;
  readonly hosts: readonly ServedHost[];
  readonly clientKey: { readonly privateKey: string; readonly publicKey: string };
  readonly etcdEndpoints: readonly string[];
}

/** Writes what a person would have for a fleet of their own: cluster file, key, known_hosts, and an ssh_config to try it with. */
export async function writeFleetFiles(files: FleetFiles): Promise<{ clusterFile: string }> {
  const { dir, clientKey, hosts } = files;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const clusterFile = join(dir, 'demo.yaml');
  const keyFile = join(dir, 'key');
  await writeFile(keyFile, clientKey.privateKey, { mode: 0o600 });
  // An older file keeps its mode when it is written again, and ssh refuses a key that others may read.
  await chmod(keyFile, 0o600);
  await writeFile(join(dir, 'key.pub'), `${clientKey.publicKey} quarterdeck-demo\n`);
  const known = hosts.map(({ port, publicKey }) => `[127.0.0.1]:${port} ${publicKey}\n`);
  await writeFile(join(dir, 'known_hosts'), known.join(''));
  await writeFile(join(dir, 'ssh_config'), sshConfig(files));
  await writeFile(clusterFile, clusterYaml(files));
  return { clusterFile };
}

function clusterYaml({ user, hosts, etcdEndpoints }: FleetFiles): string {
  const rows = hosts.map(({ spec, port }) => {
    const { name, role, zone, rack, release } = spec;
    const channel = release.channel ? `, channel: ${release.channel}` : '';
    return `  - {name: ${name}, address: 127.0.0.1, port: ${port}, labels: {role: ${role}, zone: ${zone}, rack: ${rack}, system: ${release.family}${channel}}}\n`;
  });
  const etcd = etcdEndpoints.length > 0 ? `etcd:\n  endpoints: [${etcdEndpoints.join(', ')}]\n` : '';
  return `# The demo fleet: simulated hosts on this computer, made anew at each start.
name: Demo fleet
colour: violet
mode: operate
ssh:
  user: ${user}
  keys: [key]
  agent: false
  jump: none
  knownHosts: [known_hosts]
hosts:
${rows.join('')}${etcd}`;
}

function sshConfig({ dir, user, hosts }: FleetFiles): string {
  const quoted = (name: string) => `"${join(dir, name)}"`;
  const each = hosts.map(({ spec, port }) => `Host ${spec.name}\n  Port ${port}\n`);
  return `${each.join('')}Host *
  HostName 127.0.0.1
  User ${user}
  IdentityFile ${quoted('key')}
  IdentitiesOnly yes
  UserKnownHostsFile ${quoted('known_hosts')}
  StrictHostKeyChecking yes
`;
}
