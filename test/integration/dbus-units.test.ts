import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Unit } from '#shared/contract/unit.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import {
  trackUnits,
  type TrackUnitsOptions,
  type UnitTracker,
  type UnitUpdate,
} from '#core/probes/units/track-units.ts';
import { type Lab, labUnavailable, startLab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { type SshAccess, sshAccess } from '#kit/ssh-access.ts';

const reason = labUnavailable();
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const node = 'node1';
/** Waits long: the machine may be busy. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 20 });

describe('a real systemd', () => {
  let lab: Lab;
  let access: SshAccess;
  let scope: Scope;
  let tracker: UnitTracker;
  let updates: UnitUpdate[];
  let shown: Map<string, Unit>;

  beforeAll(async () => {
    if (reason !== null) return;
    lab = await startLab({ systems: ['debian'], etcd: 'none' });
    access = await sshAccess(lab.env.sshConfig, node);
  });
  afterAll(async () => {
    await access?.end();
    await lab?.end();
  });
  afterEach(async () => {
    access?.refuseBus(null);
    await scope?.end();
    if (openScopes().some((name) => !name.startsWith('bus'))) throw new Error(`left open: ${openScopes().join(', ')}`);
  });

  /** Root on the host, past its network. */
  const onHost = async (...argv: string[]) => (await lab.exec(node, argv)).stdout;
  const systemctl = (...argv: string[]) => onHost('systemctl', ...argv);
  /** Units that systemctl on the host and we do not agree about. */
  const differences = async () => {
    const rows = JSON.parse(await systemctl('list-units', '--all', '--output=json')) as Record<string, string>[];
    const told = (unit: Unit | undefined) => unit && [unit.load, unit.active, unit.sub, unit.description].join(' ');
    const theirs = new Map(
      rows.map((row) => [row['unit'], [row['load'], row['active'], row['sub'], row['description']]]),
    );
    return [...new Set([...theirs.keys(), ...shown.keys()])].filter(
      (name = '') => theirs.get(name)?.join(' ') !== told(shown.get(name)),
    );
  };
  const stateOf = (name: string) => shown.get(name)?.active ?? 'gone';

  const track = async (options: Partial<TrackUnitsOptions> = {}) => {
    scope = new Scope('test');
    shown = new Map();
    updates = [];
    tracker = trackUnits(access, { scope, ...options });
    tracker.onUpdate((update) => {
      updates.push(update);
      if (update.item.reset) shown.clear();
      for (const unit of update.item.changed) shown.set(unit.name, unit);
      for (const name of update.item.removed) shown.delete(name);
    });
    await eventually(() => updates.length).toBeGreaterThan(0);
  };

  it('gives the list that systemctl gives', async () => {
    await track();
    expect(tracker.source).toEqual({ units: 'dbus', reason: '' });
    await expect.poll(differences, { timeout: 10_000 }).toEqual([]);
    expect(updates[0]?.summary.total).toBe(shown.size);
  });

  it('shows a killed service, and its restart', async () => {
    await track();
    await systemctl('start', 'web.service');
    await eventually(() => stateOf('web.service')).toBe('active');
    const pid = (await systemctl('show', '-P', 'MainPID', 'web.service')).trim();
    await onHost('kill', '-9', pid);
    await eventually(() => stateOf('web.service')).toBe('failed');
    expect(updates.at(-1)?.summary.failed.map(({ name }) => name)).toContain('web.service');
    await systemctl('start', 'web.service');
    await eventually(() => stateOf('web.service')).toBe('active');
  });

  it('tells a change within a second of systemd (median)', async () => {
    await track();
    await systemctl('start', 'web.service');
    const delays: number[] = [];
    for (let round = 0; round < 7; round++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      const changed = new Promise<number>((resolve) => {
        const stop = tracker.onUpdate(({ item }) => {
          if (!item.changed.some((unit) => unit.name === 'web.service' && unit.active === 'failed')) return;
          stop();
          resolve(Date.now());
        });
      });
      await systemctl('kill', '-s', 'KILL', 'web.service');
      const toldAt = await changed;
      const at = Number(
        await onHost('busctl', 'get-property', ...unitOnBus('web_2eservice'), 'StateChangeTimestamp').then(
          (text) => text.split(' ')[1],
        ),
      );
      delays.push(toldAt - at / 1000);
      await systemctl('reset-failed', 'web.service');
      await systemctl('start', 'web.service');
      await eventually(() => stateOf('web.service')).toBe('active');
    }
    delays.sort((a, b) => a - b);
    console.log(`unit change to update, ms: ${delays.map((ms) => ms.toFixed(1)).join(' ')}`);
    expect(delays[3]).toBeLessThan(1000);
  });

  it('shows a queued job with its kind and how it ended', async () => {
    await track();
    const jobs: string[] = [];
    tracker.onJob(({ unit, result }) => unit === 'slow.service' && jobs.push(result));
    const run = [
      'systemd-run',
      '--no-block',
      '--unit=slow.service',
      '--service-type=oneshot',
      '-p',
      'TimeoutStartSec=1',
    ];
    await onHost(...run, 'sleep', '30');
    await eventually(() => shown.get('slow.service')?.job).toBe('start');
    await expect.poll(() => jobs, { timeout: 30_000 }).toEqual(['failed']);
    await eventually(() => [stateOf('slow.service'), shown.get('slow.service')?.job]).toEqual(['failed', '']);
    await systemctl('reset-failed');
    await eventually(() => stateOf('slow.service')).toBe('gone');
  });

  it('stays true through daemon-reload, daemon-reexec and transient units', async () => {
    await track();
    await onHost(
      'sh',
      '-c',
      'printf "[Unit]\\nDescription=Fresh\\n[Service]\\nExecStart=/bin/true\\n" >/etc/systemd/system/fresh.service',
    );
    updates.length = 0;
    await systemctl('daemon-reload');
    await systemctl('start', 'fresh.service');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const removed = updates.flatMap(({ item }) => item.removed);
    expect(removed.filter((name) => name.endsWith('.target') || name.endsWith('.socket'))).toEqual([]);
    await systemctl('daemon-reexec');
    await onHost('sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9 10; do systemd-run --quiet --scope true; done');
    await onHost('rm', '/etc/systemd/system/fresh.service');
    await systemctl('daemon-reload');
    await systemctl('start', 'flaky.service');
    await eventually(() => stateOf('flaky.service')).toBe('failed');
    await systemctl('reset-failed');
    await expect.poll(differences, { timeout: 10_000, interval: 500 }).toEqual([]);
    expect(tracker.source.units).toBe('dbus');
  });

  it('falls back to systemctl with the reason, and returns to the bus', async () => {
    await track({ retryBusMs: 3000, pollMs: 300 });
    access.refuseBus('the forwarding was refused');
    access.dropBus();
    await expect.poll(() => tracker.source.units, { timeout: 30_000 }).toBe('systemctl');
    expect(tracker.source.reason).toBe('the forwarding was refused; units are read with systemctl instead');
    await eventually(() => updates.at(-1)?.summary.source).toBe('systemctl');
    await systemctl('stop', 'web.service');
    await eventually(() => stateOf('web.service')).toBe('inactive');
    await systemctl('start', 'web.service');
    access.refuseBus(null);
    await expect.poll(() => tracker.source.units, { timeout: 10_000 }).toBe('dbus');
    await expect.poll(differences, { timeout: 10_000, interval: 500 }).toEqual([]);
  });

  it('does not take a bus that hangs for one on which nothing happens', async () => {
    await track({ retryBusMs: 3000, pollMs: 500, aliveMs: 500 });
    const pid = (await systemctl('show', '-P', 'MainPID', 'dbus.service')).trim();
    await onHost('kill', '-STOP', pid);
    await expect.poll(() => tracker.source.units, { timeout: 30_000 }).not.toBe('dbus');
    await eventually(() => tracker.source.reason).toMatch(/did not answer Ping within 0.5 s/);
    await onHost('kill', '-CONT', pid);
    await expect.poll(() => tracker.source.units, { timeout: 30_000 }).toBe('dbus');
  });

  it('opens the bus again when dbus-daemon is killed', async () => {
    await track({ retryBusMs: 2000, pollMs: 500 });
    await systemctl('kill', '-s', 'KILL', 'dbus.service');
    await expect.poll(() => tracker.source.units, { timeout: 30_000 }).not.toBe('dbus');
    await expect.poll(() => tracker.source.units, { timeout: 30_000 }).toBe('dbus');
    await expect.poll(differences, { timeout: 10_000, interval: 500 }).toEqual([]);
  });
});

function unitOnBus(escaped: string): string[] {
  return ['org.freedesktop.systemd1', `/org/freedesktop/systemd1/unit/${escaped}`, 'org.freedesktop.systemd1.Unit'];
}
