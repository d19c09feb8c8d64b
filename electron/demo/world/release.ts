/** Which of the three kinds of system a simulated host runs. */
export type Family = 'flatcar' | 'fedora-coreos' | 'debian';

/** One release of one of them, as its files tell. */
export interface Release {
  readonly family: Family;
  /** Update channel or stream; null where there is none. */
  readonly channel: string | null;
  readonly version: string;
  readonly kernel: string;
  /** First line of `systemctl --version`, e.g. "systemd 257 (257.9)". */
  readonly systemd: string;
  /** Text of /etc/os-release. */
  readonly osRelease: string;
  readonly opensshBanner: string;
}

function flatcar(channel: string, version: string, build: string, kernel: string, systemd: string): Release {
  return {
    family: 'flatcar',
    channel,
    version,
    kernel,
    systemd,
    opensshBanner: 'OpenSSH_10.0',
    osRelease: `NAME="Flatcar Container Linux by Kinvolk"
ID=flatcar
ID_LIKE=coreos
VERSION=${version}
VERSION_ID=${version}
BUILD_ID=${build}
SYSEXT_LEVEL=1.0
PRETTY_NAME="Flatcar Container Linux by Kinvolk ${version} (Oklo)"
ANSI_COLOR="38;5;75"
HOME_URL="https://flatcar.org/"
BUG_REPORT_URL="https://issues.flatcar.org"
FLATCAR_BOARD="amd64-usr"
CPE_NAME="cpe:2.3:o:flatcar-linux:flatcar_linux:${version}:*:*:*:*:*:*:*"
`,
  };
}

function fedoraCoreos(stream: string, version: string, kernel: string, systemd: string): Release {
  const fedora = version.split('.')[0];
  return {
    family: 'fedora-coreos',
    channel: stream,
    version,
    kernel,
    systemd,
    opensshBanner: 'OpenSSH_10.0',
    osRelease: `NAME="Fedora Linux"
VERSION="${version} (CoreOS)"
RELEASE_TYPE=stable
ID=fedora
VERSION_ID=${fedora}
PLATFORM_ID="platform:f${fedora}"
PRETTY_NAME="Fedora CoreOS ${version}"
ANSI_COLOR="0;38;2;60;110;180"
LOGO=fedora-logo-icon
CPE_NAME="cpe:/o:fedoraproject:fedora:${fedora}"
HOME_URL="https://getfedora.org/coreos/"
VARIANT="CoreOS"
VARIANT_ID=coreos
OSTREE_VERSION='${version}'
`,
  };
}

function debian(
  number: string,
  point: string,
  codename: string,
  kernel: string,
  systemd: string,
  ssh: string,
): Release {
  return {
    family: 'debian',
    channel: null,
    version: point,
    kernel,
    systemd,
    opensshBanner: ssh,
    osRelease: `PRETTY_NAME="Debian GNU/Linux ${number} (${codename})"
NAME="Debian GNU/Linux"
VERSION_ID="${number}"
VERSION="${number} (${codename})"
VERSION_CODENAME=${codename}
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`,
  };
}

/** What a fleet in the middle of a roll-out runs, the usual release of each channel first. */
export const releases = {
  flatcarStable: [
    flatcar('stable', '4593.2.1', '2026-09-15-1902', '6.12.87-flatcar', 'systemd 257 (257.9)'),
    flatcar('stable', '4593.2.0', '2026-08-18-2114', '6.12.81-flatcar', 'systemd 257 (257.9)'),
  ],
  flatcarBeta: [flatcar('beta', '4694.1.0', '2026-10-06-1747', '6.12.92-flatcar', 'systemd 258 (258.3)')],
  flatcarAlpha: [flatcar('alpha', '4799.0.0', '2026-11-03-2230', '6.18.11-flatcar', 'systemd 259 (259.1)')],
  coreosStable: [
    fedoraCoreos('stable', '43.20261019.3.0', '6.17.8-300.fc43.x86_64', 'systemd 258 (258.2-1.fc43)'),
    fedoraCoreos('stable', '43.20260928.3.1', '6.17.5-300.fc43.x86_64', 'systemd 258 (258.2-1.fc43)'),
  ],
  coreosTesting: [fedoraCoreos('testing', '43.20261102.2.0', '6.17.10-300.fc43.x86_64', 'systemd 258 (258.2-1.fc43)')],
  coreosNext: [fedoraCoreos('next', '44.20261109.1.0', '6.18.3-200.fc44.x86_64', 'systemd 259 (259.1-1.fc44)')],
  debian: [
    debian('13', '13.2', 'trixie', '6.12.57+deb13-amd64', 'systemd 257 (257.9-1~deb13u1)', 'OpenSSH_10.0p2 Debian-7'),
    debian(
      '12',
      '12.12',
      'bookworm',
      '6.1.0-41-amd64',
      'systemd 252 (252.39-1~deb12u1)',
      'OpenSSH_9.2p1 Debian-2+deb12u7',
    ),
  ],
} as const satisfies Record<string, readonly Release[]>;

/** What the channels of Flatcar offer to hosts of earlier releases. */
export const upcoming: Readonly<Record<string, Release>> = {
  stable: flatcar('stable', '4628.2.0', '2026-11-17-1930', '6.12.94-flatcar', 'systemd 257 (257.9)'),
  beta: flatcar('beta', '4720.1.0', '2026-11-17-2004', '6.12.94-flatcar', 'systemd 258 (258.4)'),
  alpha: flatcar('alpha', '4815.0.0', '2026-11-24-2210', '6.18.14-flatcar', 'systemd 259 (259.2)'),
};

/** What the streams of Fedora CoreOS offer. */
export const newestOf: Readonly<Record<string, Release>> = {
  stable: fedoraCoreos('stable', '43.20261109.3.0', '6.17.10-300.fc43.x86_64', 'systemd 258 (258.2-1.fc43)'),
  testing: releases.coreosTesting[0],
  next: releases.coreosNext[0],
};
