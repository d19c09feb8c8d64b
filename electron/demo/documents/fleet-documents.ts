import type { ConfigDocument } from '#shared/contract/document.ts';

/** One revision of a document of the demo's team; the newest comes last. */
export interface FleetRevision {
  readonly by: string;
  readonly daysAgo: number;
  readonly message: string;
  readonly content: string;
}

export interface FleetDocument {
  readonly name: string;
  readonly targets: string;
  readonly file: NonNullable<ConfigDocument['file']>;
  readonly revisions: readonly FleetRevision[];
}

const at = (path: string, ...steps: readonly string[]): FleetDocument['file'] => ({
  path,
  mode: '644',
  owner: { uid: 0, gid: 0 },
  actions: steps.map((step) => {
    const [verb = '', unit = null] = step.split(' ');
    return { verb, unit } as FleetDocument['file']['actions'][number];
  }),
});

const sysctl = (swappiness: number, keepalive: string) =>
  `# The same on every host of the fleet.
net.core.somaxconn = 4096
${keepalive}fs.inotify.max_user_watches = 524288
vm.swappiness = ${swappiness}
`;

const limits = (files: number, more: string) => `[Service]\nLimitNOFILE=${files}\n${more}`;

const sshd = (grace: string) =>
  `PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
X11Forwarding no
MaxAuthTries 4
${grace}`;

/** What the demo's team keeps; the hosts have the newest of each, but for those in `strayHosts`. */
export const fleetDocuments: readonly FleetDocument[] = [
  {
    name: 'sysctl-fleet',
    targets: '',
    file: at('/etc/sysctl.d/90-fleet.conf', 'restart systemd-sysctl.service'),
    revisions: [
      { by: 'mara', daysAgo: 64, message: 'One file instead of four', content: sysctl(30, '') },
      { by: 'jonas', daysAgo: 31, message: 'Swap later: the databases were slow', content: sysctl(10, '') },
      {
        by: 'mara',
        daysAgo: 6,
        message: 'Notice dead peers sooner',
        content: sysctl(10, 'net.ipv4.tcp_keepalive_time = 300\n'),
      },
    ],
  },
  {
    name: 'timesyncd',
    targets: 'label:system=flatcar',
    file: at('/etc/systemd/timesyncd.conf', 'restart systemd-timesyncd.service'),
    revisions: [
      { by: 'ines', daysAgo: 52, message: '', content: '[Time]\nNTP=10.20.0.53\n' },
      {
        by: 'jonas',
        daysAgo: 12,
        message: 'A second server; none from outside',
        content: '[Time]\nNTP=10.20.0.53 10.20.0.54\nFallbackNTP=\nRootDistanceMaxSec=1\n',
      },
    ],
  },
  {
    name: 'nginx-limits',
    targets: 'label:role=web',
    file: at('/etc/systemd/system/nginx.service.d/10-limits.conf', 'daemon-reload', 'restart nginx.service'),
    revisions: [
      { by: 'ines', daysAgo: 40, message: 'More files for the sale', content: limits(65_536, '') },
      {
        by: 'tariq',
        daysAgo: 3,
        message: 'Come back by itself',
        content: limits(131_072, 'Restart=on-failure\nRestartSec=2s\n'),
      },
    ],
  },
  {
    name: 'sshd-hardening',
    targets: 'label:system=flatcar,fedora-coreos',
    file: at('/etc/ssh/sshd_config.d/10-hardening.conf', 'reload sshd.service'),
    revisions: [
      { by: 'tariq', daysAgo: 80, message: 'As agreed after the audit', content: sshd('') },
      { by: 'mara', daysAgo: 19, message: 'Hang up on who does not log in', content: sshd('LoginGraceTime 30\n') },
    ],
  },
  {
    name: 'flatcar-update',
    targets: 'label:system=flatcar label:channel=stable -label:role=etcd',
    file: at('/etc/flatcar/update.conf', 'restart update-engine.service'),
    revisions: [
      { by: 'mara', daysAgo: 71, message: '', content: 'GROUP=stable\nREBOOT_STRATEGY=off\n' },
      {
        by: 'ines',
        daysAgo: 25,
        message: 'Only at night',
        content:
          'GROUP=stable\nREBOOT_STRATEGY=off\nLOCKSMITHD_REBOOT_WINDOW_START=02:30\nLOCKSMITHD_REBOOT_WINDOW_LENGTH=3h\n',
      },
    ],
  },
];

/** Hosts where somebody once tried something and left it so, by the path. */
export const strayHosts: Readonly<
  Record<string, { readonly host: string; readonly from: string; readonly to: string }>
> = {
  '/etc/sysctl.d/90-fleet.conf': { host: 'worker-b1', from: 'vm.swappiness = 10', to: 'vm.swappiness = 60' },
  '/etc/ssh/sshd_config.d/10-hardening.conf': {
    host: 'web-b2',
    from: 'PasswordAuthentication no',
    to: 'PasswordAuthentication yes',
  },
};
