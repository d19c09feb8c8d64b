import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { defaultReboots, type RebootPolicy } from '#shared/contract/reboot.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { releasePackage } from '#kit/package-source.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { planAct, tellAgent } from '#kit/told-agents.ts';
import { makePolicy } from '#kit/update-hosts.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const hosts = ['node1', 'node2'];
const longestMs = 900_000;
let lab: Lab;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian', 'debian'], etcd: 'none' });
  for (const name of hosts) {
    await sh(name, 'touch /home/core/.sudo_as_admin_successful');
    await releasePackage(lab, name, '1');
    await sh(name, 'apt-get -qqy install lab-thing');
  }
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts, focus: null, hidden: false });
  for (const name of hosts) {
    await view.until('host', name, 'facts', ({ elevation }) => elevation === 'sudo', longestMs);
    await becomes(name, ({ pending }) => pending !== null);
  }
}, longestMs);
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
}, longestMs);
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const sh = async (host: string, script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout.trim();
const installed = (host: string) => sh(host, 'dpkg-query -W -f "\\${Version}" lab-thing');
const becomes = (host: string, fits: (update: HostUpdate) => boolean) =>
  view.until('host', host, 'update', fits, longestMs);
const reboot: RebootPolicy = {
  ...defaultReboots,
  lock: 'none',
  peopleWaitS: 0,
  updateTimeoutS: 600,
  bootTimeoutS: 600,
};
const groups = () => view.replica.section('cluster', '', 'updateGroups')?.groups ?? [];
const save = (policy: UpdatePolicy) => {
  const base = groups().find((one) => one.policy.group === policy.group)?.revision ?? null;
  return view.link.call('updates.groups.save', { groups: [{ policy, base }] });
};
const changes = () => [...view.replica.store.getState().records.change.keys()];
const automatic = (fits: (text: string) => boolean) =>
  view.until(
    'cluster',
    '',
    'updateGroups',
    ({ groups }) => fits(groups.find(({ policy }) => policy.group === 'plain')?.automatic ?? ''),
    longestMs,
  );

test(
  'a release upgrade that was prepared for the next boot is told, and can be forgotten',
  async () => {
    await sh('node1', 'mkdir -p /var/lib/dnf/system-upgrade && ln -s /var/lib/dnf/system-upgrade /system-update');
    await tellAgent(view, { kind: 'check' }, 'node1');
    const update = await becomes('node1', ({ offline, phase }) => offline !== undefined && phase === 'staged');
    expect(update).toMatchObject({
      phase: 'staged',
      rebootNeeded: true,
      offline: { by: 'dnf', link: '/system-update', to: '/var/lib/dnf/system-upgrade' },
    });
    const options = { now: true, windows: null, atOnce: 1 };
    const reboot = await view.link.call('hosts.plan-reboot', { hosts: ['node1'], options });
    expect(reboot.steps[0]?.does).toEqual([update.phaseText]);
    const plan = await planAct(view, { kind: 'reset' }, 'node1', 'node2');
    expect(plan.steps.map(({ host, commands }) => [host, commands])).toEqual([
      ['node1', ['sudo rm -f /system-update']],
    ]);
    expect(plan.leftOut.map(({ host }) => host)).toEqual(['node2']);
    expect((await tellAgent(view, { kind: 'reset' }, 'node1')).state).toBe('done');
    await becomes('node1', ({ phase, rebootNeeded }) => phase === 'idle' && !rebootNeeded);
    expect(await sh('node1', 'ls /system-update 2>/dev/null || echo gone')).toBe('gone');
  },
  longestMs,
);

test(
  'packages that ask for a reboot are named',
  async () => {
    await sh('node2', 'touch /run/reboot-required; printf "libc6\\nlinux-image-amd64\\n" >/run/reboot-required.pkgs');
    await tellAgent(view, { kind: 'check' }, 'node2');
    const update = await becomes('node2', ({ phase }) => phase === 'staged');
    expect(update.rebootBecause).toEqual(['libc6', 'linux-image-amd64']);
    expect(update.phaseText).toContain('(libc6; linux-image-amd64)');
    await sh('node2', 'rm /run/reboot-required*');
    await tellAgent(view, { kind: 'check' }, 'node2');
    await becomes('node2', ({ phase }) => phase === 'idle');
  },
  longestMs,
);

test(
  'an automatic group installs what waits once, host after host, and again when something else waits',
  async () => {
    const policy = makePolicy({
      group: 'plain',
      selector: 'label:os=debian',
      target: { kind: 'offered' },
      automatic: true,
      gates: [],
      reboot,
    });
    await save(policy);
    await automatic((text) => text === 'No host is behind.');
    expect(changes()).toEqual([]);
    for (const version of ['2', '3']) {
      const known = new Set(changes());
      for (const host of hosts) await releasePackage(lab, host, version);
      for (const host of hosts) await tellAgent(view, { kind: 'check' }, host).catch(() => {});
      const begun = () => changes().filter((id) => !known.has(id));
      await expect
        .poll(async () => (await Promise.all(hosts.map(installed))).join(' '), { timeout: longestMs, interval: 3000 })
        .toBe(`${version} ${version}`);
      for (const id of begun())
        await view.until('change', id, 'progress', ({ state }) => state === 'committed', longestMs);
      await automatic((text) => text === 'No host is behind.');
      // Both at once, or one after the other where one told of it before the other.
      const taken = begun().flatMap((id) => (view.record('change', id)?.hosts ?? []).map(({ host }) => host));
      expect(taken.toSorted()).toEqual(hosts);
      expect(view.record('change', begun()[0] ?? '')?.about?.title).toBe('Update plain to what is offered (automatic)');
    }
  },
  longestMs,
);

test(
  'packages are not installed while the window is shut',
  async () => {
    const known = new Set(changes());
    const windows = [
      { days: [(new Date().getUTCDay() + 2) % 7], from: 0, lengthMs: 3_600_000, measure: 'elapsed' as const },
    ];
    await save(
      makePolicy({
        group: 'plain',
        selector: 'label:os=debian',
        target: { kind: 'offered' },
        automatic: true,
        reboot: { ...reboot, windows: { timeZone: 'UTC', windows } },
      }),
    );
    const before = await installed('node1');
    await releasePackage(lab, 'node1', '4');
    await tellAgent(view, { kind: 'check' }, 'node1');
    const begun = () => changes().filter((id) => !known.has(id));
    await expect.poll(() => begun().length, { timeout: longestMs }).toBe(1);
    const told = await view.until(
      'change',
      begun()[0] ?? '',
      'hosts',
      (all) => all.some(({ work }) => work?.waitsFor === 'window'),
      longestMs,
    );
    expect(told.map(({ host, work }) => [host, work?.phase])).toEqual([['node1', 'waiting']]);
    expect(await installed('node1')).toBe(before);
    await view.link.call('change.act', { id: begun()[0] ?? '', verb: 'stop', host: null, password: null });
  },
  longestMs,
);
