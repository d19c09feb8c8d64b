import { describe, expect, it } from 'vitest';
import { SampleLines } from '#core/probes/sample-line.ts';
import { sampleLine } from '../shell/sampler.ts';
import type { SystemdEvent } from '../systemd/unit-table.ts';
import { HandClock } from './clock.ts';
import { Figures } from './figures.ts';
import { rosterOf } from './roster.ts';
import { Schedule } from './schedule.ts';
import { tellStories } from './stories.ts';
import { openWorld } from './world.ts';

const start = Date.UTC(2026, 10, 23, 9, 0, 0);
const day = 86_400_000;

describe('the schedule', () => {
  it('runs in order of time, then of asking, and not what was called off', () => {
    const clock = new HandClock(start);
    const schedule = new Schedule(clock);
    const seen: string[] = [];
    const at = (ms: number, name: string) => schedule.after(ms, () => seen.push(`${name}@${clock.now() - start}`));
    at(300, 'c');
    at(100, 'a1');
    at(100, 'a2');
    const cancel = at(150, 'off');
    schedule.after(50, () => at(20, 'b'));
    cancel();
    clock.advance(1000);
    expect(seen).toEqual(['b@70', 'a1@100', 'a2@100', 'c@300']);
    at(10, 'd');
    schedule.end();
    clock.advance(1000);
    expect(seen).toHaveLength(4);
  });

  it('keeps a thousand entries sorted', () => {
    const clock = new HandClock(start);
    const schedule = new Schedule(clock);
    const times = Array.from({ length: 1000 }, (_, at) => (at * 7919) % 1009);
    const seen: number[] = [];
    for (const ms of times) schedule.after(ms, () => seen.push(ms));
    clock.advance(2000);
    expect(seen).toEqual(times.toSorted((a, b) => a - b));
  });
});

describe('the roster', () => {
  it('is the same for the same seed, mixed, and names nobody twice', () => {
    for (const count of [1, 5, 24, 300, 2000]) {
      const roster = rosterOf(count, 7);
      expect(roster).toHaveLength(count);
      expect(new Set(roster.map(({ name }) => name)).size).toBe(count);
      expect(new Set(roster.map(({ address }) => address)).size).toBe(count);
      expect(roster).toEqual(rosterOf(count, 7));
    }
    const families = new Set(rosterOf(24, 1).map(({ release }) => `${release.family} ${release.channel}`));
    expect([...families].sort()).toEqual([
      'debian null',
      'fedora-coreos stable',
      'fedora-coreos testing',
      'flatcar alpha',
      'flatcar beta',
      'flatcar stable',
    ]);
  });
});

describe('figures', () => {
  const specs = rosterOf(24, 3);

  it('do not depend on how often they were asked for', () => {
    for (const spec of specs) {
      const often = new Figures(spec, start - day, start);
      const seldom = new Figures(spec, start - day, start);
      for (let ms = 0; ms < 400_000; ms += 1700) often.at(start + ms);
      expect(often.at(start + 400_000)).toEqual(seldom.at(start + 400_000));
    }
  });

  it('count up by the time that went by, with parts that add up', () => {
    for (const spec of specs) {
      const figures = new Figures(spec, start - day, start);
      let last = figures.at(start);
      for (let ms = 500; ms < 120_000; ms += 730) {
        const now = figures.at(start + ms);
        const ticks =
          now.busyTicks + now.idleTicks + now.iowaitTicks - last.busyTicks - last.idleTicks - last.iowaitTicks;
        const passed = (now.uptimeCs - last.uptimeCs) * spec.cpus;
        // Rounding of three counters, of both ends, and of one hundredth of a second of every processor.
        expect(Math.abs(ticks - passed)).toBeLessThanOrEqual(6 + spec.cpus);
        for (const key of ['busyTicks', 'idleTicks', 'receivedBytes', 'sentBytes', 'sectorsWritten'] as const)
          expect(now[key]).toBeGreaterThanOrEqual(last[key]);
        expect(now.availableKib).toBeGreaterThan(0);
        expect(now.availableKib).toBeLessThan(now.memoryKib);
        last = now;
      }
    }
  });

  it('begin anew with a boot and survive a long silence', () => {
    const [spec] = specs;
    if (!spec) throw new Error('no host');
    const figures = new Figures(spec, start - day, start);
    const later = figures.at(start + 30 * day);
    expect(later.uptimeCs).toBe((31 * day) / 10);
    const seconds =
      later.busyTicks / 100 / spec.cpus + later.idleTicks / 100 / spec.cpus + later.iowaitTicks / 100 / spec.cpus;
    expect(seconds / (later.uptimeCs / 100)).toBeCloseTo(1, 3);
    figures.boot(start + 30 * day);
    const after = figures.at(start + 30 * day + 8000);
    expect(after.uptimeCs).toBe(800);
    expect(after.busyTicks).toBeLessThan(800 * spec.cpus);
  });
});

describe('sample lines', () => {
  it('are read by the console as the figures they were made of', () => {
    const clock = new HandClock(start);
    const [host] = openWorld({ hosts: 24, seed: 5, clock }).hosts;
    if (!host) throw new Error('no host');
    const lines = new SampleLines();
    const last: number[] = [];
    let before = host.figures();
    for (let turn = 0; turn < 40; turn++) {
      const now = host.figures();
      const sample = lines.read(sampleLine(host, last).trimEnd());
      expect(sample).toMatchObject({
        uptimeCentiseconds: now.uptimeCs,
        elapsedCentiseconds: turn === 0 ? now.uptimeCs : now.uptimeCs - before.uptimeCs,
        busyTicks: turn === 0 ? now.busyTicks : now.busyTicks - before.busyTicks,
        load: [now.load1, now.load5, now.load15],
        memoryAvailableKiB: now.availableKib,
        pressure: { cpu: now.pressureCpu, ioFull: now.pressureIoFull },
        sentBytes: turn === 0 ? now.sentBytes : now.sentBytes - before.sentBytes,
      });
      before = now;
      clock.advance(2000);
    }
  });
});

describe('stories', () => {
  function tell(seed: number, minutes: number) {
    const clock = new HandClock(start);
    const world = openWorld({ hosts: 24, seed, clock });
    const told: string[] = [];
    const seconds = () => Math.round((clock.now() - start) / 1000);
    for (const host of world.hosts) {
      const { name } = host.spec;
      host.onNetwork((network) => told.push(`${seconds()} ${name} ${network}`));
      host.systemd.listen((event: SystemdEvent) => {
        if (event.kind !== 'changed') return;
        told.push(`${seconds()} ${name} ${event.unit} ${host.systemd.get(event.unit)?.active}`);
      });
    }
    const etcd = {
      stop: async (member: string) => void told.push(`${seconds()} etcd ${member} gone`),
      resume: async (member: string) => void told.push(`${seconds()} etcd ${member} back`),
    };
    tellStories(world, etcd);
    for (let minute = 0; minute < minutes; minute++) clock.advance(60_000);
    const cast = world.hosts.filter(
      ({ systemd, markers, filled, clockOffsetMs }) =>
        systemd.failed().length + markers.size + filled.size > 0 || clockOffsetMs !== 0,
    );
    world.end();
    return { told, cast, world };
  }

  it('are the same for the same seed and others for another', () => {
    const first = tell(11, 30).told;
    expect(first).toEqual(tell(11, 30).told);
    expect(first).not.toEqual(tell(12, 30).told);
  });

  it('bring what a console is there for, and let it pass', () => {
    const { told, cast, world } = tell(1, 30);
    const has = (pattern: RegExp) => told.some((line) => pattern.test(line));
    expect(cast.length).toBeGreaterThanOrEqual(6);
    expect(cast.length).toBeLessThanOrEqual(12);
    expect(has(/^7\d \S+ cut$/)).toBe(true);
    expect(has(/ off$/)).toBe(true);
    expect(has(/image-resizer\.service failed$/)).toBe(true);
    expect(has(/image-resizer\.service active$/)).toBe(true);
    expect(has(/^\d+ etcd etcd-\w+ gone$/)).toBe(true);
    expect(has(/^\d+ etcd etcd-\w+ back$/)).toBe(true);
    expect(has(/\.timer active$/)).toBe(true);
    const offs = told.filter((line) => / (?:off|cut)$/.test(line)).length;
    const ups = told.filter((line) => line.endsWith(' up')).length;
    expect(offs - ups).toBeLessThanOrEqual(2);
    expect(
      world.hosts.filter(({ boots }) => boots.at(-1)?.fromMs && (boots.at(-1)?.fromMs ?? 0) > start).length,
    ).toBeGreaterThan(0);
  });
});

describe('an update', () => {
  it('that is booted brings the files of its release', () => {
    const clock = new HandClock(start);
    const { hosts } = openWorld({ hosts: 12, seed: 1, clock });
    const host = hosts.find(({ spec }) => spec.release.family === 'flatcar');
    if (!host) throw new Error('there is no Flatcar host');
    const kernels = () => host.files.list('/usr/lib/modules');
    const { kernel } = host.spec.release;
    const next = host.engine.offered;
    expect(kernels()).toEqual([kernel]);
    host.engine.begin(1000, false);
    clock.advance(30_000);
    expect(kernels()).toEqual([kernel]);
    host.reboot(8000);
    clock.advance(10_000);
    expect(host.spec.release).toBe(next);
    expect(kernels()).toEqual([next?.kernel]);
  });
});
