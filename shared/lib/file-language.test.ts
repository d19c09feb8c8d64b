import { expect, it } from 'vitest';
import { languageOf } from './file-language.ts';

it.each([
  ['/etc/systemd/system/nginx.service', 'unit'],
  ['/etc/systemd/system/nginx.service.d/10-limits.conf', 'unit'],
  ['/etc/systemd/system/a@.timer', 'unit'],
  ['/etc/systemd/network/10-eth0.network', 'network'],
  ['/etc/systemd/network/10-br.netdev', 'netdev'],
  ['/etc/systemd/network/10-eth0.link', 'link'],
  ['/etc/systemd/timesyncd.conf', 'timesyncd'],
  ['/etc/systemd/journald.conf.d/10-size.conf', 'journald'],
  ['/etc/systemd/journald@web.conf', 'journald'],
  ['/etc/systemd/resolved.conf', 'resolved'],
  ['/etc/systemd/logind.conf', 'logind'],
  ['/etc/systemd/networkd.conf', 'networkd'],
  ['/etc/systemd/system.conf', 'manager'],
  ['/etc/systemd/user.conf.d/limits.conf', 'manager'],
  ['/etc/ssh/sshd_config', 'settings'],
  ['/etc/ssh/sshd_config.d/10-a.conf', 'settings'],
  ['/etc/nginx/nginx.conf', 'nginx'],
  ['/etc/docker/daemon.json', 'json'],
  ['/etc/zincati/config.d/55-updates.toml', 'toml'],
  ['/etc/kubernetes/kubelet.yaml', 'yaml'],
  ['/etc/motd', 'plain'],
])('tells what is written in %s', (path, language) => {
  expect(languageOf(path)).toBe(language);
});
