import { uuidOf } from '../../world/chance.ts';
import { syslogTime } from '../../journal/print-entry.ts';
import type { CommandCall, CommandTable } from '../command.ts';
import { readFlags } from '../flags.ts';
import { agoWords, columns, humanSize, systemdTime } from './columns.ts';
import { complain, put } from './text-input.ts';

async function uname(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const { name, release } = call.host.spec;
  const parts: [string[], string][] = [
    [['s', 'kernel-name'], 'Linux'],
    [['n', 'nodename'], name],
    [['r', 'kernel-release'], release.kernel],
    [['v', 'kernel-version'], '#1 SMP PREEMPT_DYNAMIC'],
    [['m', 'machine'], 'x86_64'],
    [['o', 'operating-system'], 'GNU/Linux'],
  ];
  const shown = parts.filter(([names]) => flags.has('a', 'all', ...names));
  await put(call, `${(shown.length > 0 ? shown : parts.slice(0, 1)).map(([, text]) => text).join(' ')}\n`);
  return 0;
}

async function hostname(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const { name, address } = call.host.spec;
  if (flags.rest.length > 0) return complain(call, 'hostname: you must be root to change the host name');
  await put(call, `${flags.has('I', 'i') ? address : flags.has('f') ? `${name}.fleet.internal` : name}\n`);
  return 0;
}

function uptimeWords(host: CommandCall['host']): string {
  const { uptimeCs, load1, load5, load15 } = host.figures();
  const minutes = Math.floor(uptimeCs / 6000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  const clock = hours > 0 ? `${hours}:${String(minutes % 60).padStart(2, '0')}` : `${minutes % 60} min`;
  const up = `${days > 0 ? `${days} day${days > 1 ? 's' : ''}, ` : ''}${clock}`;
  const loads = [load1, load5, load15].map((load) => load.toFixed(2)).join(', ');
  return ` ${new Date(host.now()).toISOString().slice(11, 19)} up ${up},  ${host.sessions.length} ${host.sessions.length === 1 ? 'user' : 'users'},  load average: ${loads}`;
}

async function uptime(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const bootedMs = call.host.boot.fromMs;
  if (flags.has('s', 'since')) await put(call, `${new Date(bootedMs).toISOString().slice(0, 19).replace('T', ' ')}\n`);
  else if (flags.has('p', 'pretty')) await put(call, `up ${agoWords(call.host.now() - bootedMs)}\n`);
  else await put(call, `${uptimeWords(call.host)}\n`);
  return 0;
}

async function date(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['d', 'date']);
  const asked = /^@(\d{1,11})$/.exec(flags.value('d', 'date') ?? '')?.[1];
  const atMs = asked ? Number(asked) * 1000 : call.host.now();
  const iso = new Date(atMs).toISOString();
  const format = flags.rest[0] ?? '';
  if (flags.has('Iseconds', 'iso-8601')) await put(call, `${iso.slice(0, 19)}+00:00\n`);
  else if (!format.startsWith('+'))
    await put(call, `${systemdTime(atMs).slice(0, 3)} ${syslogTime(atMs)} UTC ${iso.slice(0, 4)}\n`);
  else {
    const text = format.slice(1).replace(/%(3N|[sNYmdHMSFTZajyeR%])/g, (_, code: string) => {
      const values: Record<string, string> = {
        s: String(Math.floor(atMs / 1000)),
        N: `${String(atMs % 1000).padStart(3, '0')}000000`,
        '3N': String(atMs % 1000).padStart(3, '0'),
        Y: iso.slice(0, 4),
        y: iso.slice(2, 4),
        m: iso.slice(5, 7),
        d: iso.slice(8, 10),
        e: String(Number(iso.slice(8, 10))).padStart(2),
        H: iso.slice(11, 13),
        M: iso.slice(14, 16),
        S: iso.slice(17, 19),
        F: iso.slice(0, 10),
        T: iso.slice(11, 19),
        R: iso.slice(11, 16),
        Z: 'UTC',
        a: systemdTime(atMs).slice(0, 3),
        '%': '%',
      };
      return values[code] ?? '';
    });
    await put(call, `${text}\n`);
  }
  return 0;
}

async function id(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words);
  const isRoot = (flags.rest[0] ?? call.user) === 'root';
  const admins = call.host.spec.release.family === 'debian' ? 'sudo' : 'wheel';
  const group = admins === 'sudo' ? '27(sudo)' : '10(wheel)';
  if (flags.has('u')) await put(call, `${flags.has('n') ? call.user : isRoot ? 0 : 500}\n`);
  else if (flags.has('G')) await put(call, isRoot ? 'root\n' : `core ${admins} docker systemd-journal\n`);
  else if (flags.has('g')) await put(call, `${flags.has('n') ? call.user : isRoot ? 0 : 500}\n`);
  else if (isRoot) await put(call, 'uid=0(root) gid=0(root) groups=0(root)\n');
  else await put(call, `uid=500(core) gid=500(core) groups=500(core),${group},233(docker),248(systemd-journal)\n`);
  return 0;
}

async function free(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['s', 'c']);
  const { memoryKib, availableKib, swapKib, swapFreeKib } = call.host.figures();
  const shown = (kib: number) => {
    if (flags.has('h', 'human')) return humanSize(kib, 'i');
    return String(
      Math.round(flags.has('m') ? kib / 1024 : flags.has('g') ? kib / 1024 / 1024 : flags.has('b') ? kib * 1024 : kib),
    );
  };
  const cached = Math.round(availableKib * 0.6);
  const rows = [
    ['', 'total', 'used', 'free', 'shared', 'buff/cache', 'available'],
    ['Mem:', ...[memoryKib, memoryKib - availableKib, availableKib - cached, 4096, cached, availableKib].map(shown)],
    ['Swap:', ...[swapKib, swapKib - swapFreeKib, swapFreeKib].map(shown)],
  ];
  await put(
    call,
    columns(
      rows.map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(6) : cell.padStart(11)))),
      [],
      ' ',
    ),
  );
  return 0;
}

async function df(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['x', 't', 'B', 'output', 'exclude-type', 'type']);
  const all = call.host.mounts();
  const wanted = flags.rest.map((path) => {
    const holding = all.filter((mount) => path === mount.path || path.startsWith(`${mount.path.replace(/\/$/, '')}/`));
    return holding.sort((a, b) => b.path.length - a.path.length)[0];
  });
  const types = flags.values('t', 'type');
  const excluded = flags.values('x', 'exclude-type');
  const mounts = (flags.rest.length > 0 ? wanted : all).filter(
    (mount) => mount && (types.length === 0 || types.includes(mount.type)) && !excluded.includes(mount.type),
  ) as typeof all;
  const inodes = flags.has('i', 'inodes');
  const human = flags.has('h', 'H', 'human-readable');
  const bytes = flags.value('B') === '1';
  const size = (kib: number) =>
    human ? humanSize(kib) : String(bytes ? kib * 1024 : flags.value('B') === 'M' ? Math.ceil(kib / 1024) : kib);
  const rows = mounts.map((mount) => {
    const total = inodes ? mount.inodes : mount.totalKib;
    const used = inodes ? mount.usedInodes : mount.usedKib;
    const figures = [total, used, total - used].map((value) => (inodes ? String(value) : size(value)));
    const percent = total === 0 ? '-' : `${Math.ceil((used / total) * 100)}%`;
    return [mount.source, ...(flags.has('T') ? [mount.type] : []), ...figures, percent, mount.path];
  });
  const units = bytes ? '1-blocks' : human ? 'Size' : flags.has('P') ? '1024-blocks' : '1K-blocks';
  const head = inodes
    ? ['Inodes', 'IUsed', 'IFree', 'IUse%']
    : [units, 'Used', human ? 'Avail' : 'Available', flags.has('P') ? 'Capacity' : 'Use%'];
  const first = flags.has('T') ? ['Filesystem', 'Type'] : ['Filesystem'];
  const from = first.length;
  await put(call, columns([[...first, ...head, 'Mounted on'], ...rows], [from, from + 1, from + 2, from + 3]));
  return 0;
}

async function timedatectl(call: CommandCall): Promise<number> {
  const flags = readFlags(call.words, ['p', 'property']);
  const inStep = call.host.clockOffsetMs === 0;
  const values: Record<string, string> = {
    Timezone: 'Etc/UTC',
    LocalRTC: 'no',
    CanNTP: 'yes',
    NTP: 'yes',
    NTPSynchronized: inStep ? 'yes' : 'no',
    TimeUSec: systemdTime(call.host.now()),
  };
  if (flags.rest[0] === 'show') {
    const wanted = flags.values('p', 'property').flatMap((each) => each.split(','));
    for (const [key, value] of Object.entries(values)) {
      if (wanted.length === 0 || wanted.includes(key))
        await put(call, flags.has('value') ? `${value}\n` : `${key}=${value}\n`);
    }
    return 0;
  }
  const time = systemdTime(call.host.now());
  await put(
    call,
    `               Local time: ${time}\n           Universal time: ${time}\n                 RTC time: ${time.slice(0, -4)}\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: ${inStep ? 'yes' : 'no'}\n              NTP service: active\n          RTC in local TZ: no\n`,
  );
  return 0;
}

/** Only what `chronyc -c tracking` tells: fourteen fields, the last one whether the clock is in step. */
async function chronyc(call: CommandCall): Promise<number> {
  if (!call.words.includes('tracking')) return complain(call, '506 Cannot talk to daemon');
  const inStep = call.host.clockOffsetMs === 0;
  const offset = inStep ? '0.000012841' : String(-call.host.clockOffsetMs / 1000);
  const fields = [
    '0A140035',
    '10.20.0.53',
    '3',
    (call.host.now() / 1000 - 211).toFixed(9),
    offset,
    '0.000008',
    '0.000021',
  ];
  const rest = ['-7.114', '0.001', '0.052', '0.012', '0.001', '1031.2', inStep ? 'Normal' : 'Not synchronised'];
  await put(call, `${[...fields, ...rest].join(',')}\n`);
  return 0;
}

async function hostnamectl(call: CommandCall): Promise<number> {
  const { name, release, seed } = call.host.spec;
  const pretty = /^PRETTY_NAME="?([^"\n]+)/m.exec(release.osRelease)?.[1] ?? '';
  await put(
    call,
    ` Static hostname: ${name}\n       Icon name: computer-vm\n         Chassis: vm\n      Machine ID: ${uuidOf(seed ^ 0x20).replaceAll('-', '')}\n         Boot ID: ${call.host.boot.id.replaceAll('-', '')}\n  Virtualization: kvm\nOperating System: ${pretty}\n          Kernel: Linux ${release.kernel}\n    Architecture: x86-64\n`,
  );
  return 0;
}

const fixed =
  (text: (call: CommandCall) => string): CommandTable[string] =>
  async (call) => {
    await put(call, text(call));
    return 0;
  };

/** Commands that tell of the system. */
export const systemCommands: CommandTable = {
  uname,
  hostname,
  uptime,
  date,
  id,
  free,
  df,
  timedatectl,
  chronyc,
  hostnamectl,
  whoami: fixed(({ user }) => `${user}\n`),
  arch: fixed(() => 'x86_64\n'),
  nproc: fixed(({ host }) => `${host.spec.cpus}\n`),
  getconf: fixed(({ host, words }) =>
    words[0] === '_NPROCESSORS_ONLN' ? `${host.spec.cpus}\n` : words[0] === 'PAGESIZE' ? '4096\n' : '100\n',
  ),
  'systemd-detect-virt': fixed(() => 'kvm\n'),
  w: fixed(({ host }) => `${uptimeWords(host)}\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n`),
  lscpu: fixed(
    ({ host }) =>
      `Architecture:            x86_64\nCPU(s):                  ${host.spec.cpus}\nModel name:              AMD EPYC 9354P 32-Core Processor\nHypervisor vendor:       KVM\n`,
  ),
  mount: fixed(({ host }) =>
    host
      .mounts()
      .map((each) => `${each.source} on ${each.path} type ${each.type} (${each.options})\n`)
      .join(''),
  ),
};
