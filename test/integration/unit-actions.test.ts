import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
let lab: Lab;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab();
  core = await startTestCore({ clusters: { lab: labCluster(lab), watched: labCluster(lab, { mode: 'observe' }) } });
  view = core.view('lab');
  view.link.look({ hosts: lab.env.hosts.map(({ name }) => name), focus: 'node1', hidden: false });
  for (const { name } of lab.env.hosts) await view.until('host', name, 'units', ({ total }) => total > 20, 30_000);
});
afterAll(async () => {
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

async function isActive(host: string, unit: string): Promise<string> {
  return (await lab.exec(host, ['systemctl', 'is-active', unit])).stdout.trim();
}

describe('unit actions', () => {
  test('a restart is planned, done, verified, recorded here and on the host', async () => {
    const plan = await view.link.call('unit.plan', { hosts: ['node4'], unit: 'web.service', verb: 'restart' });
    expect(plan.steps[0]).toMatchObject({
      host: 'node4',
      command: 'sudo systemctl restart web.service',
      elevation: 'sudo',
    });
    const { action } = await view.link.call('unit.act', { plan, password: null });
    const progress = await view.until('action', action, 'progress', ({ done }) => done, 20_000);
    expect(progress.outcomes).toMatchObject([{ host: 'node4', state: 'done', exitCode: 0 }]);
    expect(await isActive('node4', 'web.service')).toBe('active');
    const { entries, chain } = await view.link.call('activity.list', {
      text: 'restart web.service',
      before: null,
      limit: 5,
    });
    expect(entries[0]).toMatchObject({
      host: 'node4',
      command: 'sudo systemctl restart web.service',
      exitCode: 0,
      outcome: 'ok',
    });
    expect(chain.ok).toBe(true);
    const journal = await lab.exec('node4', ['journalctl', '-t', 'quarterdeck', '-n', '5', '--no-pager']);
    expect(journal.stdout).toContain('sudo systemctl restart web.service');
  });

  test('a unit that dies three seconds after its start is "started, then failed"', async () => {
    const plan = await view.link.call('unit.plan', { hosts: ['node4'], unit: 'flaky.service', verb: 'start' });
    const { action } = await view.link.call('unit.act', { plan, password: null });
    const { outcomes } = await view.until('action', action, 'progress', ({ done }) => done, 20_000);
    expect(outcomes[0]).toMatchObject({ state: 'then-failed' });
    expect(outcomes[0]?.text).toMatch(/started, then failed after [23]\.\d s/);
    await lab.exec('node4', ['systemctl', 'reset-failed', 'flaky.service']);
  });

  test('a plan whose facts no longer hold is refused', async () => {
    const plan = await view.link.call('unit.plan', { hosts: ['node4'], unit: 'web.service', verb: 'disable' });
    await lab.exec('node4', ['systemctl', 'disable', 'web.service']);
    await expect(view.link.call('unit.act', { plan, password: null })).rejects.toMatchObject({
      problem: { code: 'stale' },
    });
    await lab.exec('node4', ['systemctl', 'enable', 'web.service']);
  });

  test('observe mode refuses every change in the core, whatever a window sends', async () => {
    const observer = core.view('watched');
    await observer.until('host', 'node4', 'link', ({ state }) => state === 'up');
    const before = await isActive('node4', 'web.service');
    const asked = { hosts: ['node4'], unit: 'web.service', verb: 'stop' } as const;
    const shown = await observer.link.call('unit.plan', { ...asked, hosts: ['node4'] });
    expect(shown).toMatchObject({ steps: [], leftOut: [{ host: 'node4', reason: { code: 'refused' } }] });
    const plan = await view.link.call('unit.plan', { ...asked, hosts: ['node4'] });
    expect(plan.steps).toHaveLength(1);
    await expect(observer.link.call('unit.act', { plan, password: null })).rejects.toMatchObject({
      problem: { code: 'refused' },
    });
    const ask = { hosts: ['node4'], command: 'touch /tmp/never', timeoutS: 5, elevate: false, password: null };
    await expect(observer.link.call('ask.start', ask)).rejects.toMatchObject({ problem: { code: 'refused' } });
    expect(await isActive('node4', 'web.service')).toBe(before);
    expect((await lab.exec('node4', ['test', '-e', '/tmp/never'])).exitCode).not.toBe(0);
    observer.end();
  });

  test('a question that runs when the cluster is switched to observe can still be cancelled, on record', async () => {
    const ask = { hosts: ['node4'], command: 'sleep 555', timeoutS: 60, elevate: false, password: null };
    const { run } = await view.link.call('ask.start', ask);
    const running = async () => (await lab.exec('node4', ['pgrep', '-f', '^sleep 555'])).stdout.trim();
    await expect.poll(running, { timeout: 5_000 }).not.toBe('');
    await view.link.call('clusters.set-mode', { id: 'lab', mode: 'observe' });
    await view.until('cluster', '', 'about', ({ mode }) => mode === 'observe');
    await expect(view.link.call('ask.start', ask)).rejects.toMatchObject({ problem: { code: 'refused' } });
    await view.link.call('ask.cancel', { run });
    await view.until('ask', run, 'progress', ({ state }) => state === 'cancelled');
    await expect.poll(running, { timeout: 5_000 }).toBe('');
    const { entries } = await view.link.call('activity.list', {
      text: 'cancelled the question',
      before: null,
      limit: 5,
    });
    expect(entries).toMatchObject([{ kind: 'ask', cluster: 'lab', command: 'sleep 555', outcome: 'ok' }]);
    await view.link.call('clusters.set-mode', { id: 'lab', mode: 'operate' });
    await view.until('cluster', '', 'about', ({ mode }) => mode === 'operate');
  });

  test('hosts that it cannot be done on are left out with their reasons; the others are acted on', async () => {
    const unit = 'only-here.service';
    const text = '[Service]\nExecStart=sleep infinity\n';
    await lab.exec('node4', [
      'sh',
      '-c',
      `printf '%s' '${text}' > /run/systemd/system/${unit}; systemctl daemon-reload`,
    ]);
    await view.link.call('hosts.disable', { hosts: ['node2'] });
    await view.until('host', 'node2', 'link', ({ state }) => state === 'disabled');
    const plan = await view.link.call('unit.plan', { hosts: ['node2', 'node3', 'node4'], unit, verb: 'start' });
    expect(plan.steps.map(({ host }) => host)).toEqual(['node4']);
    expect(plan.leftOut).toMatchObject([
      { host: 'node2', reason: { code: 'unreachable', message: expect.stringMatching(/^not connected/) } },
      { host: 'node3', reason: { code: 'not-found', message: `there is no ${unit}` } },
    ]);
    // Back before it is confirmed: the plan said that nothing is done on it, so nothing is.
    await view.link.call('hosts.connect', { hosts: ['node2'] });
    await view.until('host', 'node2', 'link', ({ state }) => state === 'up', 30_000);
    const { action } = await view.link.call('unit.act', { plan, password: null });
    const { outcomes } = await view.until('action', action, 'progress', ({ done }) => done, 20_000);
    expect(outcomes).toMatchObject([{ host: 'node4', state: 'done' }]);
    expect(view.record('action', action)?.about?.plan.leftOut).toHaveLength(2);
    expect(await isActive('node4', unit)).toBe('active');
    await lab.exec('node4', ['systemctl', 'stop', unit]);
  });

  test('when nobody is left the plan says why of each, and the core refuses to carry it out', async () => {
    const plan = await view.link.call('unit.plan', { hosts: ['node4'], unit: 'nothing-here.service', verb: 'start' });
    expect(plan).toMatchObject({ steps: [], leftOut: [{ host: 'node4', reason: { code: 'not-found' } }] });
    await expect(view.link.call('unit.act', { plan, password: null })).rejects.toMatchObject({
      problem: { code: 'refused' },
    });
  });
});
