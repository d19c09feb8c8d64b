import { describe, expect, test } from 'vitest';
import { defaultThresholds } from '#shared/contract/cluster.ts';
import type { HostDisks, HostLink, HostLoad } from '#shared/contract/host.ts';
import type { RecordOf } from '#shared/contract/records.ts';
import type { UpdatePhase } from '#shared/contract/update.ts';
import { blankUpdate } from '../providers/update-agents/blank-update.ts';
import { assessHealth, type HealthMemory } from './health.ts';

const now = 1_800_000_000_000;

const up: HostLink = {
  state: 'up',
  reason: '',
  since: now - 60_000,
  heardAt: now,
  retryAt: null,
  attempts: 0,
  problem: null,
  sampler: 'awk',
  units: 'dbus',
  unitsReason: '',
  missed: null,
  connection: null,
};

const calm: HostLoad = {
  readAt: now,
  intervalMs: 2000,
  uptimeS: 100,
  cpu: 0.1,
  iowait: 0,
  steal: 0,
  load1: 0,
  load5: 0,
  load15: 0,
  running: 1,
  memoryTotalBytes: 1000,
  memoryUsedBytes: 500,
  swapTotalBytes: 0,
  swapUsedBytes: 0,
  pressure: { cpu: 0, memory: 0, memoryFull: 0, io: 0, ioFull: 0 },
  netReceiveBps: 0,
  netSendBps: 0,
  diskReadBps: 0,
  diskWriteBps: 0,
  clockOffsetMs: 5,
  latencyMs: 1,
};

function disks(used: number, more: Partial<HostDisks['mounts'][number]> = {}): HostDisks {
  const mount = {
    mount: '/',
    source: '/dev/sda1',
    type: 'ext4',
    totalBytes: 110,
    usedBytes: used,
    freeBytes: 100 - used,
    inodesTotal: 100,
    inodesFree: 50,
    readOnly: false,
    readOnlyFault: null,
  };
  return { readAt: now, mounts: [{ ...mount, ...more }], late: [] };
}

function assess(
  host: RecordOf<'host'>,
  memory: HealthMemory = new Map(),
  at = now,
  etcd: Parameters<typeof assessHealth>[1] = [],
) {
  return assessHealth(host, etcd, defaultThresholds, memory, at);
}

describe('health', () => {
  test('a host that is up and calm is healthy without reasons', () => {
    expect(assess({ link: up, load: calm, disks: disks(10) }).health).toEqual({ state: 'healthy', reasons: [] });
  });

  test('a figure counts only after it has stayed over its threshold', () => {
    const hot = { link: up, load: { ...calm, cpu: 0.99 } };
    const first = assess(hot);
    expect(first.health.state).toBe('healthy');
    const early = assess(hot, first.memory, now + 10_000);
    expect(early.health.state).toBe('healthy');
    const late = assess(hot, early.memory, now + 21_000);
    expect(late.health).toMatchObject({ state: 'attention', reasons: [{ code: 'cpu', since: now }] });
    const cooled = assess({ link: up, load: calm }, late.memory, now + 22_000);
    expect(cooled.health.state).toBe('healthy');
    expect(assess(hot, cooled.memory, now + 23_000).health.state).toBe('healthy');
  });

  test('the worst reason decides, each says since when', () => {
    const units = {
      readAt: now,
      source: 'dbus' as const,
      total: 9,
      active: 5,
      jobs: 0,
      failed: [{ name: 'web.service', sub: 'failed', since: now - 5000 }],
      loadErrors: [],
    };
    const { health } = assess({ link: up, load: calm, disks: disks(90), units });
    expect(health.state).toBe('failing');
    expect(health.reasons.map(({ code, subject }) => [code, subject])).toEqual([
      ['unit-failed', 'web.service'],
      ['disk', '/'],
    ]);
    expect(health.reasons[0]?.since).toBe(now - 5000);
  });

  test('fullness counts what an ordinary user can still write; read-only images never count', () => {
    expect(assess({ link: up, disks: disks(96) }).health.state).toBe('failing');
    expect(assess({ link: up, disks: disks(100, { readOnly: true, mount: '/usr' }) }).health.state).toBe('healthy');
  });

  test('a file system that became read-only by a fault is failing, whatever its fullness', () => {
    const broken = disks(100, { readOnly: true, readOnlyFault: 'it was writable before', mount: '/srv' });
    expect(assess({ link: up, disks: broken }).health.reasons).toEqual([
      {
        code: 'disk-read-only',
        state: 'failing',
        text: '/srv is read-only: it was writable before',
        subject: '/srv',
        since: now,
      },
    ]);
  });

  test('a lost host is unreachable since it was last heard, and its old figures prove nothing', () => {
    const link: HostLink = { ...up, state: 'lost', reason: 'no answer for 7 s', heardAt: now - 7000 };
    const { health } = assess({ link, load: { ...calm, cpu: 1 }, disks: disks(99) });
    expect(health).toEqual({
      state: 'unreachable',
      reasons: [
        { code: 'silence', state: 'unreachable', text: 'no answer for 7 s', subject: 'link', since: now - 7000 },
      ],
    });
  });

  test('down on purpose covers everything until it expires', () => {
    const link: HostLink = { ...up, state: 'backing-off', reason: 'refused' };
    const maintenance = { reason: 'new disks', by: 'a@b', since: now, until: now + 1000 };
    expect(assess({ link, maintenance }).health.state).toBe('down-on-purpose');
    expect(assess({ link, maintenance }, new Map(), now + 1001).health.state).toBe('unreachable');
  });

  test('clock, pressure and memory are named with their figures', () => {
    const load = { ...calm, clockOffsetMs: 3200, memoryUsedBytes: 990, pressure: { ...calm.pressure!, io: 66 } };
    const { memory } = assess({ link: up, load });
    const { health } = assess({ link: up, load }, memory, now + 30_000);
    expect(health.reasons.map(({ text }) => text)).toEqual([
      'Memory 99 % used',
      'Tasks stalled on io 66 % of the time',
      "Clock 3.2 s behind this console's",
    ]);
  });

  test('a host is updating while its agent downloads or puts in place, and not while it waits', () => {
    const update = { ...blankUpdate('update-engine', now), offered: '2.0.0' };
    const of = (phase: UpdatePhase) => assess({ link: up, update: { ...update, phase } }).health;
    expect(of('downloading')).toMatchObject({ state: 'updating', reasons: [{ text: 'Downloads 2.0.0' }] });
    expect(of('finalizing')).toMatchObject({ state: 'updating', reasons: [{ text: 'Puts 2.0.0 in place' }] });
    expect(of('available').state).toBe('healthy');
    expect(of('staged').state).toBe('healthy');
  });
});
