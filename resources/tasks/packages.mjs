// What the tests use of the machine: present, installed when root on Debian, or named as missing.
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

/** Command → Debian package. Tests that need an absent command skip with their reason. */
const needed = {
  chromium: 'chromium',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  etcd: 'etcd-server',
  etcdctl: 'etcd-client',
  'systemd-nspawn': 'systemd-container',
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  'dbus-daemon': 'dbus',
  busctl: 'systemd',
  gdbus: 'libglib2.0-bin',
  jq: 'jq',
  ps: 'procps',
  busybox: 'busybox',
  gawk: 'gawk',
  'original-awk': 'original-awk',
  Xvfb: 'xvfb',
  openssl: 'openssl',
};

/** What only `npm run load` compares with. */
export const loadTools = { clush: 'clustershell', ansible: 'ansible-core', 'cockpit-bridge': 'cockpit-bridge' };

/** Services that come with those packages and that a person who runs tests did not ask for. */
const unwanted = { 'openssh-server': ['ssh.service', 'ssh.socket'], 'etcd-server': ['etcd.service'] };

const policyFile = '/usr/sbin/policy-rc.d';

function has(command) {
  // sshd and others live where only root's PATH leads.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Installs packages without starting their services, now or at the next boot. */
async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '-y', '-q', '--no-install-recommends', ...packages];
  const ownPolicy = !existsSync(policyFile);
  if (ownPolicy) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    let result = await run('apt-get', args, { quiet: true, env });
    if (result.code !== 0) {
      await run('apt-get', ['update', '-q'], { quiet: true, env });
      result = await run('apt-get', args, { quiet: true, env });
    }
    if (result.code !== 0) console.log(result.output.split('\n').slice(-15).join('\n'));
  } finally {
    if (ownPolicy) rmSync(policyFile, { force: true });
  }
  const services = packages.flatMap((name) => unwanted[name] ?? []);
  if (services.length > 0 && existsSync('/run/systemd/system')) {
    await run('systemctl', ['disable', ...services], { quiet: true }).catch(() => null);
  }
}

/** Provides what can be provided and prints what is missing after that. */
export async function providePackages(more = {}) {
  const missing = () => Object.entries({ ...needed, ...more }).filter(([command]) => !has(command));
  const before = missing();
  if (before.length === 0 || process.platform !== 'linux') return;
  const packages = [...new Set(before.map(([, name]) => name))];
  if (process.getuid?.() === 0 && isDebian()) {
    console.log(`Installing for the tests: ${packages.join(' ')} …`);
    await install(packages).catch((error) => console.log(error.message));
  }
  const after = missing();
  if (after.length > 0) {
    console.log(`Not on this machine: ${after.map(([command, name]) => `${command} (Debian: ${name})`).join(', ')}.`);
    console.log('Tests that need them are skipped with their reason.');
  }
}
