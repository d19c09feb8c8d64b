import { part } from './chance.ts';
import { roleLoads } from './role-load.ts';
import type { HostSpec } from './roster.ts';

/** What a host's processors and memory do is told for the ends of cells this long, as the kernel's own load averages are. */
export const cellMs = 5000;

const hourMs = 3_600_000;
const slowCells = 36;
const burstMs = 900_000;

/** A smooth unrest in -1..1 that changes its mind every `every` cells. */
function unrest(seed: number, cell: number, every: number): number {
  const at = Math.floor(cell / every);
  const along = cell / every - at;
  const from = part(seed, at) * 2 - 1;
  const to = part(seed, at + 1) * 2 - 1;
  return from + (to - from) * along * along * (3 - 2 * along);
}

/** Part of a host's processors in use at the end of a cell: a function of the host and the time alone. */
export function processorUse(spec: HostSpec, cell: number): number {
  const load = roleLoads[spec.role];
  const atMs = cell * cellMs;
  // Users sleep at night; each zone serves people a little further east.
  const hour = ((atMs / hourMs) % 24) + 'abc'.indexOf(spec.zone) * 0.7;
  const daily = 0.5 + 0.5 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
  const slow = unrest(spec.seed ^ 0x51, cell, slowCells);
  const quick = part(spec.seed ^ 0x52, cell) * 2 - 1;
  const use = load.quiet + load.daily * daily + load.slow * slow + load.quick * quick + burst(spec, atMs);
  return Math.min(0.995, Math.max(0.006, use));
}

function burst(spec: HostSpec, atMs: number): number {
  const { burst, burstHeight } = roleLoads[spec.role];
  const at = Math.floor(atMs / burstMs);
  if (part(spec.seed ^ 0x53, at) >= burst) return 0;
  const lengthMs = 50_000 + 190_000 * part(spec.seed ^ 0x54, at);
  const begin = at * burstMs + part(spec.seed ^ 0x55, at) * (burstMs - lengthMs);
  const into = atMs - begin;
  if (into < 0 || into > lengthMs) return 0;
  const edge = Math.min(1, into / 10_000, (lengthMs - into) / 10_000);
  return burstHeight * (0.6 + 0.4 * part(spec.seed ^ 0x56, at)) * edge;
}

/** Part of a host's memory in use, `aliveMs` after it booted. */
export function memoryUse(spec: HostSpec, cell: number, aliveMs: number): number {
  const load = roleLoads[spec.role];
  const full = load.memory * (0.85 + 0.3 * part(spec.seed ^ 0x61));
  // Caches and pools fill up in the first minutes.
  const warm = 0.35 + 0.65 * (1 - Math.exp(-aliveMs / 240_000));
  const periodMs = load.creepHours * hourMs * (0.7 + 0.6 * part(spec.seed ^ 0x62));
  const creep = periodMs > 0 ? load.creep * ((aliveMs % periodMs) / periodMs) : 0;
  const wave = 0.02 * unrest(spec.seed ^ 0x63, cell, slowCells);
  return Math.min(0.97, full * warm + creep + wave);
}
