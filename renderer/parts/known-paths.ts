/** Files that many fleets have and that are worth looking at together; offered where a path is typed. */
export const knownPaths: readonly string[] = [
  '/etc/ssh/sshd_config',
  '/etc/systemd/timesyncd.conf',
  '/etc/systemd/journald.conf',
  '/etc/systemd/resolved.conf',
  '/etc/sysctl.d/90-fleet.conf',
  '/etc/flatcar/update.conf',
  '/etc/zincati/config.d/55-updates-strategy.toml',
  '/etc/docker/daemon.json',
  '/etc/hosts',
  '/etc/motd',
];
