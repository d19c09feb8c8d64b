import { part } from './chance.ts';
import { roleLoads } from './role-load.ts';
import type { HostSpec } from './roster.ts';
import { cellMs, memoryUse, processorUse } from './use.ts';

/** What the kernel of a host would tell at one moment. Ticks are hundredths of a second of one processor. */
export interface KernelFigures {
  readonly uptimeCs: number;
  readonly busyTicks: number;
  readonly idleTicks: number;
  readonly iowaitTicks: number;
  readonly stealTicks: number;
  readonly running: number;
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
  readonly memoryKib: number;
  readonly availableKib: number;
  readonly swapKib: number;
  readonly swapFreeKib: number;
  readonly pressureCpu: number;
  readonly pressureMemory: number;
  readonly pressureMemoryFull: number;
  readonly pressureIo: number;
  readonly pressureIoFull: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly sectorsRead: number;
  readonly sectorsWritten: number;
}

/** Cells that are gone through one by one after nobody asked for long; older ones count as average. */
const mostCells = 2000;
const cellSeconds = cellMs / 1000;
const decay1 = Math.exp(-cellSeconds / 60);
const decay5 = Math.exp(-cellSeconds / 300);
const decay15 = Math.exp(-cellSeconds / 900);
const decayPressure = Math.exp(-cellSeconds / 10);

/** One host's counters, worked out when they are asked for and the same whenever that is. */
export class Figures {
  readonly #spec: HostSpec;
  #bootedMs: number;
  #cell: number;
  /** Use at the end of the present cell. */
  #use = 0;
  #busySeconds = 0;
  #idleSeconds = 0;
  #waitSeconds = 0;
  #load1 = 0;
  #load5 = 0;
  #load15 = 0;
  #pressureCpu = 0;
  #pressureIo = 0;
  /** Integral of use over seconds, what traffic goes by. */
  #work = 0;

  /** `bootedMs` may lie long before `nowMs`: the counters then stand as after a time of average use. */
  constructor(spec: HostSpec, bootedMs: number, nowMs: number) {
    this.#spec = spec;
    this.#bootedMs = bootedMs;
    this.#cell = Math.floor(nowMs / cellMs);
    this.#startAt(bootedMs, nowMs);
  }

  /** The host came up anew: everything counts from nothing. */
  boot(nowMs: number): void {
    this.#startAt(nowMs, nowMs);
  }

  get bootedMs(): number {
    return this.#bootedMs;
  }

  #startAt(bootedMs: number, nowMs: number): void {
    this.#bootedMs = bootedMs;
    this.#cell = Math.floor(nowMs / cellMs);
    this.#use = processorUse(this.#spec, this.#cell);
    this.#busySeconds = this.#idleSeconds = this.#waitSeconds = this.#work = 0;
    this.#pressureCpu = this.#pressureIo = 0;
    const aliveS = (this.#cell * cellMs - bootedMs) / 1000;
    if (aliveS > 0) this.#count(this.#average(), aliveS);
    const runnable = aliveS > 900 ? this.#use * this.#spec.cpus : 0;
    this.#load1 = this.#load5 = this.#load15 = runnable;
  }

  #average(): number {
    const { quiet, daily } = roleLoads[this.#spec.role];
    return quiet + daily / 2;
  }

  #count(use: number, seconds: number): void {
    const wait = Math.min(1 - use, roleLoads[this.#spec.role].iowait * (0.4 + use));
    this.#busySeconds += use * seconds;
    this.#waitSeconds += wait * seconds;
    this.#idleSeconds += (1 - use - wait) * seconds;
    this.#work += use * seconds;
  }

  #advance(nowMs: number): void {
    const target = Math.floor(nowMs / cellMs);
    if (target - this.#cell > mostCells) {
      this.#count(this.#average(), (target - mostCells - this.#cell) * cellSeconds);
      this.#cell = target - mostCells;
      this.#use = processorUse(this.#spec, this.#cell);
    }
    const { cpus, role } = this.#spec;
    const { iowait } = roleLoads[role];
    while (this.#cell < target) {
      this.#cell++;
      const next = processorUse(this.#spec, this.#cell);
      const use = (this.#use + next) / 2;
      this.#use = next;
      this.#count(use, cellSeconds);
      // Near full use a queue builds up in front of the processors.
      const runnable = cpus * (use + Math.max(0, use - 0.85) * 4) + iowait * cpus * use;
      this.#load1 = runnable + (this.#load1 - runnable) * decay1;
      this.#load5 = runnable + (this.#load5 - runnable) * decay5;
      this.#load15 = runnable + (this.#load15 - runnable) * decay15;
      const stalledCpu = Math.max(0, use - 0.7) * 75 + use * 2;
      const stalledIo = Math.min(60, iowait * 110 * use * (0.5 + part(this.#spec.seed ^ 0x71, this.#cell)));
      this.#pressureCpu = stalledCpu + (this.#pressureCpu - stalledCpu) * decayPressure;
      this.#pressureIo = stalledIo + (this.#pressureIo - stalledIo) * decayPressure;
    }
  }

  /** The figures at a moment not before the last one asked for. */
  at(nowMs: number): KernelFigures {
    this.#advance(nowMs);
    const spec = this.#spec;
    const load = roleLoads[spec.role];
    const { cpus } = spec;
    // Within the present cell use goes straight from one end to the other.
    const seconds = Math.max(0, (nowMs - this.#cell * cellMs) / 1000);
    const next = processorUse(spec, this.#cell + 1);
    const here = this.#use + ((next - this.#use) * seconds) / cellSeconds;
    const use = (this.#use + here) / 2;
    const wait = Math.min(1 - use, load.iowait * (0.4 + use));
    const busy = this.#busySeconds + use * seconds;
    const waited = this.#waitSeconds + wait * seconds;
    const idle = this.#idleSeconds + (1 - use - wait) * seconds;
    const work = this.#work + use * seconds;
    const ticks = (value: number) => Math.floor(value * cpus * 100);
    const memory = memoryUse(spec, this.#cell, nowMs - this.#bootedMs);
    const pressed = Math.max(0, memory - 0.9) * 160;
    const swapKib = spec.release.family === 'debian' ? 4_194_300 : 0;
    const hundredths = (value: number) => Math.round(value * 100) / 100;
    return {
      uptimeCs: Math.max(0, Math.floor((nowMs - this.#bootedMs) / 10)),
      busyTicks: ticks(busy),
      idleTicks: ticks(idle),
      iowaitTicks: ticks(waited),
      stealTicks: ticks(busy * 0.002),
      running: Math.max(1, Math.round(here * cpus)),
      load1: hundredths(this.#load1),
      load5: hundredths(this.#load5),
      load15: hundredths(this.#load15),
      memoryKib: spec.memoryKib,
      availableKib: Math.round(spec.memoryKib * (1 - memory)),
      swapKib,
      swapFreeKib: Math.round(swapKib * (1 - Math.max(0, memory - 0.75) * 1.5)),
      pressureCpu: hundredths(this.#pressureCpu),
      pressureMemory: hundredths(pressed),
      pressureMemoryFull: hundredths(pressed * 0.6),
      pressureIo: hundredths(this.#pressureIo),
      pressureIoFull: hundredths(this.#pressureIo * 0.7),
      receivedBytes: Math.floor(work * load.receiveBps),
      sentBytes: Math.floor(work * load.sendBps),
      sectorsRead: Math.floor((work * load.readBps) / 512),
      sectorsWritten: Math.floor((work * load.writeBps) / 512),
    };
  }
}
