import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalItem } from '#shared/contract/streams.ts';
import { Scope } from '#core/lib/scope.ts';
import { type RunningFleet, runFleet } from '#demo/fleet/run-fleet.ts';
import type { HostRestarts } from '#shared/contract/restart.ts';
import { spreadTroubles } from '#demo/world/troubles.ts';
import type { SimulatedHost } from '#demo/world/simulated-host.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

let dir: string;
let scope: Scope;
let fleet: RunningFleet;
let core: TestCore;
let view: TestView;

const host = (name: string): SimulatedHost => {
  const found = fleet.world.hosts.find(({ spec }) => spec.name === name);
  if (!found) throw new Error(`there is no host ${name}`);
  return found;
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qd-demo-'));
  scope = new Scope('demo test');
  // In this thread and without stories, so that the test decides what happens when.
  fleet = await runFleet({ hosts: 24, dir, seed: 1, preferRealEtcd: false, stories: false, scope });
  spreadTroubles(fleet.world);
  core = await startTestCore({ startDemo: async () => ({ clusterFile: fleet.clusterFile, end: () => scope.end() }) });
  view = core.view(await core.core.startDemo(24));
  const names = fleet.world.hosts.map(({ spec }) => spec.name);
  view.link.look({ hosts: names, focus: null, hidden: false });
  for (const name of names) await view.until('host', name, 'link', ({ units }) => units === 'dbus', 60_000);
});

afterAll(async () => {
  await core?.end();
  await scope?.end();
  await rm(dir, { recursive: true, force: true });
  expect(core.log.surprises).toEqual([]);
});

describe('the core with a demo fleet', () => {
  it('has every host up, with everything it reads of real ones', async () => {
    for (const { spec, systemd } of fleet.world.hosts) {
      const link = await view.until('host', spec.name, 'link', ({ state }) => state === 'up');
      expect(link).toMatchObject({ sampler: 'awk', units: 'dbus', unitsReason: '', problem: null });
      const facts = await view.until('host', spec.name, 'facts', () => true);
      expect(facts).toMatchObject({ family: spec.release.family, channel: spec.release.channel, hostname: spec.name });
      expect(facts).toMatchObject({
        kernel: spec.release.kernel,
        cpus: spec.cpus,
        elevation: 'sudo',
        addresses: [spec.address],
      });
      expect(facts.boots.length).toBeGreaterThan(1);
      const trend = await view.until('host', spec.name, 'trend', () => true);
      expect(trend.disk).toHaveLength(trend.cpu.length);
      const load = await view.until('host', spec.name, 'load', ({ intervalMs }) => intervalMs > 0);
      expect(load.memoryTotalBytes).toBe(spec.memoryKib * 1024);
      const units = await view.until('host', spec.name, 'units', () => true);
      expect(units.total).toBe(systemd.list().length);
      const disks = await view.until('host', spec.name, 'disks', () => true);
      expect(disks.mounts.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('names the troubles that the hosts have', async () => {
    const reasons = new Map<string, string>();
    for (const { spec, systemd, filled, markers, clockOffsetMs } of fleet.world.hosts) {
      const expected = [
        ...(systemd.failed().length > 0 ? ['unit-failed'] : []),
        ...(filled.size > 0 ? ['disk'] : []),
        ...(markers.size > 0 ? ['reboot-needed'] : []),
        ...(clockOffsetMs !== 0 ? ['clock'] : []),
      ];
      for (const code of expected) {
        await view.until(
          'host',
          spec.name,
          'health',
          (health) => health.reasons.some((reason) => reason.code === code),
          40_000,
        );
        reasons.set(code, spec.name);
      }
    }
    expect([...reasons.keys()].sort()).toEqual(['clock', 'disk', 'reboot-needed', 'unit-failed']);
  });

  it('shows what runs a library that was replaced, until it is restarted', async () => {
    const old = fleet.world.hosts.filter(({ packages }) => packages.replacedMs !== null).map(({ spec }) => spec.name);
    expect(old.length).toBeGreaterThan(1);
    const [host = ''] = old;
    const runs = (unit: string) => (restarts: HostRestarts) => restarts.units.some((one) => one.unit === unit);
    const { units, sees } = await view.until('host', host, 'restarts', runs('ssh.service'), 90_000);
    expect(sees).toBe('all');
    expect(units.find(({ unit }) => unit === 'ssh.service')).toMatchObject({ packages: ['libssl3t64'], processes: 1 });
    const plan = await view.link.call('unit.plan', { hosts: [host], unit: 'ssh.service', verb: 'restart' });
    await view.link.call('unit.act', { plan, password: null });
    await view.until('host', host, 'restarts', (restarts) => !runs('ssh.service')(restarts), 90_000);
  }, 200_000);

  it('maps the etcd members to the hosts they are named after', async () => {
    const etcd = await view.until('cluster', '', 'etcd', ({ state }) => state === 'healthy', 20_000);
    expect(new Set(etcd.members.map(({ host }) => host))).toEqual(new Set(['etcd-a1', 'etcd-b1', 'etcd-c1']));
  });

  it('asks all of them and folds the answers', async () => {
    const hosts = fleet.world.hosts.map(({ spec }) => spec.name);
    const run = await view.link.call('ask.start', {
      hosts,
      command: 'uname -r',
      timeoutS: 20,
      elevate: false,
      password: null,
    });
    const id = Object.values(run)[0] as string;
    const progress = await view.until('ask', id, 'progress', ({ state }) => state === 'done');
    expect(progress.answered).toBe(24);
    expect(progress.groups.length).toBe(new Set(fleet.world.hosts.map(({ spec }) => spec.release.kernel)).size);
    const [asked] = fleet.world.hosts;
    const notes = asked?.journal.entries({
      units: [],
      identifier: 'quarterdeck',
      priority: 7,
      fromUs: 0,
      untilUs: Number.POSITIVE_INFINITY,
      last: 5,
      fits: null,
    });
    expect(notes?.at(-1)?.message).toContain('asked: uname -r');
  });

  it('ends a command on the host when the question is called off', async () => {
    const run = await view.link.call('ask.start', {
      hosts: ['web-a1'],
      command: 'sleep 777',
      timeoutS: 60,
      elevate: false,
      password: null,
    });
    const id = Object.values(run)[0] as string;
    const sleeps = () =>
      host('web-a1')
        .processes.list()
        .filter(({ shown }) => shown.includes('sleep 777')).length;
    await expect.poll(sleeps, { timeout: 5000 }).toBeGreaterThan(0);
    await view.link.call('ask.cancel', { run: id });
    await expect.poll(sleeps, { timeout: 8000 }).toBe(0);
  });

  it('restarts a unit, and sees one that dies again', async () => {
    const act = async (name: string, unit: string) => {
      const plan = await view.link.call('unit.plan', { hosts: [name], unit, verb: 'restart' });
      const answer = await view.link.call('unit.act', { plan, password: null });
      const id = Object.values(answer)[0] as string;
      const progress = await view.until('action', id, 'progress', ({ done }) => done, 30_000);
      return progress.outcomes[0]?.state;
    };
    const troubled = fleet.world.hosts.find(({ systemd }) => systemd.get('mail-worker.service')?.active === 'failed');
    const [well, ill] = await Promise.all([
      act('web-a1', 'nginx.service'),
      act(troubled?.spec.name ?? '', 'mail-worker.service'),
    ]);
    expect(well).toBe('done');
    expect(ill).toBe('then-failed');
  });

  it('plans a unit that only some hosts have: the others are left out, each with its reason', async () => {
    const roles = Map.groupBy(fleet.world.hosts, ({ systemd }) => systemd.get('nginx.service') !== null);
    const having =
      roles
        .get(true)
        ?.map(({ spec }) => spec.name)
        .slice(0, 3) ?? [];
    const lacking =
      roles
        .get(false)
        ?.map(({ spec }) => spec.name)
        .slice(0, 2) ?? [];
    const hosts = [...lacking, ...having];
    const plan = await view.link.call('unit.plan', { hosts, unit: 'nginx.service', verb: 'reset-failed' });
    expect(plan.steps.map(({ host }) => host)).toEqual(having);
    expect(plan.leftOut.map(({ host, reason }) => [host, reason.code])).toEqual(
      lacking.map((host) => [host, 'not-found']),
    );
  });

  it('tells that a journal is open before anything is written to it', async () => {
    const items: JournalItem[] = [];
    const unit = 'emergency.service';
    const stop = view.link.follow(
      { kind: 'journal', host: 'web-a1', unit },
      { onStart: () => {}, onItem: (item) => items.push(item), onEnd: () => {} },
    );
    await expect.poll(() => items, { timeout: 5_000 }).toEqual([{ lines: [], dropped: 0 }]);
    stop();
  });

  it('reads everything about a unit', async () => {
    const detail = await view.link.call('host.unit', { host: 'web-a1', unit: 'storefront.service' });
    expect(detail).toMatchObject({
      unit: { active: 'active', sub: 'running' },
      unitFileState: 'enabled',
      journalReason: '',
    });
    expect(detail.files.map(({ path }) => path)).toEqual([
      '/etc/systemd/system/storefront.service',
      '/etc/systemd/system/storefront.service.d/20-limits.conf',
    ]);
    expect(detail.files[0]?.text).toContain('ExecStart=/opt/storefront/bin/server');
    expect(detail.mainProcess).toBe('/opt/storefront/bin/server --port 8080');
    expect(detail.journal.length).toBe(50);
    expect(detail.activeSince).toBeGreaterThan(0);
  });

  it('finds a unit over the fleet by a part of its name, with how it is and where', async () => {
    const having = (unit: string) => fleet.world.hosts.filter(({ systemd }) => systemd.get(unit) !== null);
    const nginx = having('nginx.service').map(({ spec }) => spec.name);
    const { units } = await view.link.call('unit.find', { text: 'NGIN', most: 3 });
    expect(units[0]).toMatchObject({ name: 'nginx.service', hosts: nginx.length, failed: 0 });
    expect(units.length).toBeLessThanOrEqual(3);
    const { hosts } = await view.link.call('unit.hosts', { unit: 'nginx.service' });
    expect(hosts.map(({ host }) => host).toSorted()).toEqual(nginx.toSorted());

    const mail = having('mail-worker.service');
    const failed = mail.filter(({ systemd }) => systemd.get('mail-worker.service')?.active === 'failed');
    await expect
      .poll(async () => (await view.link.call('unit.find', { text: 'mail-worker', most: 1 })).units[0])
      .toMatchObject({ hosts: mail.length, failed: failed.length });
    expect(await view.link.call('unit.find', { text: 'no such unit', most: 3 })).toEqual({ units: [] });
  });

  it('sees a host vanish from the network and come back, and another reboot', async () => {
    const before = (await view.until('host', 'web-c1', 'facts', () => true)).bootId;
    host('web-b1').setNetwork('cut');
    host('web-c1').reboot(4000);
    const silent = await view.until('host', 'web-b1', 'link', ({ state }) => state !== 'up', 5000);
    expect(silent.reason).not.toBe('');
    await view.until(
      'host',
      'web-b1',
      'link',
      ({ state }) => state === 'lost' || state === 'backing-off' || state === 'connecting',
      15_000,
    );
    host('web-b1').setNetwork('up');
    await view.until('host', 'web-b1', 'link', ({ state }) => state === 'up', 45_000);
    await view.until(
      'host',
      'web-c1',
      'link',
      ({ state, missed }) => state === 'up' && /reboot/.test(missed ?? ''),
      45_000,
    );
    const after = await view.until('host', 'web-c1', 'facts', ({ bootId }) => bootId !== before, 10_000);
    expect(after.bootId).toBe(host('web-c1').boot.id);
  });
});
