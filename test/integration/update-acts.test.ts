import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostUpdate } from '#shared/contract/update.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { releasePackage } from '#kit/package-source.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { bootAnew, planAct, tellAgent, whyNot } from '#kit/told-agents.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
let lab: Lab;
let core: TestCore;
let view: TestView;
let observing: TestView;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['flatcar', 'fcos', 'bootc', 'debian', 'fedora'], etcd: 'none' });
  for (const { name } of lab.env.hosts) await lab.exec(name, ['touch', '/home/core/.sudo_as_admin_successful']);
  await releasePackage(lab, 'node4', '1');
  await lab.exec('node4', ['apt-get', '-qqy', 'install', 'lab-thing']);
  const watched = labCluster(lab, { mode: 'observe' });
  core = await startTestCore({ clusters: { lab: labCluster(lab), watched } });
  view = core.view('lab');
  observing = core.view('watched');
  const all = { hosts: lab.env.hosts.map(({ name }) => name), focus: null, hidden: false };
  for (const each of [view, observing]) each.link.look(all);
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const becomes = (host: string, fits: (update: HostUpdate) => boolean, ms = 60_000) =>
  view.until('host', host, 'update', fits, ms);
const shown = async (host: string, ...argv: string[]) => (await lab.exec(host, argv)).stdout.trim();
const said = ({ holds }: HostUpdate) => holds?.map(({ version }) => version) ?? [];
/** What is left of quarterdeck on a host once nothing is held any more. */
const litter = (host: string) =>
  shown(
    host,
    'sh',
    '-c',
    'find /etc /run /var/lib/quarterdeck -xdev -name "*quarterdeck*" -not -path "*/journal*" 2>/dev/null | grep -v "^/var/lib/quarterdeck$"; find /var/lib/quarterdeck -type f 2>/dev/null; true',
  );

interface System {
  readonly agent: HostUpdate['agent'];
  readonly host: string;
  readonly before: string;
  readonly after: string;
  readonly offer: (version: string) => Promise<void>;
  /** What its check says where it tells of what is offered; null where the section tells. */
  readonly checked: RegExp | null;
  /** The tool that tells of its places to boot from. */
  readonly tool: string;
  readonly switchedOff: readonly [argv: readonly string[], text: string];
  readonly switchedOn: string;
}

const systems: readonly System[] = [
  {
    agent: 'update-engine',
    host: 'node1',
    before: '4152.2.1',
    after: '4230.2.1',
    offer: (version) => lab.publish('flatcar', 'stable', version, 2),
    checked: null,
    tool: '/usr/bin/cgpt',
    switchedOff: [['cat', '/etc/flatcar/update.conf'], 'GROUP=stable\nREBOOT_STRATEGY=off\nSERVER=disabled'],
    switchedOn: 'GROUP=stable\nREBOOT_STRATEGY=off',
  },
  {
    agent: 'rpm-ostree',
    host: 'node2',
    before: '41.20250105.3.0',
    after: '42.20250705.3.0',
    offer: (version) => lab.publish('fcos', 'stable', version, 1),
    checked: /42\.20250705\.3\.0/,
    tool: '/usr/bin/rpm-ostree',
    switchedOff: [
      ['sh', '-c', 'cat /etc/zincati/config.d/95-quarterdeck-hold.toml || true'],
      '# quarterdeck: a release is held\n[updates]\nenabled = false',
    ],
    switchedOn: '',
  },
  {
    agent: 'bootc',
    host: 'node3',
    before: '42.20250601.0',
    after: '42.20250708.0',
    offer: (version) => lab.publish('bootc', 'stable', version, 1),
    checked: /42\.20250708\.0/,
    tool: '/usr/bin/bootc',
    switchedOff: [['sh', '-c', 'systemctl is-enabled bootc-fetch-apply-updates.timer || true'], 'masked'],
    switchedOn: 'enabled',
  },
];

describe.each(systems)('$agent', ({ agent, host, before, after, offer, checked, tool, switchedOff, switchedOn }) => {
  test('is told to check, then to stage what is offered', async () => {
    await becomes(host, ({ phase, running }) => phase === 'idle' && running === before);
    await offer(after);
    // A check of update_engine downloads at once.
    const outcome = checked === null ? null : await tellAgent(view, { kind: 'check' }, host);
    expect(outcome?.state ?? 'done').toBe('done');
    expect(outcome?.text ?? '').toMatch(checked ?? /^$/);
    expect(await tellAgent(view, { kind: 'download' }, host)).toMatchObject({ state: 'done' });
    const staged = await becomes(host, ({ phase }) => phase === 'staged');
    expect(staged).toMatchObject({ agent, offered: after, running: before, rebootNeeded: true });
    expect(await whyNot(view, { kind: 'download' }, host)).toMatch(/already/);
  });

  test('goes back to the system before, which holds the bad one; its release is not taken while held', async () => {
    await bootAnew(view, lab, host);
    await becomes(host, ({ running, slots }) => running === after && slots.some(({ booted }) => !booted));
    expect(await tellAgent(view, { kind: 'roll-back' }, host)).toMatchObject({ state: 'done' });
    await becomes(host, ({ slots }) =>
      slots.some(({ next, booted, version }) => next && !booted && version === before),
    );
    await bootAnew(view, lab, host);
    const back = await becomes(host, (update) => update.running === before && said(update).includes(after), 90_000);
    expect(back.holds).toMatchObject([{ version: after, by: expect.stringMatching(/\w/) }]);
    expect(back.heldBy[0]).toMatchObject({ by: 'person', text: expect.stringContaining(after) });
    expect(await shown(host, ...switchedOff[0])).toBe(switchedOff[1]);
    expect(await whyNot(view, { kind: 'download' }, host)).toMatch(/switched off|held back/);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(view.record('host', host)?.update).toMatchObject({ running: before, rebootNeeded: false });
    // It survives another boot: nothing came by itself.
    await bootAnew(view, lab, host);
    await becomes(host, (update) => update.running === before && !update.rebootNeeded && said(update).includes(after));
  }, 240_000);

  test('a second hold joins, and the last that is lifted puts everything back as it was', async () => {
    expect(await tellAgent(view, { kind: 'hold', version: '9999.1.0' }, host)).toMatchObject({ state: 'done' });
    await becomes(host, (update) => said(update).length === 2);
    expect(await whyNot(view, { kind: 'hold', version: after }, host)).toMatch(/already/);
    expect(await tellAgent(view, { kind: 'lift-hold', version: after }, host)).toMatchObject({ state: 'done' });
    await becomes(host, (update) => said(update).join() === '9999.1.0');
    expect(await shown(host, ...switchedOff[0])).toBe(switchedOff[1]);
    expect(await tellAgent(view, { kind: 'lift-hold', version: '9999.1.0' }, host)).toMatchObject({ state: 'done' });
    await becomes(host, (update) => said(update).length === 0);
    expect(await shown(host, ...switchedOff[0])).toBe(switchedOn);
    expect(await litter(host)).toBe('');
    expect(await whyNot(view, { kind: 'lift-hold', version: after }, host)).toMatch(/not held/);
  });

  test('is stopped and resumed, each said', async () => {
    expect(await tellAgent(view, { kind: 'stop' }, host)).toMatchObject({ state: 'done' });
    await becomes(host, ({ agentState }) => agentState === 'masked');
    expect(await tellAgent(view, { kind: 'resume' }, host)).toMatchObject({ state: 'done' });
    await becomes(host, ({ agentState }) => agentState === 'running');
    expect(await whyNot(view, { kind: 'resume' }, host)).toMatch(/running|runs already/);
  });

  test('tells nobody on a cluster that is only observed, and a plan that is out of date is refused', async () => {
    await observing.until('host', host, 'update', () => true);
    expect(await whyNot(observing, { kind: 'check' }, host)).toMatch(/observe mode/);
    const plan = await planAct(view, { kind: 'hold', version: '1.2.3' }, host);
    await expect(observing.link.call('updates.act', { plan, password: null })).rejects.toMatchObject({
      problem: { code: 'refused' },
    });
    const [step] = plan.steps;
    await expect(
      view.link.call('updates.act', { plan: { ...plan, fingerprint: 'of another day' }, password: null }),
    ).rejects.toMatchObject({ problem: { code: 'stale' } });
    expect(step).toMatchObject({ agent, elevation: 'sudo' });
    expect(await litter(host)).toBe('');
  });

  test('what its tools do not say is no ground to go back on', async () => {
    await lab.exec(host, [
      'sh',
      '-c',
      'printf "#!/bin/sh\\nhead -c 300000 /dev/urandom\\n" >/run/rubbish; chmod +x /run/rubbish',
    ]);
    await lab.exec(host, ['mount', '--bind', '/run/rubbish', tool]);
    view.link.call('hosts.connect', { hosts: [host] }).catch(() => {});
    await tellAgent(view, agent === 'update-engine' ? { kind: 'stop' } : { kind: 'hold', version: '1.1.1' }, host);
    await becomes(host, ({ slots }) => slots.length === 0);
    expect(await whyNot(view, { kind: 'roll-back' }, host)).toMatch(/could not be read|cannot be read|no other/);
    await lab.exec(host, ['umount', '-l', tool]);
    await lab.exec(host, ['rm', '/run/rubbish']);
    await bootAnew(view, lab, host);
    await becomes(host, ({ slots, problem }) => slots.length > 0 && problem === null);
  }, 150_000);
});

describe('channels', () => {
  test('update_engine: the file is edited by a staged change, all else of it as it was; then it checks there', async () => {
    const text = 'GROUP=stable\n# of the night shift\nREBOOT_STRATEGY=off\n';
    await lab.exec('node1', ['sh', '-c', 'printf %s "$1" >/etc/flatcar/update.conf', 'sh', text]);
    await lab.exec('node1', ['systemctl', 'restart', 'update-engine.service']);
    await becomes('node1', ({ agentState, phase }) => agentState === 'running' && phase === 'idle');
    const plan = await planAct(view, { kind: 'set-channel', channel: 'beta' }, 'node1', 'node2');
    expect(plan.draft?.parts).toMatchObject([
      { hosts: ['node1'], files: [{ path: '/etc/flatcar/update.conf', content: text.replace('stable', 'beta') }] },
    ]);
    expect(plan.leftOut).toEqual([]);
    expect(plan.steps[0]?.commands).toEqual([
      'sudo systemd-run --quiet --collect --wait --unit=quarterdeck-update.service systemctl stop zincati.service',
      'sudo systemd-run --quiet --collect --wait --unit=quarterdeck-update.service rpm-ostree rebase fedora:fedora/x86_64/coreos/beta',
    ]);
    expect(await whyNot(view, { kind: 'set-channel', channel: 'stable' }, 'node1')).toBe(
      'its channel is stable already',
    );
  });

  test('rpm-ostree is rebased onto the same reference of another stream', async () => {
    await lab.publish('fcos', 'testing', '43.20250801.2.0', 1);
    await becomes('node2', ({ phase }) => phase !== 'downloading');
    expect(await tellAgent(view, { kind: 'set-channel', channel: 'testing' }, 'node2')).toMatchObject({
      state: 'done',
    });
    const staged = await becomes('node2', ({ offered }) => offered === '43.20250801.2.0');
    expect(staged).toMatchObject({ phase: 'staged', agentState: 'stopped' });
    expect(await tellAgent(view, { kind: 'reset' }, 'node2')).toMatchObject({ state: 'done' });
    await becomes('node2', ({ rebootNeeded }) => !rebootNeeded);
  });

  test('bootc is switched to another image', async () => {
    await lab.publish('bootc', 'next', '43.20250801.0', 1);
    const image = 'quay.io/lab/server:next';
    expect(await tellAgent(view, { kind: 'set-channel', channel: image }, 'node3')).toMatchObject({ state: 'done' });
    await becomes('node3', ({ offered, phase }) => phase === 'staged' && offered === '43.20250801.0');
    expect(await whyNot(view, { kind: 'reset' }, 'node3')).toMatch(/no command that drops/);
  });
});

describe('update_engine, in what only it has', () => {
  test('forgets what it staged: the next boot takes the system that runs', async () => {
    await lab.exec('node1', ['sh', '-c', 'printf "GROUP=stable\\nREBOOT_STRATEGY=off\\n" >/etc/flatcar/update.conf']);
    await lab.publish('flatcar', 'stable', '4300.1.0', 1);
    const before = await becomes('node1', ({ phase, agentState }) => phase === 'idle' && agentState === 'running');
    await tellAgent(view, { kind: 'check' }, 'node1');
    await becomes('node1', ({ phase }) => phase === 'staged');
    expect(await whyNot(view, { kind: 'roll-back' }, 'node1')).toMatch(/holds the update that waits/);
    expect(await tellAgent(view, { kind: 'reset' }, 'node1')).toMatchObject({ state: 'done' });
    await becomes('node1', ({ phase, slots }) => phase === 'idle' && slots.some(({ booted, next }) => booted && next));
    await bootAnew(view, lab, 'node1');
    await becomes('node1', ({ running, phase }) => running === before.running && phase === 'idle');
  }, 150_000);

  test('a hold amid a download ends the download', async () => {
    await lab.publish('flatcar', 'stable', '4300.2.0', 30);
    await tellAgent(view, { kind: 'check' }, 'node1');
    await becomes('node1', ({ phase }) => phase === 'downloading');
    expect(await tellAgent(view, { kind: 'hold', version: '4300.2.0' }, 'node1')).toMatchObject({ state: 'done' });
    await becomes('node1', (update) => update.phase === 'disabled' && said(update).join() === '4300.2.0');
    await tellAgent(view, { kind: 'lift-hold', version: '4300.2.0' }, 'node1');
    await becomes('node1', (update) => said(update).length === 0);
  });
});

const packages = [
  {
    agent: 'apt',
    host: 'node4',
    offer: async (version: string) => void (await releasePackage(lab, 'node4', version, false)),
    installed: () => shown('node4', 'dpkg-query', '-W', '-f', '${Version}', 'lab-thing'),
  },
  {
    agent: 'dnf',
    host: 'node5',
    offer: (version: string) => lab.publish('fedora', 'lab-thing', version, 1),
    installed: () => shown('node5', 'cat', '/var/lib/lab/packages/lab-thing'),
  },
];

describe.each(packages)('$agent', ({ agent, host, offer, installed }) => {
  test('is told to check, holds a package, lets go of it, and installs what waits', async () => {
    await becomes(host, (update) => update.agent === agent && update.phase === 'idle');
    expect(await whyNot(view, { kind: 'download' }, host)).toBe('no package waits');
    await offer('2');
    expect(await tellAgent(view, { kind: 'check' }, host)).toMatchObject({ state: 'done' });
    const waits = await becomes(host, ({ phase }) => phase === 'available');
    expect(waits.pending).toMatchObject({ total: 1, names: ['lab-thing'] });
    expect(await tellAgent(view, { kind: 'hold', version: 'lab-thing' }, host)).toMatchObject({ state: 'done' });
    const held = await becomes(host, (update) => said(update).includes('lab-thing'));
    expect(held.pending).toMatchObject({ total: 0, held: 1 });
    expect(held.heldBy).toContainEqual({ by: 'person', text: '1 package held back by a person.' });
    expect(await whyNot(view, { kind: 'hold', version: 'lab-thing' }, host)).toMatch(/held back/);
    expect(await tellAgent(view, { kind: 'lift-hold', version: 'lab-thing' }, host)).toMatchObject({ state: 'done' });
    await becomes(host, ({ pending }) => pending?.total === 1);
    expect(await installed()).toBe('1');
    const outcome = await tellAgent(view, { kind: 'download' }, host);
    expect(outcome).toMatchObject({ state: 'done', exitCode: 0 });
    expect(outcome.text).toMatch(/lab-thing/);
    expect(await installed()).toBe('2');
    await becomes(host, ({ pending, phase }) => phase === 'idle' && pending?.total === 0);
    expect(await litter(host)).toBe('');
  }, 120_000);

  test('says why it has no system to go back to, nothing staged, no channel, and nothing to pin', async () => {
    expect(await whyNot(view, { kind: 'roll-back' }, host)).toBe(`${agent} keeps no system from before`);
    expect(await whyNot(view, { kind: 'reset' }, host)).toMatch(/nothing staged/);
    expect(await whyNot(view, { kind: 'set-channel', channel: 'beta' }, host)).toMatch(/no channel/);
    expect(await whyNot(view, { kind: 'pin', slot: '0' }, host)).toMatch(/pins no system/);
  });

  test('is on record: who told it what, and what came of it', async () => {
    const { entries } = await view.link.call('activity.list', {
      text: 'Take what is offered',
      before: null,
      limit: 50,
    });
    expect(entries.find((entry) => entry.host === host)).toMatchObject({ kind: 'update', outcome: 'ok', exitCode: 0 });
    const journal = await shown(host, 'journalctl', '-t', 'quarterdeck', '--no-pager');
    expect(journal).toContain('upgrade');
  });
});

describe('bootc', () => {
  test('that does not say which images it has is not taken for one that tells root alone, and is asked again', async () => {
    await becomes('node3', ({ agent, problem }) => agent === 'bootc' && problem === null);
    const images = '/var/lib/lab/images.json';
    // That its service ran is pushed, so that it is read.
    await lab.exec('node3', ['mv', images, `${images}.away`]);
    await lab.exec('node3', ['systemctl', 'start', 'bootc-fetch-apply-updates.service']);
    const { problem } = await becomes('node3', (update) => update.problem !== null);
    expect(problem).toMatchObject({ code: 'protocol', message: 'bootc did not say which images it has' });
    await lab.exec('node3', ['mv', `${images}.away`, images]);
    // Nothing pushes this: it is asked by itself, a minute later rather than ten.
    await becomes('node3', (update) => update.problem === null, 90_000);
  }, 180_000);
});

describe('dnf', () => {
  test('installs the security updates alone, and the rest waits on', async () => {
    await becomes('node5', ({ agent }) => agent === 'dnf');
    const packages = ['lab-thing', 'lab-other'];
    const versions = () => shown('node5', 'sh', '-c', 'cd /var/lib/lab/packages && cat lab-thing lab-other');
    await lab.exec('node5', [
      'sh',
      '-c',
      'cd /var/lib/lab && echo 2 >packages/lab-thing && echo 2 >packages/lab-other && echo lab-thing >security',
    ]);
    for (const name of packages) await lab.publish('fedora', name, '3', 1);
    expect(await tellAgent(view, { kind: 'check' }, 'node5')).toMatchObject({ state: 'done' });
    const waits = await becomes('node5', ({ phase }) => phase === 'available');
    expect(waits.pending).toMatchObject({ total: 2, security: 1 });
    const plan = await planAct(view, { kind: 'download', only: 'security' }, 'node5');
    expect(plan.steps[0]?.commands.join('\n')).toContain('dnf -y upgrade --security');
    expect(await tellAgent(view, { kind: 'download', only: 'security' }, 'node5')).toMatchObject({ state: 'done' });
    expect((await versions()).split('\n')).toEqual(['3', '2']);
    await becomes('node5', ({ pending }) => pending?.total === 1 && pending.security === 0);
  }, 120_000);
});

describe('apt', () => {
  test('goes on to its end where the connection is cut amid it', async () => {
    await offerSlow();
    await tellAgent(view, { kind: 'check' }, 'node4');
    await becomes('node4', ({ pending, phase }) => pending?.total === 1 && phase === 'available');
    const plan = await planAct(view, { kind: 'download' }, 'node4');
    const { action } = await view.link.call('updates.act', { plan, password: null });
    await view.until('update-action', action, 'progress', ({ outcomes }) => outcomes[0]?.state === 'running');
    await lab.exec('node4', [
      'sh',
      '-c',
      'until pgrep -f "[t]mp.ci/preinst"; do sleep 0.1; done; pkill -f "[s]shd.*: core"',
    ]);
    const { outcomes } = await view.until('update-action', action, 'progress', ({ done }) => done, 60_000);
    expect(outcomes[0]).toMatchObject({ state: 'failed', text: expect.stringContaining('goes on there') });
    await becomes('node4', ({ pending, phase }) => phase === 'idle' && pending?.total === 0, 60_000);
    expect(await shown('node4', 'dpkg-query', '-W', '-f', '${Version} ${Status}', 'lab-thing')).toBe(
      '3 install ok installed',
    );
  }, 150_000);

  async function offerSlow() {
    await lab.exec('node4', [
      'sh',
      '-c',
      'printf "#!/bin/sh\\nsleep 8\\n" >/var/lib/lab/repository/p/DEBIAN/preinst; chmod 755 /var/lib/lab/repository/p/DEBIAN/preinst',
    ]);
    await releasePackage(lab, 'node4', '3', false);
  }
});
