import { expect, test } from 'vitest';
import type { ChangeDraft, ChangePart, Gate, HostChange } from '#shared/contract/change.ts';
import type { UpdateAgentName } from '#shared/contract/update.ts';
import { wayBackInWords, workInWords } from '#shared/lib/change/work-words.ts';
import { writtenSince } from '#kit/etcd-log.ts';
import { releasePackage } from '#kit/package-source.ts';
import { startPinger } from '#kit/pinger.ts';
import { labReboots, rollOutDraft, rollOutMs, useRollOutLab } from '#kit/rollout-lab.ts';
import { tellAgent } from '#kit/told-agents.ts';

const [coreos, image, debian, fedora] = ['node1', 'node2', 'node3', 'node4'] as const;
const bench = useRollOutLab(['fcos', 'bootc', 'debian', 'fedora'], async (lab) => {
  await releasePackage(lab, debian, '1');
  await lab.exec(debian, ['apt-get', '-qqy', 'install', 'lab-thing']);
});
const { hosts, root, boots, grown, held, plan: planOf, propose, proposed, begin, act, over, hostOf, evidence } = bench;
const agents: Readonly<Record<string, UpdateAgentName>> = {
  [coreos]: 'rpm-ostree',
  [image]: 'bootc',
  [debian]: 'apt',
  [fedora]: 'dnf',
};
const gates: Gate[] = [{ kind: 'system-running' }, { kind: 'health' }, { kind: 'new-in-boot', most: 500 }];
const isWell: Gate = { kind: 'command', command: 'test ! -e /etc/qd-bad', timeoutS: 30 };

/** One roll-out, each host by its own agent. */
function draftOf(names: readonly string[], more: readonly Gate[] = [], failureBudget = 0): ChangeDraft {
  const parts = names.flatMap((name): ChangePart[] => {
    const agent = agents[name];
    return agent
      ? rollOutDraft([name], { kind: 'update', agent, from: null, to: null }, [...gates, ...more]).parts
      : [];
  });
  const base = rollOutDraft(names, { kind: 'reboot' });
  return { ...base, parts, policy: { ...base.policy, failureBudget } };
}

/** What each host runs and has, by its own tools as root, not Quarterdeck's. */
const installed = {
  [coreos]: () => root(coreos, `rpm-ostree status --json | jq -r '.deployments[] | select(.booted).version'`),
  [image]: () => root(image, 'bootc status --json | jq -r .status.booted.image.version'),
  [debian]: () => root(debian, "dpkg-query -W -f '${Version} ${Status}' lab-thing"),
  [fedora]: () => root(fedora, 'cat /var/lib/lab/packages/lab-thing'),
};

/** How often a host's systemd began to install packages for Quarterdeck. */
const upgrades = (host: string) =>
  root(host, "journalctl -q --no-pager -o cat -u quarterdeck-update.service | grep -c '^Started.* upgrade' || true");

/** A package of Debian that asks for a reboot as a kernel does, or one that does not. */
async function release(version: string, asks: boolean): Promise<void> {
  const script = asks ? 'touch /run/reboot-required' : 'exit 0';
  const file = '/var/lib/lab/repository/p/DEBIAN/postinst';
  await root(debian, `printf '#!/bin/sh\\n${script}\\n' >${file}; chmod 755 ${file}`);
  await releasePackage(bench.lab, debian, version, false);
}

/** Has a host look what waits, and resolves once that is seen: a plan asks nobody but the host. */
async function looked(host: string): Promise<void> {
  expect(await tellAgent(bench.view, { kind: 'check' }, host)).toMatchObject({ state: 'done' });
  await bench.view.until('host', host, 'update', ({ pending }) => (pending?.total ?? 0) > 0, 60_000);
}

/** The phases that were written down of a host, each once, in their order. */
async function phases(id: string, host: string): Promise<(string | undefined)[]> {
  const key = `/quarterdeck/v1/changes/${id}/hosts/${host}`;
  const written = (await writtenSince(bench.lab, key, 0)) as { readonly host: HostChange }[];
  const all = written.map(({ host: { state, work } }) =>
    state === 'waiting' || state === 'done' ? state : work?.phase,
  );
  return all.filter((one, at) => one !== all[at - 1]);
}

test(
  'one roll-out over four agents: each host runs what was offered, and boots once where that takes a boot',
  async () => {
    await bench.lab.publish('fcos', 'stable', '42.20250705.3.0', 3);
    await bench.lab.publish('bootc', 'stable', '42.20250708.0', 3);
    await bench.lab.publish('fedora', 'lab-thing', '2', 3);
    await release('2', true);
    for (const name of [debian, fedora]) await looked(name);
    const before = await boots();
    const plan = await proposed(draftOf(hosts));
    expect([plan.leftOut, plan.unchanged, plan.waves]).toEqual([[], [], [[coreos], [image, debian, fedora]]]);
    expect(plan.steps.map(({ work }) => work && workInWords(work))).toEqual([
      'From 41.20250105.3.0 to what is offered then by rpm-ostree, then a reboot',
      'From 42.20250601.0 to what is offered then by bootc, then a reboot',
      'The packages that wait are installed by apt, then a reboot where one of them asks for it',
      'The packages that wait are installed by dnf, then a reboot where one of them asks for it',
    ]);
    const ping = startPinger(bench.lab, hosts);
    await act(plan.id, 'start');
    expect((await over(plan.id, 'committed')).text).toBe('4 of 4 hosts');
    expect(await ping()).toEqual({ most: 1, went: [coreos, image, debian] });
    expect(await grown(before)).toEqual([1, 1, 1, 0]);
    expect(await installed[coreos]()).toBe('42.20250705.3.0');
    expect(await installed[image]()).toBe('42.20250708.0');
    expect(await installed[debian]()).toBe('2 install ok installed');
    expect(await installed[fedora]()).toBe('2');
    const staged = ['checking', 'downloading', 'staged'];
    for (const name of [coreos, image, debian])
      expect([name, await phases(plan.id, name)]).toEqual([
        name,
        [...staged, 'waiting', 'rebooting', 'verifying', 'done'],
      ]);
    expect(await phases(plan.id, fedora)).toEqual([...staged, 'verifying', 'done']);
    const told = await evidence(plan.id, fedora);
    expect(told).toContain('not rebooted: no package that was installed asks for a reboot');
    expect(told).toContain('gate left out: what is new in this boot: it did not boot');
    expect(told.filter((line) => line.startsWith('reboot: '))).toEqual([]);
    expect(await held()).toBe('{"total_slots":1,"holders":[]}');
    const again = await planOf(draftOf([debian, fedora]));
    expect([again.unchanged, again.steps]).toEqual([[debian, fedora], []]);
  },
  rollOutMs,
);

test(
  'a gate that fails after the boot: the deployment before is booted, once, and stays',
  async () => {
    await bench.lab.publish('fcos', 'stable', '43.20250801.3.0', 1);
    await bench.lab.publish('bootc', 'stable', '43.20250808.0', 1);
    const before = await boots();
    for (const name of [coreos, image]) await root(name, 'touch /etc/qd-bad');
    const id = await begin(draftOf([coreos, image], [isWell], 2));
    expect((await over(id, 'committed')).text).toBe('0 of 2 hosts, 2 failed');
    // Each into the new system and back again.
    expect(await grown(before)).toEqual([2, 2, 0, 0]);
    const was = { [coreos]: '42.20250705.3.0', [image]: '42.20250708.0' };
    for (const name of [coreos, image] as const) {
      expect(hostOf(id, name)).toMatchObject({
        state: 'restored',
        text: `command test ! -e /etc/qd-bad: exit 1; it boots ${was[name]} again`,
        work: { rolledBack: true, holdsLock: false },
      });
      const told = await evidence(id, name);
      expect(told.filter((line) => line.startsWith('reboot: '))).toHaveLength(2);
      expect(told.filter((line) => line.startsWith('prepared: '))).toHaveLength(1);
      expect(await installed[name]()).toBe(was[name]);
    }
    // Tried again nothing is done to them: what failed is held.
    await act(id, 'retry-failed');
    await bench.view.until('change', id, 'hosts', (all) => all.every(({ state }) => state === 'invalid'), 120_000);
    expect(hostOf(id, coreos)?.text).toBe('43.20250801.3.0 is held back on this host');
    expect(hostOf(id, image)?.text).toBe('43.20250808.0 is held back on this host');
    for (const name of [coreos, image] as const) {
      await bench.lab.reboot(name);
      expect(await installed[name]()).toBe(was[name]);
    }
    expect(await grown(before)).toEqual([3, 3, 0, 0]);
    // The connections are made again after those boots.
    const leftOut = async () => (await planOf(draftOf([coreos, image]))).leftOut.map(({ reason }) => reason.message);
    await expect
      .poll(leftOut, { timeout: 60_000 })
      .toEqual(['43.20250801.3.0 is held back on this host', '43.20250808.0 is held back on this host']);
  },
  rollOutMs,
);

test(
  'packages have no way back: the plan, the host and the undo say so, and nothing is told to it a second time',
  async () => {
    await release('3', false);
    await bench.lab.publish('fedora', 'lab-thing', '3', 1);
    // Something waits for a reboot already: what waits to be installed is installed before that.
    await root(fedora, 'touch /run/lab-needs-restart');
    for (const name of [debian, fedora]) {
      await looked(name);
      await root(name, 'touch /etc/qd-bad');
    }
    const before = await boots();
    const upgraded = [Number(await upgrades(debian)), Number(await upgrades(fedora))];
    const plan = await planOf(draftOf([debian, fedora], [isWell], 2));
    const works = plan.steps.flatMap(({ work }) => work ?? []);
    expect(wayBackInWords(labReboots, works)).toBe('packages that were installed have no way back');
    await propose(plan);
    await act(plan.id, 'start');
    await over(plan.id, 'committed');
    expect([await installed[debian](), await installed[fedora]()]).toEqual(['3 install ok installed', '3']);
    expect(await grown(before)).toEqual([0, 0, 0, 1]);
    for (const name of [debian, fedora]) {
      expect(hostOf(plan.id, name)).toMatchObject({
        state: 'not-restored',
        text: `command test ! -e /etc/qd-bad: exit 1; ${agents[name]} keeps no system from before: its packages stay as they are`,
        work: { rolledBack: false, holdsLock: false },
      });
      expect((await evidence(plan.id, name)).join('\n')).toContain('installs: lab-thing');
    }
    expect(await root(debian, 'apt-mark showhold')).toBe('');

    await root(debian, 'rm /etc/qd-bad');
    await root(fedora, 'rm /etc/qd-bad');
    await act(plan.id, 'retry-failed');
    await bench.view.until('change', plan.id, 'hosts', (all) => all.every(({ state }) => state === 'done'), 120_000);
    expect(await grown(before)).toEqual([0, 0, 0, 1]);
    await over(plan.id, 'committed');
    expect([Number(await upgrades(debian)), Number(await upgrades(fedora))]).toEqual(
      upgraded.map((times) => times + 1),
    );
    const undo = await bench.view.link.call('change.plan-undo', { id: plan.id, password: null });
    expect([undo.steps, undo.leftOut.map(({ reason }) => reason.message)]).toEqual([
      [],
      [debian, fedora].map(
        (name) => `${agents[name]} keeps no system from before: packages that were installed have no way back`,
      ),
    ]);
  },
  rollOutMs,
);

test(
  'rolled back by a person: the image goes back, the packages stay and the change says that it is not rolled back',
  async () => {
    for (const name of [coreos, image]) await root(name, 'rm -f /etc/qd-bad');
    await tellAgent(bench.view, { kind: 'lift-hold', version: '43.20250808.0' }, image);
    await release('4', false);
    await looked(debian);
    const before = await boots();
    const draft = draftOf([image, debian]);
    const id = await begin({ ...draft, policy: { ...draft.policy, soakS: 600 } });
    await bench.view.until(
      'change',
      id,
      'hosts',
      (all) => all.some(({ host, state }) => host === image && state === 'done'),
      120_000,
    );
    expect(await installed[image]()).toBe('43.20250808.0');
    await act(id, 'stop');
    await over(id, 'stopped');
    await act(id, 'roll-back');
    await over(id, 'rolled-back');
    expect(hostOf(id, image)).toMatchObject({ state: 'undone' });
    expect(hostOf(id, debian)).toMatchObject({ state: 'waiting' });
    expect([await installed[image](), await installed[debian]()]).toEqual(['42.20250708.0', '3 install ok installed']);
    expect(await grown(before)).toEqual([0, 2, 0, 0]);

    const packages = await begin(draftOf([debian], [{ kind: 'command', command: 'exit 1', timeoutS: 5 }]));
    await over(packages, 'paused');
    expect(await installed[debian]()).toBe('4 install ok installed');
    await act(packages, 'roll-back');
    await over(packages, 'not-rolled-back');
    expect(hostOf(packages, debian)).toMatchObject({
      state: 'not-restored',
      text: 'NOT put back: apt keeps no system from before, its packages stay as they are',
    });
    expect(await grown(before)).toEqual([0, 2, 0, 0]);
  },
  rollOutMs,
);
