import { fleetDocuments } from '../documents/fleet-documents.ts';
import { roleUnits } from './catalogue/roles.ts';
import type { Role } from '../world/roster.ts';
import { isOneShot } from './unit-state.ts';
import { type UnitKind, unitType } from './unit-kind.ts';

/** A unit's file or drop-in with its text. */
export interface UnitFile {
  readonly path: string;
  readonly text: string;
}

/** The file of a unit and its drop-ins; empty for units without one. */
export function unitFiles(kind: UnitKind, role: Role): UnitFile[] {
  if (kind.file === '' || kind.file === 'transient' || kind.file === 'masked') return [];
  const isOurs = roleUnits[role].includes(kind);
  const name = kind.name.replace(/@[^.]+\./, '@.');
  const folder =
    kind.file === 'generated' ? '/run/systemd/generator' : isOurs ? '/etc/systemd/system' : '/usr/lib/systemd/system';
  const files = [{ path: `${folder}/${name}`, text: unitText(kind, isOurs) }];
  const dropIn = dropIns[kind.name];
  if (dropIn) files.push({ path: `/etc/systemd/system/${kind.name}.d/${dropIn[0]}`, text: dropIn[1] });
  return files;
}

const nginxLimits = fleetDocuments.find(({ name }) => name === 'nginx-limits')?.revisions.at(-1)?.content ?? '';

const dropIns: Readonly<Record<string, readonly [string, string]>> = {
  'docker.service': ['10-log.conf', '[Service]\nEnvironment=DOCKER_OPTS=--log-driver=journald\n'],
  'nginx.service': ['10-limits.conf', nginxLimits],
  'storefront.service': ['20-limits.conf', '[Service]\nLimitNOFILE=65536\nMemoryHigh=3G\n'],
  'postgresql@17-main.service': ['10-oom.conf', '[Service]\nOOMScoreAdjust=-900\n'],
  'etcd-member.service': [
    '20-clct-etcd-member.conf',
    '[Service]\nEnvironment="ETCD_DATA_DIR=/var/lib/etcd"\nEnvironment="ETCD_QUOTA_BACKEND_BYTES=2147483648"\n',
  ],
  'locksmithd.service': ['10-strategy.conf', '[Service]\nEnvironment=LOCKSMITHD_REBOOT_WINDOW_START=02:30\n'],
};

/** Units that a unit wants and comes after, by what it is. */
export function relationsOf(kind: UnitKind, isOurs: boolean) {
  const type = unitType(kind.name);
  const isService = type === 'service';
  const timed = isOneShot(kind) && timedNames.has(kind.name);
  return {
    requires: isService ? ['system.slice', 'sysinit.target'] : [],
    wants: isOurs && isService && !timed ? ['network-online.target'] : [],
    after: isService
      ? [
          'basic.target',
          'sysinit.target',
          'system.slice',
          'systemd-journald.socket',
          ...(isOurs ? ['network-online.target'] : []),
        ]
      : [],
    wantedBy: kind.file === 'enabled' ? [targetOf(type)] : [],
    triggeredBy: timed ? [kind.name.replace(/service$/, 'timer')] : [],
  };
}

function targetOf(type: string): string {
  return { timer: 'timers.target', socket: 'sockets.target', path: 'paths.target' }[type] ?? 'multi-user.target';
}

const timedNames = new Set(
  [
    'etcd-backup etcd-defrag certbot asset-sync wal-archive pg-basebackup queue-metrics image-prune logrotate fstrim',
    'systemd-tmpfiles-clean update-engine-stub podman-auto-update apt-daily apt-daily-upgrade dpkg-db-backup man-db',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `${name}.service`),
);

function unitText(kind: UnitKind, isOurs: boolean): string {
  const { wants, after } = relationsOf(kind, isOurs);
  const lines = ['[Unit]', `Description=${kind.description}`];
  if (wants.length > 0)
    lines.push(`Wants=${wants.join(' ')}`, `After=${after.filter((each) => wants.includes(each)).join(' ')}`);
  const section = sections[unitType(kind.name)];
  if (section) lines.push('', section);
  if (unitType(kind.name) === 'service') {
    lines.push('', '[Service]');
    if (isOneShot(kind) || kind.sub === 'exited') lines.push('Type=oneshot');
    if (kind.sub === 'exited') lines.push('RemainAfterExit=yes');
    lines.push(`ExecStart=${kind.exec}`);
    if (kind.sub === 'running') lines.push('Restart=on-failure', 'RestartSec=5s');
  }
  if (kind.file === 'enabled' || kind.file === 'disabled')
    lines.push('', '[Install]', `WantedBy=${targetOf(unitType(kind.name))}`);
  return `${lines.join('\n')}\n`;
}

const sections: Readonly<Record<string, string>> = {
  timer: '[Timer]\nOnCalendar=daily\nRandomizedDelaySec=10min\nPersistent=true',
  socket: '[Socket]\nListenStream=/run/socket',
  path: '[Path]\nPathChanged=/run',
  mount: '[Mount]\nOptions=defaults',
};
