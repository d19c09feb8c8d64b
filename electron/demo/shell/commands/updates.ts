import type { WaitingPackage } from '../../updates/simulated-packages.ts';
import { deployed, newestOfStream, stagedMarker } from '../../updates/simulated-systems.ts';
import { hexDigits, seedOf } from '../../world/chance.ts';
import type { Release } from '../../world/release.ts';
import type { SimulatedHost } from '../../world/simulated-host.ts';
import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { complain, put } from './text-input.ts';

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
    host.engine.begin(host.engine.downloadMs, false);
    return log('Initiating update check and install.');
  }
  if (flag === 'reset_status') {
    host.engine.reset();
    return log('ResetStatus succeeded; to undo partition table changes run cgpt prioritize.');
  }
  return complain(call, `ERROR: unknown command line flag '${flag}'`);
}

function deployments({ spec, markers, systems }: SimulatedHost) {
  const { channel } = spec.release;
  const staged = markers.get(stagedMarker)?.trim();
  const one = (of: Release, booted: boolean, isStaged: boolean) => ({
    version: of.version,
    checksum: hexDigits(seedOf(of.version), 64),
    origin: `ostree-remote-image:fedora:docker://quay.io/fedora/fedora-coreos:${of.channel ?? channel}`,
    'base-commit-meta': { 'fedora-coreos.stream': of.channel ?? channel },
    osname: 'fedora-coreos',
    booted,
    staged: isStaged,
    pinned: systems.pinned.has(of.version),
    timestamp:
      Date.parse(`${of.version.slice(3, 7)}-${of.version.slice(7, 9)}-${of.version.slice(9, 11)}T12:00:00Z`) / 1000,
  });
  const kept = [
    one(spec.release, true, false),
    ...(systems.before === null ? [] : [one(systems.before, false, false)]),
  ];
  if (systems.takesOther) kept.reverse();
  return [...(staged ? [one(deployed(staged, spec.release), false, true)] : []), ...kept];
}

async function rpmOstree(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const [verb = 'status', word = ''] = flags.rest;
  const { systems, markers } = call.host;
  if (verb === 'status') {
    const all = deployments(call.host);
    if (flags.has('json')) {
      const transaction = systems.isDownloading ? ['upgrade', ':1.1', '/'] : null;
      const driver = { 'driver-name': 'Zincati', 'driver-sd-unit': 'zincati.service' };
      const told = { deployments: all, transaction, 'cached-update': null, 'update-driver': driver };
      await put(call, `${JSON.stringify(told, null, 2)}\n`);
    } else {
      const rows = all.map(
        ({ booted, origin, version, checksum, timestamp }) =>
          `${booted ? '●' : ' '} ${origin}\n                  Version: ${version} (${new Date(timestamp * 1000).toISOString().slice(0, 19)}Z)\n                   Commit: ${checksum}\n`,
      );
      await put(call, `State: idle\nDeployments:\n${rows.join('\n')}`);
    }
    return 0;
  }
  if (call.user !== 'root') return complain(call, 'error: Not authorized: User is not authorized');
  switch (verb) {
    case 'upgrade':
      if (flags.has('check')) {
        await put(
          call,
          systems.offered ? `AvailableUpdate:\n  Version: ${systems.offered.version}\n` : 'No upgrade available.\n',
        );
        return systems.offered ? 0 : 77;
      }
      return staged(call, systems.offered);
    case 'rebase':
      return staged(call, newestOfStream(/[:/]([a-z-]+)$/.exec(word)?.[1] ?? ''));
    case 'rollback':
      if (systems.before === null) return complain(call, 'error: No rollback deployment found');
      systems.takesOther = !systems.takesOther;
      await put(call, `Moving '${hexDigits(seedOf(systems.before.version), 64)}.0' to be first deployment\n`);
      return 0;
    case 'cleanup':
      markers.delete(stagedMarker);
      await put(call, 'Deployments unchanged.\n');
      return 0;
    default:
      await put(call, 'No upgrade available.\n');
      return 0;
  }
}

async function staged(call: CommandCall, to: Release | null): Promise<number> {
  const isStaged = await call.process.until(call.host.systems.stage(to));
  await put(call, isStaged ? `Staging deployment...done\nUpgraded to ${to?.version}\n` : 'No upgrade available.\n');
  return 0;
}

/** `ostree admin pin [--unpin] INDEX`. */
async function ostree(call: CommandCall): Promise<number> {
  const unpins = call.words.includes('--unpin');
  const one = deployments(call.host)[Number(call.words.at(-1))];
  if (call.user !== 'root' || call.words[1] !== 'pin' || !one) return complain(call, 'error: Invalid index');
  if (unpins) call.host.systems.pinned.delete(one.version);
  else call.host.systems.pinned.add(one.version);
  await put(call, `Deployment ${call.words.at(-1)} is now ${unpins ? 'unpinned' : 'pinned'}\n`);
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
  const taken = verb === 'upgrade' ? await taking(call, () => true) : [];
  await put(
    call,
    `${taken.map(({ name, now }) => `Setting up ${name} (${now}) ...\n`).join('')}${taken.length} upgraded, 0 newly installed, 0 to remove and ${call.host.packages.waiting.length} not upgraded.\n${isOld ? 'A reboot is required to complete earlier upgrades.\n' : ''}`,
  );
  return 0;
}

/** Installs what waits and fits, which takes a while. */
async function taking(call: CommandCall, fits: (one: WaitingPackage) => boolean): Promise<readonly WaitingPackage[]> {
  const { packages, schedule } = call.host;
  const taken = packages.waiting.filter(fits);
  await call.process.until(new Promise<void>((resolve) => schedule.after(1500 * taken.length, resolve)));
  packages.install(taken.map(({ name }) => name));
  return taken;
}

async function unattended(call: CommandCall): Promise<number> {
  if (call.user !== 'root') return complain(call, 'You need to be root to run this application');
  const taken = await taking(call, ({ origin }) => origin.includes('security'));
  const names = taken.map(({ name }) => name).join(' ');
  await put(
    call,
    names === '' ? 'No packages found that can be upgraded unattended\n' : `Packages that were upgraded:\n${names}\n`,
  );
  return 0;
}

/** `apt-get -s`: what would be done. */
async function aptSimulation(call: CommandCall): Promise<number> {
  await put(call, 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n');
  for (const { name, old, now, origin } of call.host.packages.waiting)
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
  const [verb, ...names] = call.words;
  const { packages, spec } = call.host;
  if (verb === 'showhold') {
    if (spec.role === 'db') await put(call, 'postgresql-17\n');
    for (const name of packages.held) await put(call, `${name}\n`);
    return 0;
  }
  if (call.user !== 'root') return complain(call, 'E: Could not open lock file /var/lib/dpkg/lock-frontend', 100);
  for (const name of names) {
    if (verb === 'hold') packages.held.add(name);
    else packages.held.delete(name);
    await put(call, `${name} set ${verb === 'hold' ? 'on hold' : 'to manual'}.\n`);
  }
  return 0;
}

async function rootdev(call: CommandCall): Promise<number> {
  await put(call, '/dev/vda3\n');
  return 0;
}

/** `cgpt find -t flatcar-usr`, `show`, `prioritize` and `add -T` of a DEVICE; a disk is root's to read. */
async function cgpt(call: CommandCall): Promise<number> {
  const [verb, ...words] = call.words;
  const { systems, engine } = call.host;
  if (call.user !== 'root') return complain(call, "ERROR: Can't open /dev/vda: Permission denied");
  if (verb === 'find') {
    if (words.includes('flatcar-usr')) await put(call, '/dev/vda3\n/dev/vda4\n');
    return 0;
  }
  const at = /^\/dev\/vda([34])$/.exec(words.at(-1) ?? '')?.[1];
  if (at === undefined || !['show', 'prioritize', 'add'].includes(verb ?? ''))
    return complain(call, 'cgpt: only find, show, prioritize and add are simulated here');
  if (verb === 'prioritize') systems.takesOther = at === '4';
  if (verb !== 'show') return 0;
  const isStaged = engine.told().operation === 'UPDATE_STATUS_UPDATED_NEED_REBOOT';
  const isEmpty = systems.before === null && !isStaged;
  const flags =
    at === '3'
      ? 'priority=1 tries=0 successful=1'
      : `priority=${systems.takesOther ? 2 : 0} tries=${isStaged ? 1 : 0} successful=${isStaged || isEmpty ? 0 : 1}`;
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
  'unattended-upgrade': unattended,
  ostree,
  cgpt,
  rootdev,
  dpkg,
  etcdctl,
  locksmithctl,
};
