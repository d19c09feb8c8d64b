import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHostFile } from './check.ts';

const said = (path: string, text: string) =>
  checkHostFile(path, text).map(
    ({ level, problem }) =>
      `${problem.place?.line}:${problem.place?.column} ${level}: ${problem.message}${problem.hint ? `. ${problem.hint}` : ''}`,
  );

const good: Readonly<Record<string, string>> = {
  '/etc/ssh/sshd_config': `# ours
Include /etc/ssh/sshd_config.d/*.conf
Port 22
Port 2222
ListenAddress 0.0.0.0
PermitRootLogin prohibit-password
PasswordAuthentication no # never
AuthorizedKeysFile ".ssh/authorized_keys"
LoginGraceTime 1m30s
MaxStartups 10:30:100
Subsystem sftp internal-sftp
AcceptEnv LANG LC_*
X11Forwarding=no
Match User deploy Address 10.0.0.0/8
    PasswordAuthentication yes
    ForceCommand /usr/bin/true
Match all
    PrintMotd no
`,
  '/etc/sysctl.d/90-fleet.conf': `# ours
; too
net.core.somaxconn = 4096
net/ipv4/ip_forward=1
-net.ipv4.conf.eth0.rp_filter = 0
-net.ipv4.conf.all.rp_filter
net.ipv4.conf.*.rp_filter = 2
kernel.core_pattern = |/usr/bin/core %p
`,
  '/etc/environment': 'LANG=C.UTF-8\nPATH="/usr/bin:/bin"\n',
  '/etc/default/grub': 'A=1\nif [ -n "$A" ]; then\n  export B="x\n  y"\nfi\n',
  '/srv/app.env': "A=1\nB='a # b'\nC=a\\\nnext line\n# c\n",
  '/etc/sudoers.d/ops': `# ours
Defaults:ops !requiretty
Defaults secure_path="/usr/sbin:/usr/bin"
Cmnd_Alias WEB = /usr/bin/systemctl restart nginx, \\
  /usr/bin/systemctl reload nginx
%ops ALL=(ALL:ALL) NOPASSWD: WEB, NOEXEC: /usr/bin/less
ops ALL=(root) SETENV: /usr/bin/env
#1000 ALL=(ALL) ALL
@includedir /etc/sudoers.d
`,
  '/etc/flatcar/update.conf': `# ours
GROUP=beta
REBOOT_STRATEGY=etcd-lock
SERVER=https://nebraska.example/v1/update/
LOCKSMITHD_REBOOT_WINDOW_START=Sat 02:30
LOCKSMITHD_REBOOT_WINDOW_LENGTH=2h30m
`,
  '/etc/zincati/config.d/55-updates.toml': `[identity]
rollout_wariness = 0.5
[updates]
strategy = "periodic"
[updates.periodic]
time_zone = "Europe/Rome"
[[updates.periodic.window]]
days = [ "Sat", "sunday" ]
start_time = "02:30"
length_minutes = 120
[agent.timing]
steady_interval_secs = 600
`,
  '/etc/docker/daemon.json': '{ "log-driver": "journald", "live-restore": true }\n',
  '/etc/app.yaml': 'a: 1\nb: [x, y]\n',
  '/etc/app.toml': 'a = 1\n[b]\nc = "x"\n',
  '/etc/app.ini': '; c\n[a]\nb = 1\n  more of b\nc: 2\n',
  '/etc/systemd/network/10-eth0.link':
    '[Match]\nMACAddress=00:11:22:33:44:55\n[Link]\nName=lan0\nMACAddressPolicy=persistent\n',
  '/etc/systemd/journald.conf': '[Journal]\nStorage=persistent\nSystemMaxUse=1G\nRateLimitIntervalSec=30s\n',
  '/etc/systemd/resolved.conf': '[Resolve]\nDNS=10.0.0.1\nDNSSEC=allow-downgrade\nDNSStubListener=udp\n',
  '/etc/systemd/timesyncd.conf': '[Time]\nNTP=10.20.0.53\nFallbackNTP=\nRootDistanceMaxSec=1\n',
  '/etc/systemd/logind.conf': '[Login]\nKillUserProcesses=no\nHandleLidSwitch=ignore\n',
  '/etc/systemd/networkd.conf': '[Network]\nManageForeignRoutes=no\n[DHCPv4]\nDUIDType=uuid\n',
  '/etc/systemd/system.conf': '[Manager]\nDefaultLimitNOFILE=65536\nDefaultTimeoutStopSec=30s\n',
  '/etc/motd': 'anything at all\n',
};

it.each(Object.entries(good))('has nothing to say of a good %s', (path, text) => {
  expect(said(path, text)).toEqual([]);
  // A blank at the end is part of a value in update.conf, and so is this.
  const windows = path.endsWith('update.conf') ? text : text.replaceAll('\n', '\r\n');
  expect(said(path, windows)).toEqual([]);
});

describe('says at its line what is wrong, and what was meant', () => {
  it.each<[string, string, string[]]>([
    [
      '/etc/ssh/sshd_config.d/10-a.conf',
      'PermitRootLogn no\nPasswordAuthentication maybe\nPort 70000\nPort\nX11Forwarding no\nX11Forwarding yes\nMatch\nMatch Usr x\nMatch User\nMatch User a\n  Port 22\n  LoginGraceTime 5x\nProtocol 2\nChallengeResponseAuthentication no\n',
      [
        '1:1 error: "PermitRootLogn" is no keyword of sshd. Did you mean PermitRootLogin?',
        '2:24 error: PasswordAuthentication does not take "maybe". One of yes, no.',
        '3:6 error: Port does not take "70000". A whole number from 1 to 65535.',
        '4:1 error: Port needs a value',
        '6:1 warning: X11Forwarding is set in line 5 already. The first one counts.',
        '7:1 error: Match needs a condition. As Match User deploy, or Match all.',
        '8:1 error: Match does not know "Usr". User, Group, Host, LocalAddress, LocalPort, Address, all.',
        '9:1 error: Match User needs a pattern. As Match User deploy.',
        '11:3 error: Port may not stand in a Match block. Put it above every Match.',
        '12:3 error: LoginGraceTime may not stand in a Match block. Put it above every Match.',
        '12:18 error: LoginGraceTime does not take "5x". A time as 90, 2m or 1h30m.',
        '13:1 warning: Protocol has no effect any more. Leave it out.',
        '14:1 info: ChallengeResponseAuthentication is an old name. It is called KbdInteractiveAuthentication today.',
      ],
    ],
    [
      '/etc/sysctl.d/90-a.conf',
      'vm.swappiness 10\nkernle.panic = 1\nvm..x = 1\nvm.swappiness=10\nvm/swappiness = 20\nkernel = 1\nvm.x=\n',
      [
        '1:1 error: "vm.swappiness 10" sets nothing. Write net.core.somaxconn = 4096.',
        '2:1 warning: no kernel has settings under "kernle". Did you mean kernel?',
        '3:1 error: "vm..x" is no name of a setting. Names are parted by dots, as vm.swappiness.',
        '5:1 warning: vm/swappiness is set in line 4 already. The last one counts.',
        '6:1 error: "kernel" is a folder of settings, not one',
        '7:1 warning: vm.x is set to nothing',
      ],
    ],
    [
      '/srv/app.env',
      '1A=1\nexport B=2\nC = 3\nD=1\nD=2\nE="open\n',
      [
        '1:1 error: "1A=1" is no assignment. Write NAME=value; names have letters, digits and _.',
        '2:1 warning: "export" is for shells. Leave it out: systemd would not take the line.',
        '3:1 warning: there is a blank beside = of C. Write NAME=value without blanks: shells do not take it.',
        '5:1 warning: D is set in line 4 already. The last one counts.',
        '6:1 error: a value is not closed by ". Close the quotes.',
      ],
    ],
    [
      '/etc/sudoers.d/a',
      'ops ALL\nops ALL=(ALL NOPASSWD: ALL\nops ALL=(ALL) NOPASWD: ALL\nops ALL=(ALL) NOPASSWD ALL\nCmnd_Alias web = /bin/true\nops=ALL\nDefault !x\n',
      [
        '1:1 error: "ops ALL" is no rule: it has no =. As deploy ALL=(root) /usr/bin/systemctl.',
        '2:1 error: the brackets around whom to run as are not closed. Write (root) or (ALL:ALL).',
        '3:1 error: NOPASWD: is no tag of sudo. Did you mean NOPASSWD:?',
        '4:1 error: NOPASSWD needs a colon behind it. Write NOPASSWD: and the command.',
        '5:1 error: an alias is a name in capitals, = and a list. As Cmnd_Alias WEB = /usr/bin/systemctl restart nginx.',
        '6:1 error: a rule names who, and on which hosts, before =. As deploy ALL=(root) /usr/bin/systemctl.',
        '7:1 error: "Default !x" is no rule: it has no =. Did you mean Defaults?',
      ],
    ],
    [
      '/etc/flatcar/update.conf',
      'GROUP =beta\nREBOOT_STRATEGY=sometimes\nREBOOT_STRATEGI=off\nSERVER=nebraska\nGROUP=beta \nLOCKSMITHD_REBOOT_WINDOW_START=Sat 2:75\nnonsense\n',
      [
        '1:1 error: blanks around "GROUP" make it another key. Write GROUP= at the very left.',
        '2:17 error: locksmith does not know "sometimes". One of etcd-lock, reboot, off.',
        '3:1 warning: "REBOOT_STRATEGI" is read by nobody. Did you mean REBOOT_STRATEGY?',
        '4:8 error: "nebraska" is no address. An address with https://, or disabled.',
        '5:1 error: blanks around the value of GROUP are taken as part of it. Leave them out.',
        '5:1 warning: GROUP is set in line 1 already. Keep one of the two.',
        '6:32 error: "Sat 2:75" is no beginning of a window. As 02:30, or Sat 02:30.',
        '6:32 error: a window needs a beginning and a length. Set both LOCKSMITHD_REBOOT_WINDOW_START and …_LENGTH.',
        '7:1 error: "nonsense" is passed over. Write KEY=value.',
      ],
    ],
    [
      '/etc/zincati/config.d/55-a.toml',
      '[updates]\nstrategy = "periodc"\nenabld = true\n[[updates.periodic.window]]\ndays = ["Someday"]\nstart_time = "2:30"\nlength_minutes = 0\n',
      [
        '2:1 error: updates.strategy does not take "periodc". One of "immediate", "fleet_lock", "periodic".',
        '3:1 warning: zincati knows no "updates.enabld". Did you mean updates.enabled?',
        '5:1 error: updates.periodic.window.days does not take "Someday". A list as [ "Sat", "Sun" ].',
        '6:1 error: updates.periodic.window.start_time does not take "2:30". A time as "02:30".',
        '7:1 error: updates.periodic.window.length_minutes does not take "0". A whole number above 0.',
      ],
    ],
    [
      '/etc/zincati/config.d/55-a.toml',
      '[updates]\nstrategy = "fleet_lock"\n',
      ['2:1 error: fleet_lock needs a server. Set base_url under [updates.fleet_lock].'],
    ],
    ['/etc/docker/daemon.json', '{\n  "a": 1\n  "b": 2\n}\n', ['3:3 error: not JSON: a comma is missing here']],
    [
      '/etc/app.ini',
      'x\n[a\n= 1\n',
      [
        '1:1 warning: "x" has no value. Write name = value.',
        '2:1 error: "[a" is no [section]. Close it with ].',
        '3:1 error: a name is missing here. Write name = value.',
      ],
    ],
    [
      '/etc/systemd/journald.conf.d/a.conf',
      '[Journal]\nStorage=disk\nSystemMaxUsed=1G\n',
      [
        '2:1 warning: Storage= does not take "disk", as far as systemd 252 goes. One of volatile, persistent, auto, none.',
        '3:1 warning: "SystemMaxUsed" is not known in [Journal] by systemd 252. Did you mean SystemMaxUse=?',
      ],
    ],
  ])('%s', (path, text, expected) => {
    expect(said(path, text)).toEqual(expected);
  });

  it('of YAML and TOML that cannot be read', () => {
    expect(said('/etc/a.yaml', 'a: 1\nb: [x\n')[0]).toMatch(/^[23]:\d+ error: /);
    expect(said('/etc/a.toml', 'a = 1\nb = \n')[0]).toMatch(/^2:\d+ error: not TOML: /);
    expect(said('/etc/a.yaml', 'a: 1\na: 2\n')[0]).toMatch(/^2:1 warning: /);
  });
});

it('never throws, and never names a line or a column that is not there, whatever the text', () => {
  const word = fc.constantFrom(
    ...Object.values(good).flatMap((text) => text.split(/(?<=[\s="'[\]{},:])/)),
    '\n',
    '\\\n',
    '"',
    "'",
    '[[',
    '\t',
    '\r',
    '=',
    '\0',
    '\u2028',
    '-',
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
    fc.string({ maxLength: 120, unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(good)), text, (path, source) => {
      const lines = source.split('\n');
      for (const { problem } of checkHostFile(path, source)) {
        const { line, column } = problem.place ?? { line: 1, column: 1 };
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 3000 },
  );
});
