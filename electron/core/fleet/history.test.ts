import { expect, test } from 'vitest';
import type { HostLoad } from '#shared/contract/host.ts';
import { History } from './history.ts';

const at0 = 1_800_000_000_000;

function load(readAt: number, cpu: number): HostLoad {
  return {
    readAt,
    intervalMs: 2000,
    uptimeS: 1,
    cpu,
    iowait: 0,
    steal: 0,
    load1: 1,
    load5: 1,
    load15: 1,
    running: 1,
    memoryTotalBytes: 100,
    memoryUsedBytes: 50,
    swapTotalBytes: 0,
    swapUsedBytes: 0,
    pressure: null,
    netReceiveBps: 0,
    netSendBps: 0,
    diskReadBps: 0,
    diskWriteBps: 0,
    clockOffsetMs: null,
    latencyMs: 1,
  };
}

test('the last five minutes are kept at 2 s, the rest of the hour at 10 s, nothing older', () => {
  const history = new History();
  const now = at0 + 2 * 3_600_000;
  for (let at = at0; at <= now; at += 2_000) history.put(load(at, 0.5));
  const { times, values } = history.read(now);
  expect(times[0]).toBeGreaterThanOrEqual(now - 3_600_000);
  expect(times.length).toBeGreaterThan(330 + 140);
  expect(times.length).toBeLessThan(330 + 160);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(new Set(values.cpu)).toEqual(new Set([50]));
  expect(values.swap.every((value) => value === null)).toBe(true);
});

test('a gap is marked by a null so that a chart does not bridge it', () => {
  const history = new History();
  history.put(load(at0, 0.1));
  history.put(load(at0 + 120_000, 0.2));
  const { values } = history.read(at0 + 120_000);
  expect(values.cpu).toContain(null);
});

test('trend points take the last value of their step and null where there was none', () => {
  const history = new History();
  history.put(load(at0, 0.1));
  history.put(load(at0 + 5_000, 0.3));
  const points = history.points('cpu', at0 + 5_000, 20_000, 3);
  expect(points).toEqual([null, null, 30]);
});
