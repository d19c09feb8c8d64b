import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Unit } from '#shared/contract/unit.ts';
import { type CommandAccess, localAccess } from '#kit/command-access.ts';
import { SimulatedSystemd } from '#kit/simulated-systemd.ts';
import { openScopes, Scope } from '../../lib/scope.ts';
import { trackUnits, type TrackUnitsOptions, type UnitTracker, type UnitUpdate } from './track-units.ts';

/** Waits long: the machine may be busy. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 5 });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('trackUnits', { timeout: 30_000 }, () => {
  let scope: Scope;
  let systemd: SimulatedSystemd;
  let access: CommandAccess;
  let updates: UnitUpdate[];
  let tracker: UnitTracker;
  let folder: string;
  /** What a view that applies every item would show. */
  let shown: Map<string, Unit>;

  beforeEach(async () => {
    scope = new Scope('test');
    systemd = new SimulatedSystemd();
    for (const name of ['a.service', 'b.service', 'c.timer']) systemd.add(name);
    folder = await mkdtemp(join(tmpdir(), 'quarterdeck-units-'));
    access = localAccess(() => systemd.connect(), { ...process.env, PATH: `${folder}:${process.env['PATH']}` });
    updates = [];
    shown = new Map();
  });
  afterEach(async () => {
    await scope.end();
    await access.end();
    await rm(folder, { recursive: true });
    if (openScopes().length > 0) throw new Error(`left open: ${openScopes().join(', ')}`);
  });

  const track = (options: Partial<TrackUnitsOptions> = {}) => {
    tracker = trackUnits(access, { scope, pollMs: 40, retryBusMs: 150, ...options });
    tracker.onUpdate((update) => {
      updates.push(update);
      if (update.item.reset) shown.clear();
      for (const unit of update.item.changed) shown.set(unit.name, unit);
      for (const name of update.item.removed) shown.delete(name);
    });
  };
  const followed = () => eventually(() => tracker.source.units).toBe('dbus');
  const states = () => Object.fromEntries([...shown.values()].map(({ name, active }) => [name, active]));
  const systemctl = async (script: string) => {
    const file = join(folder, 'systemctl');
    await writeFile(`${file}.new`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    await rename(`${file}.new`, file);
  };

  it('lists once and then follows every change', async () => {
    track();
    await followed();
    await eventually(() => updates.length).toBe(1);
    expect(updates[0]).toMatchObject({ summary: { source: 'dbus', total: 3, active: 3 }, item: { reset: true } });
    systemd.set('a.service', 'failed', 'failed');
    await eventually(() => updates.length).toBe(2);
    expect(updates[1]?.item).toMatchObject({ reset: false, changed: [{ name: 'a.service', active: 'failed' }] });
    expect(updates[1]?.summary.failed).toMatchObject([{ name: 'a.service', sub: 'failed' }]);
    expect(systemd.calls.filter((call) => call === 'ListUnits')).toHaveLength(1);
  });

  it('loses no change that happens while the list is on its way', async () => {
    systemd.onList = () => {
      systemd.onList = () => {};
      // Told before the answer is sent, and again right after: the list holds neither.
      systemd.set('a.service', 'failed', 'failed');
      setImmediate(() => systemd.set('b.service', 'failed', 'failed'));
    };
    track();
    await followed();
    await eventually(() => states()['b.service']).toBe('failed');
    await tracker.relist();
    await pause(60);
    expect(states()).toEqual({ 'a.service': 'failed', 'b.service': 'failed', 'c.timer': 'active' });
  });

  it('tells a burst in one item', async () => {
    track();
    await followed();
    await eventually(() => updates.length).toBe(1);
    for (let round = 0; round < 50; round++)
      systemd.set('a.service', round % 2 ? 'active' : 'failed', `round-${round}`);
    await eventually(() => shown.get('a.service')?.sub).toBe('round-49');
    expect(shown.get('a.service')?.active).toBe('active');
    expect(updates.length).toBeLessThan(5);
  });

  it('never asks for units that vanish as fast as they came', async () => {
    track();
    await followed();
    systemd.calls.length = 0;
    for (let round = 0; round < 200; round++) {
      systemd.add(`run-${round}.scope`);
      systemd.remove(`run-${round}.scope`);
    }
    await pause(120);
    expect(systemd.calls).toEqual([]);
    systemd.add('stays.scope');
    systemd.remove('b.service');
    await eventually(states).toEqual({ 'a.service': 'active', 'c.timer': 'active', 'stays.scope': 'active' });
    expect(systemd.calls).toEqual(['ListUnitsByPatterns']);
  });

  it('lists anew when many units come, and where asking for some is not known', async () => {
    systemd.unknownMethods = ['ListUnitsByPatterns'];
    track();
    await followed();
    systemd.calls.length = 0;
    for (let round = 0; round < 150; round++) systemd.add(`many-${round}.device`);
    await eventually(() => shown.size).toBe(153);
    expect(systemd.calls).toEqual(['ListUnits']);
    systemd.add('one.device');
    await eventually(() => shown.has('one.device')).toBe(true);
    expect(systemd.calls).toEqual(['ListUnits', 'ListUnitsByPatterns', 'ListUnits']);
  });

  it('takes a reload as one list, without showing units as gone', async () => {
    track();
    await followed();
    await pause(80);
    updates.length = 0;
    systemd.calls.length = 0;
    systemd.units.set('new.service', { active: 'inactive', sub: 'dead', job: '' });
    systemd.units.delete('c.timer');
    systemd.reload();
    await eventually(() => shown.has('new.service')).toBe(true);
    await pause(150);
    expect(updates.map(({ item }) => [item.changed.map((unit) => unit.name), item.removed])).toEqual([
      [['new.service'], ['c.timer']],
    ]);
    expect(systemd.calls).toEqual(['ListUnits']);
  });

  it('shows queued jobs and tells how they ended', async () => {
    const ended: unknown[] = [];
    track();
    await followed();
    tracker.onJob((job) => ended.push(job));
    const job = systemd.queue('a.service', 'restart');
    await eventually(() => shown.get('a.service')?.job).toBe('restart');
    expect(updates.at(-1)?.summary.jobs).toBe(1);
    job.finish('timeout');
    await eventually(() => shown.get('a.service')?.job).toBe('');
    expect(ended).toEqual([{ unit: 'a.service', result: 'timeout' }]);
    systemd.calls.length = 0;
    systemd.queue('a.service', 'start').finish('done');
    await pause(100);
    expect(systemd.calls).toEqual([]);
  });

  it('reads again what systemd only calls out of date', async () => {
    track();
    await followed();
    systemd.units.set('a.service', { active: 'failed', sub: 'failed', job: '' });
    systemd.emit('/org/freedesktop/systemd1/unit/a_2eservice', {}, ['Conditions', 'ActiveState']);
    await eventually(() => states()['a.service']).toBe('failed');
    expect(systemd.calls.at(-1)).toBe('ListUnitsByPatterns');
  });

  it('opens the bus again when it was closed', async () => {
    track();
    await followed();
    systemd.calls.length = 0;
    systemd.units.set('a.service', { active: 'failed', sub: 'failed', job: '' });
    systemd.drop();
    await eventually(() => states()['a.service']).toBe('failed');
    expect(systemd.calls).toContain('Subscribe');
    expect(tracker.source).toEqual({ units: 'dbus', reason: '' });
  });

  it('polls with systemctl and says why, until the bus can be reached', async () => {
    await systemctl(
      `echo '[{"unit":"x.service","load":"loaded","active":"active","sub":"running","description":"X"}]'`,
    );
    access.refuseBus('sshd refuses to forward the socket of the bus');
    const sources: string[] = [];
    track();
    tracker.onSource(({ units }) => sources.push(units));
    await eventually(() => states()).toEqual({ 'x.service': 'active' });
    expect(tracker.source).toEqual({
      units: 'systemctl',
      reason: 'sshd refuses to forward the socket of the bus; units are read with systemctl instead',
    });
    expect(updates[0]?.summary.source).toBe('systemctl');
    await systemctl('echo "y.service loaded failed failed Y"');
    await eventually(() => states()).toEqual({ 'y.service': 'failed' });
    access.refuseBus(null);
    await eventually(() => tracker.source.units).toBe('dbus');
    await eventually(() => states()).toEqual({ 'a.service': 'active', 'b.service': 'active', 'c.timer': 'active' });
    const told = updates.length;
    await pause(150);
    expect(updates.length).toBe(told);
    expect(sources).toEqual(['none', 'systemctl', 'dbus']);
  });

  it('says both reasons when nothing can be read', async () => {
    await systemctl('echo "System has not been booted with systemd" >&2; exit 1');
    access.refuseBus('there is no bus on this host');
    track();
    await expect
      .poll(() => tracker.source.reason)
      .toBe('there is no bus on this host; systemctl failed: System has not been booted with systemd');
    expect(tracker.source.units).toBe('none');
    expect(updates).toEqual([]);
  });

  it('looks ever more seldom for a bus that is not there', async () => {
    await systemctl('exit 1');
    access.refuseBus('there is no bus on this host');
    const triedAt: number[] = [];
    const counting = {
      ...access,
      bus: () => {
        triedAt.push(performance.now());
        return access.bus();
      },
    };
    trackUnits(counting, { scope, pollMs: 1000, retryBusMs: 20 });
    await eventually(() => triedAt.length).toBe(6);
    const gaps = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
    [20, 40, 80, 160, 160].forEach((ms, index) => expect(gaps[index]).toBeGreaterThanOrEqual(ms - 2));
  });

  it('believes a host that says it runs no systemd, and all but stops asking', async () => {
    const asked = join(folder, 'asked');
    await systemctl(`echo >>${asked}; echo "System has not been booted with systemd as init system" >&2; exit 1`);
    access.refuseBus('there is no bus on this host');
    track({ pollMs: 20, retryBusMs: 40 });
    await eventually(() => tracker.source.reason).toContain('not been booted with systemd');
    await pause(600);
    // A line for each time; at these waits it would have been asked five times by now.
    expect((await readFile(asked, 'utf8')).length).toBe(1);
  });
});
