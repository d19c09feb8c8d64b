import { unitFiles } from '../systemd/unit-text.ts';
import { unitsOf } from '../systemd/catalogue/units-of.ts';
import { uuidOf } from '../world/chance.ts';
import type { HostSpec } from '../world/roster.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';
import { keptFiles } from './kept-files.ts';
import { procFiles } from './proc-files.ts';
import { provisionFiles } from './provision-files.ts';

export type ReadFile = (host: SimulatedHost) => string;

/** A host's machine id, the same in every fleet of its seed. */
export function machineIdOf({ seed }: Pick<HostSpec, 'seed'>): string {
  return uuidOf(seed ^ 0x20).replaceAll('-', '');
}

const anywhere: Readonly<Record<string, ReadFile>> = {
  '/etc/os-release': ({ spec }) => spec.release.osRelease,
  '/usr/lib/os-release': ({ spec }) => spec.release.osRelease,
  '/etc/hostname': ({ spec }) => `${spec.name}\n`,
  '/etc/machine-id': ({ spec }) => `${machineIdOf(spec)}\n`,
  '/etc/hosts': ({ spec }) =>
    `127.0.0.1 localhost\n::1 localhost\n${spec.address} ${spec.name}.fleet.internal ${spec.name}\n`,
  '/etc/resolv.conf': () => 'nameserver 10.20.0.53\nsearch fleet.internal\n',
  '/etc/passwd': () =>
    'root:x:0:0:root:/root:/bin/bash\ncore:x:500:500:Fleet operator:/home/core:/bin/bash\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
  '/etc/group': () =>
    'root:x:0:\nwheel:x:10:core\nsudo:x:27:core\ndocker:x:233:core\nsystemd-journal:x:248:core\ncore:x:500:\n',
  '/etc/ssh/sshd_config': () =>
    'Subsystem sftp internal-sftp\nUsePAM yes\nPasswordAuthentication no\nPermitRootLogin no\n',
  '/etc/sudoers.d/core': () => 'core ALL=(ALL) NOPASSWD: ALL\n',
  '/etc/timezone': () => 'Etc/UTC\n',
  '/etc/fstab': () => '# made by the fleet\n',
  '/home/core/.bashrc': () => '# .bashrc\n',
  '/home/core/.ssh/authorized_keys': () => '# the key of this demo fleet\n',
};

const flatcar: Readonly<Record<string, ReadFile>> = {
  '/usr/share/flatcar/update.conf': () => 'SERVER=https://public.update.flatcar-linux.net/v1/update/\nGROUP=stable\n',
  '/usr/share/flatcar/release': ({ spec }) =>
    `FLATCAR_RELEASE_VERSION=${spec.release.version}\nFLATCAR_RELEASE_BOARD=amd64-usr\nFLATCAR_RELEASE_APPID={e96281a6-d1af-4bde-9a0a-97b76e56dc57}\n`,
  '/etc/flatcar/update.conf': ({ spec }) =>
    `GROUP=${spec.release.channel}\nREBOOT_STRATEGY=${spec.role === 'etcd' ? 'etcd-lock' : 'off'}\nLOCKSMITHD_REBOOT_WINDOW_START=02:30\nLOCKSMITHD_REBOOT_WINDOW_LENGTH=3h\n`,
  '/var/lib/update_engine/prefs/previous-version': ({ spec, systems }) =>
    systems.before?.version ?? spec.release.version,
  '/run/update-engine/coordinator.conf': ({ spec }) =>
    `NAME=locksmithd\nSTRATEGY=${spec.role === 'etcd' ? 'etcd-lock' : 'off'}\nSTATE=${spec.role === 'etcd' ? 'running' : 'disabled'}\n`,
  '/run/systemd/timesync/synchronized': () => '',
};

const fedoraCoreos: Readonly<Record<string, ReadFile>> = {
  '/run/ostree-booted': () => '',
  '/etc/zincati/config.d/55-updates-strategy.toml': () =>
    '[updates]\nstrategy = "periodic"\n[[updates.periodic.window]]\ndays = [ "Sat", "Sun" ]\nstart_time = "02:30"\nlength_minutes = 180\n',
};

const debian: Readonly<Record<string, ReadFile>> = {
  '/usr/bin/unattended-upgrade': () => '#!/usr/bin/python3\n',
  '/var/lib/apt/periodic/update-success-stamp': () => '',
  // Somebody has used sudo here before.
  '/home/core/.sudo_as_admin_successful': () => '',
  '/etc/debian_version': ({ spec }) => `${spec.release.version}\n`,
  '/etc/apt/sources.list': () => 'deb http://deb.debian.org/debian stable main\n',
  '/etc/apt/apt.conf.d/20auto-upgrades': () =>
    'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
};

const byRole: Partial<Record<HostSpec['role'], Readonly<Record<string, ReadFile>>>> = {
  web: {
    '/etc/nginx/nginx.conf': ({ spec }) =>
      `worker_processes auto;\nevents { worker_connections 4096; }\nhttp {\n  upstream storefront { server 127.0.0.1:8080; keepalive ${spec.cpus * 8}; }\n  server { listen 80; location / { proxy_pass http://storefront; } }\n}\n`,
    '/etc/valkey/session.conf': () => 'maxmemory 1gb\nmaxmemory-policy allkeys-lru\nsave 300 100\n',
  },
  lb: {
    '/etc/haproxy/haproxy.cfg': () =>
      'global\n  maxconn 20000\ndefaults\n  mode http\nfrontend https\n  bind :443 ssl crt /etc/haproxy/certs\n  default_backend web\n',
  },
  db: {
    '/etc/pgbouncer/pgbouncer.ini': () =>
      '[pgbouncer]\nlisten_port = 6432\npool_mode = transaction\nmax_client_conn = 2000\n',
  },
};

const known = new Map<string, FileTree>();

/** The files that hosts of one kind have, and the folders that hold them. */
export interface FileTree {
  readonly files: ReadonlyMap<string, ReadFile>;
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The tree of a host; one for all hosts of the same system and role. */
export function fileTreeOf(spec: HostSpec): FileTree {
  const { family, kernel, channel } = spec.release;
  const key = `${family} ${spec.role} ${kernel} ${channel}`;
  const found = known.get(key);
  if (found) return found;
  const own = { flatcar, 'fedora-coreos': fedoraCoreos, debian }[family];
  const files = new Map(
    Object.entries({
      ...anywhere,
      ...procFiles,
      ...own,
      ...byRole[spec.role],
      ...provisionFiles(spec),
      ...keptFiles(spec),
    }),
  );
  files.set(`/usr/lib/modules/${kernel}/modules.dep`, () => '');
  for (const kind of unitsOf(spec).values())
    for (const { path, text } of unitFiles(kind, spec.role)) files.set(path, () => text);
  const folders = new Map<string, Set<string>>(
    ['/', '/tmp', '/var/tmp', '/var/log', '/root', '/opt', '/srv', '/boot', '/dev', '/usr/bin'].map((path) => [
      path,
      new Set(),
    ]),
  );
  for (const path of [...files.keys(), ...folders.keys()]) addToFolders(folders, path);
  const tree = { files, folders };
  known.set(key, tree);
  return tree;
}

/** Enters a path in the folder that holds it, and that one in the one above. */
export function addToFolders(folders: Map<string, Set<string>>, path: string): void {
  if (path === '/') return;
  const at = path.lastIndexOf('/');
  const folder = path.slice(0, at) || '/';
  const names = folders.get(folder);
  if (names) names.add(path.slice(at + 1));
  else {
    folders.set(folder, new Set([path.slice(at + 1)]));
    addToFolders(folders, folder);
  }
}
