import type { HostLoad } from '#shared/contract/host.ts';
import type { Sample } from './sample-line.ts';

const sectorBytes = 512;

function part(value: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, value / whole)) : 0;
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** A sample as the figures people read; rates are over the host's own clock. */
export function loadFigures(
  sample: Sample,
  told: { readAt: number; latencyMs: number; clockOffsetMs: number | null },
): HostLoad {
  const seconds = sample.elapsedCentiseconds / 100;
  const perSecond = (amount: number) => (seconds > 0 ? Math.round(amount / seconds) : 0);
  const ticks = sample.busyTicks + sample.idleTicks + sample.iowaitTicks;
  const share = (value: number) => round(part(value, ticks), 4);
  const kib = (value: number) => Math.max(0, value) * 1024;
  return {
    readAt: told.readAt,
    intervalMs: sample.elapsedCentiseconds * 10,
    uptimeS: sample.uptimeCentiseconds / 100,
    cpu: share(sample.busyTicks),
    iowait: share(sample.iowaitTicks),
    steal: share(sample.stealTicks),
    load1: sample.load[0],
    load5: sample.load[1],
    load15: sample.load[2],
    running: Math.max(0, sample.running),
    memoryTotalBytes: kib(sample.memoryTotalKiB),
    memoryUsedBytes: kib(sample.memoryTotalKiB - sample.memoryAvailableKiB),
    swapTotalBytes: kib(sample.swapTotalKiB),
    swapUsedBytes: kib(sample.swapTotalKiB - sample.swapFreeKiB),
    pressure: sample.pressure,
    netReceiveBps: perSecond(sample.receivedBytes),
    netSendBps: perSecond(sample.sentBytes),
    diskReadBps: perSecond(sample.sectorsRead * sectorBytes),
    diskWriteBps: perSecond(sample.sectorsWritten * sectorBytes),
    clockOffsetMs: told.clockOffsetMs,
    latencyMs: round(told.latencyMs, 1),
  };
}
