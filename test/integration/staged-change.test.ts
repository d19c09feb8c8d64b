import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ChangeDraft, type ChangePlan, defaultWaves } from '#shared/contract/change.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const reason = labUnavailable();
const count = 12;
const hosts = Array.from({ length: count }, (_, at) => `node${at + 1}`);
const path = '/etc/qd-app.conf';
let lab: Lab;
let first: TestCore;
let view: TestView;

async function openConsole(): Promise<[TestCore, TestView]> {
  const core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  const opened = core.view('lab');
  opened.link.look({ hosts, focus: null, hidden: false });
  for (const name of hosts) await opened.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
  return [core, opened];
}

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: hosts.map(() => 'debian') });
  [first, view] = await openConsole();
});
afterAll(async () => {
  await first?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(async () => {
  skipUnless(reason === null, reason ?? '');
  const unit = '[Service]\\nExecStart=/bin/sh -c "grep -q bad /etc/qd-app.conf \\&\\& exit 1; exec sleep infinity"\\n';
  await everywhere(`printf 'workers = 4\\n' >${path}; chmod 640 ${path}
    printf '${unit.replaceAll('\\&', '&')}' >/etc/systemd/system/qd-app.service
    systemctl daemon-reload; systemctl reset-failed qd-app; systemctl restart qd-app`);
});

/** From outside: root's own shell on each host, not Quarterdeck. */
async function everywhere(script: string, names: readonly string[] = hosts): Promise<string[]> {
  const out: string[] = [];
  for (const name of names) out.push((await lab.exec(name, ['sh', '-c', script])).stdout.trim());
  return out;
}

function draft(content: string, more: Partial<ChangeDraft> = {}): ChangeDraft {
  return {
    title: 'Set workers',
    hosts,
    files: [{ path, content, mode: null, owner: null, seen: null }],
    actions: [{ verb: 'restart', unit: 'qd-app.service' }],
    validators: [],
    gates: [{ kind: 'unit-active', unit: 'qd-app.service', settleS: 1 }, { kind: 'system-running' }],
    policy: {
      ...defaultWaves,
      waves: [
        { size: 1, unit: 'hosts' },
        { size: 3, unit: 'hosts' },
        { size: 100, unit: 'percent' },
      ],
      soakS: 1,
      deadmanS: 30,
    },
    ...more,
  };
}

async function started(one: ChangeDraft, from: TestView = view): Promise<ChangePlan> {
  const plan = await from.link.call('change.plan', { draft: one, password: null });
  await from.link.call('change.propose', { plan });
  await from.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await from.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  return plan;
}

const over = (id: string, state: string, from: TestView = view) =>
  from.until('change', id, 'progress', (progress) => progress.state === state, 60_000);
const standings = () => everywhere(`sha256sum <${path} | cut -c1-64; stat -c '%a %u %g' ${path}`);
const litter = () =>
  everywhere(`find /etc -newer /proc/1 -name '*quarterdeck*'; ls /var/lib/quarterdeck/changes 2>/dev/null
    systemctl list-units --all --plain --no-legend 'quarterdeck-*'`);

test('one value everywhere: canary, waves, commit; equal on all, restarted once each in order, nothing left', async () => {
  await lab.exec('node7', ['sh', '-c', `printf 'workers = 8\\n' >${path}`]);
  const before = await everywhere('systemctl show -p InvocationID --value qd-app');
  const plan = await started(draft('workers = 8\n'));
  expect(plan.waves.map(({ length }) => length)).toEqual([1, 3, 7]);
  expect(plan.unchanged).toEqual(['node7']);
  expect(plan.steps).toHaveLength(1);
  expect((await over(plan.id, 'committed')).text).toBe('11 of 11 hosts');
  const hash = createHash('sha256').update('workers = 8\n').digest('hex');
  expect(new Set(await standings())).toEqual(new Set([`${hash}\n640 0 0`]));
  expect(await litter()).toEqual(hosts.map(() => ''));
  const after = await everywhere('systemctl show -p InvocationID --value qd-app');
  const starts = await everywhere('systemctl show -p ExecMainStartTimestampMonotonic --value qd-app');
  const times = new Map(hosts.map((name, at) => [name, Number(starts[at])]));
  for (const [at, name] of hosts.entries()) {
    const restarts = await lab.exec(name, [
      'sh',
      '-c',
      "journalctl -u qd-app -o cat --no-pager | grep -c 'Started qd-app'",
    ]);
    expect([name, before[at] !== after[at]]).toEqual([name, name !== 'node7']);
    expect(Number(restarts.stdout)).toBeGreaterThan(0);
  }
  const latest = plan.waves.map((wave) => Math.max(...wave.map((name) => times.get(name) ?? 0)));
  const earliest = plan.waves.map((wave) => Math.min(...wave.map((name) => times.get(name) ?? 0)));
  expect(latest[0]).toBeLessThan(earliest[1] ?? 0);
  expect(latest[1]).toBeLessThan(earliest[2] ?? 0);
  const left = await lab.etcdctl('node1', 'get', '--prefix', '--keys-only', '/quarterdeck/v1/claims/');
  expect(left.stdout.trim()).toBe('');
  const { hosts: ended } = await view.link.call('change.read', { id: plan.id });
  expect(ended.map(({ state }) => state)).toEqual(Array.from({ length: 11 }, () => 'done'));
  expect(ended[0]?.evidence.map(({ step }) => step)).toContain('confirmed');
});

test('a bad value stops at the canary: that host is put back, the others are not touched', async () => {
  const look = () => everywhere(`stat -c '%i %y %a' ${path}; sha256sum <${path}`);
  const before = await look();
  const plan = await started(draft('bad\n'));
  const paused = await over(plan.id, 'paused');
  expect(paused.text).toContain('node1');
  const after = await look();
  expect(after.slice(1)).toEqual(before.slice(1));
  // Another inode; bytes, times and mode as before.
  const rest = (text?: string) => text?.split(' ').slice(1);
  expect(rest(after[0])).toEqual(rest(before[0]));
  expect((await everywhere('systemctl is-active qd-app', ['node1']))[0]).toBe('active');
  expect(view.record('change', plan.id)?.hosts?.map(({ state }) => state)).toEqual([
    'restored',
    ...Array.from({ length: 11 }, () => 'waiting'),
  ]);
  await view.link.call('change.act', { id: plan.id, verb: 'stop', host: null, password: null });
  await over(plan.id, 'stopped');
  expect(await litter()).toEqual(hosts.map(() => ''));
});
