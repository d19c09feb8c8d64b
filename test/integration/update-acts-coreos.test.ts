import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HostUpdate } from '#shared/contract/update.ts';
import { prepareRollBack, runAct } from '#core/updates/run-act.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { sshAccess } from '#kit/ssh-access.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { bootAnew, planAct, tellAgent } from '#kit/told-agents.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
let lab: Lab;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['coreos'], etcd: 'none' });
  await lab.exec('node1', ['touch', '/home/core/.sudo_as_admin_successful']);
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = core.view('lab');
  view.link.look({ hosts: ['node1'], focus: 'node1', hidden: false });
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

const becomes = (fits: (update: HostUpdate) => boolean) => view.until('host', 'node1', 'update', fits, 60_000);

test('Container Linux is read from its own home, with its slots', async () => {
  const update = await becomes(({ phase }) => phase === 'idle');
  expect(update).toMatchObject({
    agent: 'update-engine',
    running: '2512.2.1',
    channel: 'stable',
    channelSource: '/etc/coreos/update.conf',
    how: 'bus',
    problem: null,
  });
  expect(update.slots).toMatchObject([{ name: 'USR-A', booted: true, next: true }, { name: 'USR-B' }]);
  expect((await view.until('host', 'node1', 'facts', () => true)).family).toBe('container-linux');
});

test('its channel is changed in /etc/coreos/update.conf, and the update is taken from there', async () => {
  const plan = await planAct(view, { kind: 'set-channel', channel: 'beta' }, 'node1');
  const { draft } = plan;
  expect(draft?.parts[0]?.files).toMatchObject([
    { path: '/etc/coreos/update.conf', content: 'GROUP=beta\nREBOOT_STRATEGY=off\n' },
  ]);
  if (!draft) return;
  const change = await view.link.call('change.plan', { draft, password: null });
  await view.link.call('change.propose', { plan: change });
  await view.link.call('change.act', { id: change.id, verb: 'start', host: null, password: null });
  await view.until('change', change.id, 'progress', ({ state }) => state === 'committed', 90_000);
  expect((await lab.exec('node1', ['cat', '/etc/coreos/update.conf'])).stdout).toBe(
    'GROUP=beta\nREBOOT_STRATEGY=off\n',
  );
  expect(await tellAgent(view, { kind: 'check' }, 'node1')).toMatchObject({ state: 'done' });
  const staged = await becomes(({ phase }) => phase === 'staged');
  expect(staged).toMatchObject({ channel: 'beta', offered: '2605.1.0' });
}, 150_000);

test('a release that is staged is held: it is forgotten, and the server is not asked', async () => {
  expect(await tellAgent(view, { kind: 'hold', version: '2605.1.0' }, 'node1')).toMatchObject({ state: 'done' });
  const held = await becomes(({ phase, holds }) => phase === 'disabled' && holds?.length === 1);
  expect(held.slots.find(({ next }) => next)).toMatchObject({ booted: true });
  expect((await lab.exec('node1', ['cat', '/etc/coreos/update.conf'])).stdout).toContain('SERVER=disabled');
  await bootAnew(view, lab, 'node1');
  await becomes(({ running, holds }) => running === '2512.2.1' && holds?.length === 1);
  await tellAgent(view, { kind: 'lift-hold', version: '2605.1.0' }, 'node1');
  await becomes(({ phase, holds }) => phase === 'idle' && holds?.length === 0);
  expect((await lab.exec('node1', ['cat', '/etc/coreos/update.conf'])).stdout).toBe(
    'GROUP=beta\nREBOOT_STRATEGY=off\n',
  );
}, 150_000);

test('a roll-out has it go back too: with one try where the slot was never proven, and without the bus', async () => {
  await tellAgent(view, { kind: 'check' }, 'node1');
  await becomes(({ phase }) => phase === 'staged');
  await bootAnew(view, lab, 'node1');
  await becomes(
    ({ running, slots }) => running === '2605.1.0' && slots.some(({ booted, good }) => booted && good === true),
  );
  await lab.exec('node1', ['sed', '-i', 's/^A_GOOD=.*/A_GOOD=0/', '/var/lib/lab/slots']);
  const access = await sshAccess(lab.env.sshConfig, 'node1');
  const facts = await view.until('host', 'node1', 'facts', () => true);
  const update = await becomes(({ running }) => running === '2605.1.0');
  const around = { update, facts, actor: 'a roll-out' };
  const result = await prepareRollBack(access, 'update-engine', around);
  expect(result).toMatchObject({ exitCode: 0, text: expect.stringContaining('the next boot takes /dev/sda3') });
  const slots = (await lab.exec('node1', ['cat', '/var/lib/lab/slots'])).stdout;
  expect(slots).toContain('A_TRIES=1');
  // The same once more, by what was read before: the host is asked again, not believed.
  await bootAnew(view, lab, 'node1');
  await becomes(({ running, holds }) => running === '2512.2.1' && holds?.[0]?.version === '2605.1.0');
  await expect(runAct(access, 'update-engine', { kind: 'roll-back' }, around)).rejects.toMatchObject({
    problem: { code: 'refused', message: expect.stringContaining('it runs 2512.2.1, not 2605.1.0') },
  });
  await access.end();
}, 150_000);
