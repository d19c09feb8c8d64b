import { describe, expect, it } from 'vitest';
import { HandClock } from '../world/clock.ts';
import { openWorld } from '../world/world.ts';

const start = Date.UTC(2026, 10, 23, 9, 0, 0);
const died = { how: 'exited', status: 3 } as const;

function open(name = 'web-a1') {
  const clock = new HandClock(start);
  const host = openWorld({ hosts: 24, seed: 1, clock }).hosts.find(({ spec }) => spec.name === name);
  if (!host) throw new Error(`no host ${name}`);
  const seen: string[] = [];
  host.systemd.listen((event) => {
    if (event.kind === 'reloading') seen.push(`reloading ${event.active}`);
    else if (event.kind === 'changed') {
      const unit = host.systemd.get(event.unit);
      seen.push(`${event.unit} ${unit?.active} ${unit?.sub} ${unit?.job?.type ?? '-'}`);
    } else seen.push(`${event.kind} ${event.unit}${event.kind === 'job-removed' ? ` ${event.result}` : ''}`);
  });
  return { clock, host, systemd: host.systemd, seen };
}

describe('a simulated systemd', () => {
  it('lists as many units as a real host has, each once', () => {
    const names = open()
      .systemd.list()
      .map(({ name }) => name);
    expect(names.length).toBeGreaterThan(100);
    expect(new Set(names).size).toBe(names.length);
  });

  it('restarts in the steps and with the signals of a real one', async () => {
    const { clock, systemd, seen } = open();
    const before = systemd.get('nginx.service');
    const result = systemd.run('nginx.service', 'restart');
    clock.advance(5000);
    expect(await result).toBe('done');
    expect(seen).toEqual([
      'job-new nginx.service',
      'nginx.service deactivating stop-sigterm restart',
      'nginx.service inactive dead restart',
      'nginx.service activating start restart',
      'nginx.service active running restart',
      'nginx.service active running -',
      'job-removed nginx.service done',
    ]);
    const after = systemd.get('nginx.service');
    expect(after?.pid).not.toBe(before?.pid);
    expect(after?.sinceMs).toBeGreaterThan(start);
  });

  it('answers at once what needs no work, and refuses what cannot be', async () => {
    const { systemd } = open();
    expect(await systemd.run('nginx.service', 'start')).toBe('done');
    expect(await systemd.run('nosuch.service', 'start')).toBe('failed');
    expect(await open('db-a1').systemd.run('systemd-timesyncd.service', 'start')).toBe('failed');
  });

  it('has a service that dies again after its start', async () => {
    const { clock, systemd } = open();
    systemd.setIllness('nginx.service', { afterMs: 3000, end: died, restartMs: null });
    const result = systemd.run('nginx.service', 'restart');
    clock.advance(2000);
    expect(await result).toBe('done');
    expect(systemd.get('nginx.service')?.active).toBe('active');
    clock.advance(3500);
    expect(systemd.get('nginx.service')).toMatchObject({
      active: 'failed',
      sub: 'failed',
      pid: 0,
      result: 'exit-code',
      end: died,
    });
    expect(systemd.failed().map(({ name }) => name)).toEqual(['nginx.service']);
    systemd.resetFailed('nginx.service');
    expect(systemd.get('nginx.service')).toMatchObject({ active: 'inactive', sub: 'dead' });
  });

  it('starts a service again that was killed, and counts it', () => {
    const { clock, systemd, host } = open();
    systemd.crash('storefront.service', { afterMs: 0, end: { how: 'killed', status: 9 }, restartMs: 5000 });
    expect(systemd.get('storefront.service')).toMatchObject({
      active: 'activating',
      sub: 'auto-restart',
      result: 'signal',
    });
    clock.advance(7000);
    expect(systemd.get('storefront.service')).toMatchObject({ active: 'active', sub: 'running', restarts: 1 });
    const lines = host.journal.entries({
      units: ['storefront.service'],
      identifier: 'systemd',
      priority: 7,
      fromUs: 0,
      untilUs: Number.POSITIVE_INFINITY,
      last: 20,
      fits: null,
    });
    expect(lines.map(({ message }) => message)).toContain(
      'storefront.service: Main process exited, code=killed, status=9/KILL',
    );
  });

  it('tells a start that fails at once as a failed job', async () => {
    const { clock, systemd } = open('worker-a1');
    systemd.setIllness('report-worker.service', { afterMs: 0, end: died, restartMs: null });
    const result = systemd.run('report-worker.service', 'restart');
    clock.advance(5000);
    expect(await result).toBe('failed');
    expect(systemd.get('report-worker.service')?.active).toBe('failed');
  });

  it('runs what a timer elapses for, and reloads when a file was enabled', () => {
    const { clock, systemd, seen } = open();
    systemd.elapse('asset-sync.timer', 800);
    clock.advance(1000);
    expect(seen).toEqual([
      'asset-sync.timer active running -',
      'asset-sync.service activating start -',
      'asset-sync.service inactive dead -',
      'asset-sync.timer active waiting -',
    ]);
    seen.length = 0;
    expect(systemd.setFile('nginx.service', 'disabled')).toBe(true);
    expect(systemd.setFile('system.slice', 'disabled')).toBe(false);
    clock.advance(1000);
    expect(seen).toEqual(['nginx.service active running -', 'reloading true', 'reloading false']);
  });

  it('comes up from a reboot as its files say', () => {
    const { clock, host, systemd } = open();
    const { id } = host.boot;
    systemd.setFile('nginx.service', 'disabled');
    systemd.crash('storefront.service', { afterMs: 0, end: died, restartMs: null });
    host.markers.set('/run/reboot-required', '');
    host.reboot(20_000);
    expect(host.network).toBe('off');
    clock.advance(21_000);
    expect(host.network).toBe('up');
    expect(host.boot.id).not.toBe(id);
    expect(host.boots.length).toBeGreaterThanOrEqual(2);
    expect(host.markers.size).toBe(0);
    expect(host.figures().uptimeCs).toBeLessThan(200);
    expect(systemd.get('storefront.service')?.active).toBe('active');
    expect(systemd.get('nginx.service')).toMatchObject({ active: 'inactive', file: 'disabled', pid: 0 });
  });
});
