import { expect, test } from 'vitest';
import { commandTakesDown, unitTakesDown } from './goes-down.ts';

test('units that end a boot do so when started, and etcd goes when its own unit is stopped', () => {
  for (const unit of ['reboot.target', 'poweroff.target', 'halt.target', 'kexec.target', 'systemd-reboot.service'])
    expect([unit, unitTakesDown(unit, 'start')]).toEqual([unit, 'host']);
  expect(unitTakesDown('reboot.target', 'isolate')).toBe('host');
  expect(unitTakesDown('rescue.target', 'isolate')).toBe('host');
  expect(unitTakesDown('reboot.target', 'reset-failed')).toBe(null);
  expect(unitTakesDown('my-reboot.service', 'start')).toBe(null);
  for (const verb of ['stop', 'restart', 'disable', 'mask'])
    expect(unitTakesDown('etcd-member.service', verb)).toBe('etcd');
  expect(unitTakesDown('etcd.service', 'start')).toBe(null);
  expect(unitTakesDown('etcd-backup.service', 'stop')).toBe(null);
});

test('a plain reboot is seen, whatever runs it', () => {
  const down = [
    'reboot',
    '/sbin/reboot -f',
    'shutdown -r +5 "for the update"',
    'shutdown now',
    'init 6',
    'telinit 0',
    'systemctl reboot',
    'systemctl --no-block reboot',
    'systemctl -i poweroff',
    'systemctl kexec',
    'systemctl isolate reboot.target',
    'systemctl isolate poweroff',
    'systemctl start reboot.target',
    'sudo reboot',
    'sudo -n -u root -- systemctl reboot',
    'env LC_ALL=C sudo -E reboot',
    'FOO=1 nohup reboot &',
    "sh -c 'sleep 1; reboot'",
    'sudo bash -lc "sync && systemctl reboot"',
    'sudo sh -c \'nohup sh -c "sleep 2; reboot" >/dev/null 2>&1 &\'',
    'uptime; reboot',
    'test -e /run/reboot-required && reboot',
    'if true; then reboot; fi',
    'echo "$(reboot)"',
    'timeout 5 reboot',
    'systemd-run --on-active=5 systemctl reboot',
    'echo b >/proc/sysrq-trigger',
    'busctl call org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager Reboot b false',
    'locksmithctl reboot',
    'rpm-ostree upgrade --reboot',
    "re'boo't",
    'kexec -e',
  ];
  expect(down.filter((command) => commandTakesDown(command) !== 'host')).toEqual([]);
});

test('what only speaks of a reboot is let through', () => {
  const harmless = [
    'uptime',
    'last reboot',
    'echo reboot',
    'sudo grep reboot /var/log/messages',
    'systemctl status reboot.target',
    'shutdown -c',
    'shutdown --help',
    'init q',
    'journalctl -u etcd',
    'cat /run/reboot-required',
    '# reboot',
    "printf '%s\\n' 'reboot; reboot'",
    'systemctl restart web',
    'rpm-ostree status',
    'kexec --version',
  ];
  expect(harmless.filter((command) => commandTakesDown(command) !== null)).toEqual([]);
});

test('taking etcd itself away is told from taking the host down', () => {
  for (const command of [
    'systemctl stop etcd',
    'sudo systemctl restart etcd.service',
    'pkill -9 etcd',
    'docker stop etcd1',
  ])
    expect([command, commandTakesDown(command)]).toEqual([command, 'etcd']);
});
