import { hexDigits, seedOf } from '../../world/chance.ts';
import type { SimulatedHost } from '../../world/simulated-host.ts';
import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { complain, put } from './text-input.ts';

/** The marker of a Fedora CoreOS host with a staged deployment. */
export const stagedMarker = '/run/ostree/staged-deployment';
/** The marker of a Debian host. */
export const rebootMarker = '/run/reboot-required';

async function updateEngineClient(call: CommandCall): Promise<number> {
  const flag = (call.words[0] ?? '').replace(/^--?/, '');
  const { host } = call;
  const log = (text: string) =>
    complain(call, `I${new Date(host.now()).toISOString().slice(11, 19)} update_engine_client.cc] ${text}`, 0);
  if (host.systemd.get('update-engine.service')?.active !== 'active')
    return complain(call, 'E update_engine_client.cc] Giving up -- unable to get dbus proxy for com.coreos.update1');
  if (flag === 'status') {
    const { lastCheckedS, progress, operation, version, bytes } = host.engine.told();
    await put(
      call,
      `LAST_CHECKED_TIME=${lastCheckedS}\nPROGRESS=${progress.toFixed(6)}\nCURRENT_OP=${operation}\nNEW_VERSION=${version}\nNEW_SIZE=${bytes}\n`,
    );
    return 0;
  }
  if (flag === 'check_for_update' || flag === 'update') {
    host.engine.begin(90_000, false);
    return log('Initiating update check and install.');
  }
  if (flag === 'reset_status') {
    host.engine.reset();
    return log('ResetStatus succeeded; to undo partition table changes run cgpt prioritize.');
  }
  return complain(call, `ERROR: unknown command line flag '${flag}'`);
}

function deployments(host: SimulatedHost) {
  const { version, channel } = host.spec.release;
  const staged = host.markers.get(stagedMarker)?.trim();
  const one = (of: string, booted: boolean) => ({
    version: of,
    checksum: hexDigits(seedOf(of), 64),
    origin: `ostree-remote-image:fedora:docker://quay.io/fedora/fedora-coreos:${channel}`,
    'base-commit-meta': { 'fedora-coreos.stream': channel },
    osname: 'fedora-coreos',
    booted,
    staged: !booted,
    timestamp: Date.parse(`${of.slice(3, 7)}-${of.slice(7, 9)}-${of.slice(9, 11)}T12:00:00Z`) / 1000,
  });
  return [...(staged ? [one(staged, false)] : []), one(version, true)];
}

async function rpmOstree(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const [verb = 'status'] = flags.rest;
  if (verb === 'status') {
    const all = deployments(call.host);
    if (flags.has('json'))
      await put(call, `${JSON.stringify({ deployments: all, transaction: null, 'cached-update': null }, null, 2)}\n`);
    else {
      const rows = all.map(
        ({ booted, origin, version, checksum, timestamp }) =>
          `${booted ? '●' : ' '} ${origin}\n                  Version: ${version} (${new Date(timestamp * 1000).toISOString().slice(0, 19)}Z)\n                   Commit: ${checksum}\n`,
      );
      await put(call, `State: idle\nDeployments:\n${rows.join('\n')}`);
    }
    return 0;
  }
  if (call.user !== 'root') return complain(call, 'error: Not authorized: User is not authorized');
  await put(call, 'No upgrade available.\n');
  return 0;
}

async function apt(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['o', 't']);
  const [verb = ''] = flags.rest;
  if (flags.has('s')) return aptSimulation(call);
  const isOld = call.host.markers.has(rebootMarker);
  if (verb === 'list') {
    await put(call, 'Listing...\n');
    if (flags.has('upgradable') && call.host.spec.seed % 3 === 0)
      await put(call, 'libssl3t64/stable-security 3.5.4-1~deb13u2 amd64 [upgradable from: 3.5.4-1~deb13u1]\n');
    return 0;
  }
  if (call.user !== 'root')
    return complain(
      call,
      'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)',
      100,
    );
  await put(call, 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n');
  await put(
    call,
    `0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n${isOld ? 'A reboot is required to complete earlier upgrades.\n' : ''}`,
  );
  return 0;
}

const waiting = [
  ['libssl3t64', '3.5.4-1~deb13u1', '3.5.4-1~deb13u2', 'Debian-Security:13/stable-security'],
  ['openssl', '3.5.4-1~deb13u1', '3.5.4-1~deb13u2', 'Debian-Security:13/stable-security'],
  ['tzdata', '2026b-0+deb13u1', '2026c-0+deb13u1', 'Debian:13.3/stable'],
  ['base-files', '13.8+deb13u2', '13.8+deb13u3', 'Debian:13.3/stable'],
] as const;

/** `apt-get -s`: what would be done. */
async function aptSimulation(call: CommandCall): Promise<number> {
  const { seed } = call.host.spec;
  await put(call, 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n');
  for (const [name, old, now, origin] of waiting.slice(0, seed % 3 === 0 ? 4 : seed % 3 === 1 ? 0 : 2))
    await put(call, `Inst ${name} [${old}] (${now} ${origin} [amd64])\n`);
  return 0;
}

async function aptConfig(call: CommandCall): Promise<number> {
  await put(
    call,
    `APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "${call.host.spec.seed % 5 === 0 ? 0 : 1}";
Unattended-Upgrade::Origins-Pattern:: "origin=Debian,codename=\${distro_codename}-security,label=Debian-Security";
Unattended-Upgrade::Automatic-Reboot "false";
`,
  );
  return 0;
}

async function aptMark(call: CommandCall): Promise<number> {
  if (call.words[0] === 'showhold' && call.host.spec.role === 'db') await put(call, 'postgresql-17\n');
  return 0;
}

async function rootdev(call: CommandCall): Promise<number> {
  await put(call, '/dev/vda3\n');
  return 0;
}

/** `cgpt find -t flatcar-usr` and `cgpt show DEVICE`; a disk is root's to read. */
async function cgpt(call: CommandCall): Promise<number> {
  const [verb, ...words] = call.words;
  if (call.user !== 'root') return complain(call, "ERROR: Can't open /dev/vda: Permission denied");
  if (verb === 'find') {
    if (words.includes('flatcar-usr')) await put(call, '/dev/vda3\n/dev/vda4\n');
    return 0;
  }
  const at = /^\/dev\/vda([34])$/.exec(words[0] ?? '')?.[1];
  if (verb !== 'show' || at === undefined) return complain(call, 'cgpt: only find and show are simulated here');
  const isStaged = call.host.engine.told().operation === 'UPDATE_STATUS_UPDATED_NEED_REBOOT';
  const flags =
    at === '3'
      ? 'priority=1 tries=0 successful=1'
      : isStaged
        ? 'priority=2 tries=1 successful=0'
        : 'priority=0 tries=0 successful=1';
  const label = at === '3' ? 'USR-A' : 'USR-B';
  await put(call, `      270336     2097152       ${at}  Label: "${label}"\n`);
  await put(call, `                                  Attr: ${flags} \n`);
  return 0;
}

async function dpkg(call: CommandCall): Promise<number> {
  const packages = [
    'bash 5.2.37-2',
    'chrony 4.6.1-3',
    'coreutils 9.7-3',
    'openssh-server 1:10.0p1-7',
    'systemd 257.9-1~deb13u1',
  ];
  if (!call.words.includes('-l')) return complain(call, 'dpkg: only -l is simulated here', 2);
  for (const row of packages) {
    const [name = '', version = ''] = row.split(' ');
    await put(call, `ii  ${name.padEnd(24)} ${version.padEnd(20)} amd64\n`);
  }
  return 0;
}

async function etcdctl(call: CommandCall): Promise<number> {
  const { rest } = readFlags(call.words, ['endpoints', 'w', 'write-out', 'cacert', 'cert', 'key']);
  const isUp = call.host.systemd.get('etcd-member.service')?.active === 'active';
  const verb = rest.slice(0, 2).join(' ');
  if (verb === 'version') {
    await put(call, 'etcdctl version: 3.5.17\nAPI version: 3.5\n');
    return 0;
  }
  if (verb !== 'endpoint health')
    return complain(call, 'etcdctl: only "endpoint health" and "version" are simulated here; use the etcd view');
  if (isUp) {
    await put(call, '127.0.0.1:2379 is healthy: successfully committed proposal: took = 2.113ms\n');
    return 0;
  }
  return complain(
    call,
    '127.0.0.1:2379 is unhealthy: failed to commit proposal: context deadline exceeded\nError: unhealthy cluster',
  );
}

const locksmithctl: CommandTable[string] = async (call) => {
  await put(call, 'Available: 1\nMax: 1\n');
  return 0;
};

/** Commands of the update agents and of etcd. */
export const updateCommands: CommandTable = {
  update_engine_client: updateEngineClient,
  'rpm-ostree': rpmOstree,
  apt,
  'apt-get': apt,
  'apt-config': aptConfig,
  'apt-mark': aptMark,
  cgpt,
  rootdev,
  dpkg,
  etcdctl,
  locksmithctl,
};
