import type { KernelFigures } from '../world/figures.ts';
import type { SimulatedHost } from '../world/simulated-host.ts';

type ReadFile = (host: SimulatedHost) => string;

const seconds = (hundredths: number) => (hundredths / 100).toFixed(2);

function stat(figures: KernelFigures, host: SimulatedHost): string {
  const { busyTicks, idleTicks, iowaitTicks, stealTicks, running } = figures;
  const user = Math.round(busyTicks * 0.7);
  const line = (name: string, share: number) =>
    `${name} ${[user, 0, busyTicks - user - stealTicks, idleTicks, iowaitTicks, 0, 0, stealTicks, 0, 0]
      .map((ticks) => Math.floor(ticks * share))
      .join(' ')}\n`;
  const { cpus } = host.spec;
  const each = Array.from({ length: cpus }, (_, at) => line(`cpu${at}`, 1 / cpus)).join('');
  const booted = Math.floor((host.now() - figures.uptimeCs * 10) / 1000);
  return `${line('cpu ', 1)}${each}intr 0\nctxt ${busyTicks * 90}\nbtime ${booted}\nprocesses ${host.processes.seen}\nprocs_running ${running}\nprocs_blocked 0\n`;
}

function meminfo(figures: KernelFigures): string {
  const { memoryKib, availableKib, swapKib, swapFreeKib } = figures;
  const cached = Math.round(availableKib * 0.6);
  const rows: [string, number][] = [
    ['MemTotal', memoryKib],
    ['MemFree', availableKib - cached],
    ['MemAvailable', availableKib],
    ['Buffers', Math.round(cached * 0.06)],
    ['Cached', Math.round(cached * 0.9)],
    ['SwapCached', 0],
    ['SwapTotal', swapKib],
    ['SwapFree', swapFreeKib],
    ['Dirty', 412],
    ['Writeback', 0],
    ['Slab', Math.round(memoryKib * 0.02)],
  ];
  return rows.map(([name, kib]) => `${`${name}:`.padEnd(16)}${String(kib).padStart(8)} kB\n`).join('');
}

function pressure(some: number, full: number | null): string {
  const line = (kind: string, now: number) =>
    `${kind} avg10=${now.toFixed(2)} avg60=${(now * 0.8).toFixed(2)} avg300=${(now * 0.6).toFixed(2)} total=${Math.round(now * 1e6)}\n`;
  return line('some', some) + line('full', full ?? 0);
}

function interfaces({ receivedBytes, sentBytes }: KernelFigures): string {
  const row = (name: string, received: number, sent: number) =>
    `${name.padStart(6)}: ${received} ${Math.floor(received / 900)} 0 0 0 0 0 0 ${sent} ${Math.floor(sent / 800)} 0 0 0 0 0 0\n`;
  return `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
${row('lo', 81_220_114, 81_220_114)}${row('eth0', receivedBytes, sentBytes)}`;
}

/** Files below /proc and /sys whose text is made when they are read. */
export const procFiles: Readonly<Record<string, ReadFile>> = {
  '/proc/uptime': (host) => {
    const { uptimeCs, idleTicks } = host.figures();
    return `${seconds(uptimeCs)} ${seconds(idleTicks)}\n`;
  },
  '/proc/loadavg': (host) => {
    const { load1, load5, load15, running } = host.figures();
    const loads = [load1, load5, load15].map((load) => load.toFixed(2)).join(' ');
    return `${loads} ${running}/${180 + host.spec.cpus * 14} ${host.processes.seen}\n`;
  },
  '/proc/stat': (host) => stat(host.figures(), host),
  '/proc/meminfo': (host) => meminfo(host.figures()),
  '/proc/net/dev': (host) => interfaces(host.figures()),
  '/proc/pressure/cpu': (host) => pressure(host.figures().pressureCpu, 0),
  '/proc/pressure/memory': (host) => {
    const { pressureMemory, pressureMemoryFull } = host.figures();
    return pressure(pressureMemory, pressureMemoryFull);
  },
  '/proc/pressure/io': (host) => {
    const { pressureIo, pressureIoFull } = host.figures();
    return pressure(pressureIo, pressureIoFull);
  },
  '/proc/diskstats': (host) => {
    const { sectorsRead, sectorsWritten } = host.figures();
    return ` 254       0 vda ${sectorsRead >> 4} 0 ${sectorsRead} 0 ${sectorsWritten >> 4} 0 ${sectorsWritten} 0 0 0 0\n`;
  },
  '/proc/mounts': (host) =>
    [
      ...host.mounts().map((mount) => `${mount.source} ${mount.path} ${mount.type} ${mount.options} 0 0`),
      'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
      'sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0',
      '',
    ].join('\n'),
  '/proc/cpuinfo': ({ spec }) =>
    Array.from(
      { length: spec.cpus },
      (_, at) =>
        `processor\t: ${at}\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9354P 32-Core Processor\ncpu MHz\t\t: 3249.998\ncpu cores\t: ${spec.cpus}\n`,
    ).join('\n'),
  '/proc/cmdline': () => 'BOOT_IMAGE=/vmlinuz root=/dev/vda ro console=ttyS0,115200n8\n',
  '/proc/version': ({ spec }) =>
    `Linux version ${spec.release.kernel} (builder@fleet) (gcc 14.2.0) #1 SMP PREEMPT_DYNAMIC\n`,
  '/proc/sys/kernel/random/boot_id': (host) => `${host.boot.id}\n`,
  '/proc/sys/kernel/hostname': ({ spec }) => `${spec.name}\n`,
  '/proc/sys/kernel/osrelease': ({ spec }) => `${spec.release.kernel}\n`,
  '/sys/class/net/eth0/operstate': () => 'up\n',
};
