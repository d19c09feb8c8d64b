import type { Role } from './roster.ts';

/** How the hosts of a role are used. Parts are 0..1 of the whole host; rates are per second at full use. */
export interface RoleLoad {
  /** Part of the processors that is used at the quietest hour. */
  readonly quiet: number;
  /** What the busiest hour adds. */
  readonly daily: number;
  /** Height of the slow and of the quick unrest. */
  readonly slow: number;
  readonly quick: number;
  /** Chance that a quarter of an hour has a burst, and its height. */
  readonly burst: number;
  readonly burstHeight: number;
  readonly iowait: number;
  readonly memory: number;
  /** Hours after which creeping memory use starts again; 0 for none. */
  readonly creepHours: number;
  readonly creep: number;
  readonly receiveBps: number;
  readonly sendBps: number;
  readonly readBps: number;
  readonly writeBps: number;
}

const mega = 1_000_000;

export const roleLoads: Record<Role, RoleLoad> = {
  etcd: {
    quiet: 0.05,
    daily: 0.04,
    slow: 0.03,
    quick: 0.03,
    burst: 0.02,
    burstHeight: 0.15,
    iowait: 0.03,
    memory: 0.36,
    creepHours: 0,
    creep: 0,
    receiveBps: 6 * mega,
    sendBps: 8 * mega,
    readBps: 0.2 * mega,
    writeBps: 14 * mega,
  },
  lb: {
    quiet: 0.07,
    daily: 0.24,
    slow: 0.08,
    quick: 0.06,
    burst: 0.04,
    burstHeight: 0.25,
    iowait: 0.002,
    memory: 0.28,
    creepHours: 0,
    creep: 0,
    receiveBps: 420 * mega,
    sendBps: 510 * mega,
    readBps: 0.1 * mega,
    writeBps: 3 * mega,
  },
  web: {
    quiet: 0.1,
    daily: 0.3,
    slow: 0.12,
    quick: 0.09,
    burst: 0.06,
    burstHeight: 0.35,
    iowait: 0.01,
    memory: 0.42,
    creepHours: 9,
    creep: 0.28,
    receiveBps: 60 * mega,
    sendBps: 190 * mega,
    readBps: 2 * mega,
    writeBps: 9 * mega,
  },
  db: {
    quiet: 0.14,
    daily: 0.22,
    slow: 0.1,
    quick: 0.1,
    burst: 0.07,
    burstHeight: 0.3,
    iowait: 0.12,
    memory: 0.71,
    creepHours: 0,
    creep: 0,
    receiveBps: 90 * mega,
    sendBps: 160 * mega,
    readBps: 260 * mega,
    writeBps: 140 * mega,
  },
  worker: {
    quiet: 0.22,
    daily: 0.18,
    slow: 0.22,
    quick: 0.1,
    burst: 0.1,
    burstHeight: 0.35,
    iowait: 0.03,
    memory: 0.5,
    creepHours: 5,
    creep: 0.22,
    receiveBps: 80 * mega,
    sendBps: 60 * mega,
    readBps: 60 * mega,
    writeBps: 70 * mega,
  },
  build: {
    quiet: 0.02,
    daily: 0.1,
    slow: 0.06,
    quick: 0.05,
    burst: 0.45,
    burstHeight: 0.85,
    iowait: 0.06,
    memory: 0.3,
    creepHours: 0,
    creep: 0,
    receiveBps: 120 * mega,
    sendBps: 40 * mega,
    readBps: 180 * mega,
    writeBps: 320 * mega,
  },
};
