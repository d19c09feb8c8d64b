import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ChangeDraft, type ChangePlan, type ChangeVerb, weekdays } from '#shared/contract/change.ts';
import { hasMovedOn } from '#shared/lib/change/moved-on.ts';
import { groupMoved, movedIn, settledDraft } from '#shared/lib/change/moved-hosts.ts';
import { redraft } from '#shared/lib/change/redraft.ts';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile, type OneFileOptions } from '#kit/one-file.ts';
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

/** Milliseconds since 1970 of `Mon 2026-11-30 02:59:00.123456 UTC`; NaN for anything else. */
function systemdTime(text: string): number {
  const [, day, clock] = / (\S+) (\S+) UTC$/.exec(text) ?? [];
  return Date.parse(`${day}T${clock}Z`);
}

function draft(content: string, more: OneFileOptions = {}): ChangeDraft {
  return oneFile(hosts, path, content, {
    title: 'Set workers',
    actions: [{ verb: 'restart', unit: 'qd-app.service' }],
    gates: [{ kind: 'unit-active', unit: 'qd-app.service', settleS: 1 }, { kind: 'system-running' }],
    ...more,
    policy: {
      waves: [
        { size: 1, unit: 'hosts' },
        { size: 3, unit: 'hosts' },
        { size: 100, unit: 'percent' },
      ],
      soakS: 1,
      deadmanS: 30,
      ...more.policy,
    },
  });
}

async function started(one: ChangeDraft, from: TestView = view): Promise<ChangePlan> {
  const plan = await from.link.call('change.plan', { draft: one, password: null });
  await from.link.call('change.propose', { plan });
  await from.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await from.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  return plan;
}

const act = (id: string, verb: ChangeVerb, host: string | null = null, from: TestView = view) =>
  from.link.call('change.act', { id, verb, host, password: null });
const states = (id: string, from: TestView = view) =>
  Object.fromEntries(from.record('change', id)?.hosts?.map(({ host, state }) => [host, state]) ?? []);
const over = (id: string, state: string, from: TestView = view) =>
  from.until('change', id, 'progress', (progress) => progress.state === state, 60_000);
const standings = () => everywhere(`sha256sum <${path} | cut -c1-64; stat -c '%a %u %g' ${path}`);
const litter = () =>
  everywhere(`find /etc -newer /proc/1 -name '*quarterdeck*'; ls /var/lib/quarterdeck/changes 2>/dev/null
    systemctl list-units --all --plain --no-legend 'quarterdeck-*'`);

test('one value everywhere: canary, waves, commit; equal on all, restarted once each in order, nothing left', async () => {
  // One of them differs, and is brought into line with the rest by the same edit.
  await everywhere(`printf 'workers = 2\\n' >${path}; systemctl restart qd-app`, ['node7']);
  const starts = () => everywhere("journalctl -u qd-app -o cat --no-pager | grep -c '^Started qd-app'");
  const attributes = () => everywhere(`stat -c '%a %u %g %C' ${path}; getfacl -p ${path} 2>/dev/null`);
  const others = () =>
    everywhere(`find /etc -xdev -type f ! -path ${path} -printf '%p %i %T@ %m\\n' | sort | sha256sum`);
  const before = { starts: await starts(), attributes: await attributes(), others: await others() };
  const plan = await started(draft('workers = 8\n', { policy: { maxUnavailable: 4 } }));
  expect(plan.waves.map(({ length }) => length)).toEqual([1, 3, 8]);
  expect([plan.unchanged, plan.leftOut, plan.steps.map((step) => step.hosts.length).toSorted((a, b) => a - b)]).toEqual(
    [[], [], [1, 11]],
  );
  expect((await over(plan.id, 'committed')).text).toBe('12 of 12 hosts');
  const hash = createHash('sha256').update('workers = 8\n').digest('hex');
  expect(new Set(await standings())).toEqual(new Set([`${hash}\n640 0 0`]));
  expect(await litter()).toEqual(hosts.map(() => ''));
  // Mode, owner, label and access list as before; no other file below /etc has another inode or time.
  expect(await attributes()).toEqual(before.attributes);
  expect(await others()).toEqual(before.others);
  // Exactly once each, by what systemd itself wrote down.
  expect((await starts()).map((now, at) => Number(now) - Number(before.starts[at]))).toEqual(hosts.map(() => 1));
  const inOrder = async (script: string, timeOf: (told: string) => number) => {
    const told = await everywhere(script);
    const times = new Map(hosts.map((name, at) => [name, timeOf(told[at] ?? '')]));
    const of = (wave: readonly string[]) => wave.map((name) => times.get(name) ?? Number.NaN);
    for (const [at, later] of plan.waves.slice(1).entries())
      expect(Math.max(...of(plan.waves[at] ?? []))).toBeLessThan(Math.min(...of(later)));
  };
  // By the wall clock, which is one for all of them; the clock since boot is each host's own.
  await inOrder('systemctl show --timestamp=us+utc -p ExecMainStartTimestamp --value qd-app', systemdTime);
  await inOrder(`stat -c %.9Y ${path}`, Number);
  for (const prefix of ['claims/', `changes/${plan.id}/owner`, `changes/${plan.id}/wishes/`]) {
    const left = await lab.etcdctl('node1', 'get', '--prefix', '--keys-only', `/quarterdeck/v1/${prefix}`);
    expect([prefix, left.stdout.trim()]).toEqual([prefix, '']);
  }
  const { hosts: ended } = await view.link.call('change.read', { id: plan.id });
  expect(ended.map(({ state }) => state)).toEqual(hosts.map(() => 'done'));
  expect(ended[0]?.evidence.map(({ step }) => step)).toContain('confirmed');
  const log = await view.link.call('activity.list', { text: plan.id, before: null, limit: 50 });
  const ofFirst = log.entries.find(({ host }) => host === 'node1');
  expect(ofFirst).toMatchObject({
    what: 'done: Set workers',
    command: 'systemctl restart qd-app.service',
    outcome: 'ok',
  });
  expect(ofFirst?.detail).toContain(`to ${hash} mode 640 owner 0:0`);
  expect(log.entries.filter(({ host }) => host !== '')).toHaveLength(12);
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

test('paused while a wave soaks, a host skipped, resumed, stopped: what is done stays done', async () => {
  const soaking = draft('workers = 9\n');
  const plan = await started({ ...soaking, policy: { ...soaking.policy, soakS: 600 } });
  await view.until('change', plan.id, 'progress', ({ soaksUntil }) => soaksUntil !== null, 30_000);
  await act(plan.id, 'pause');
  expect((await over(plan.id, 'paused')).text).toMatch(/^paused by /);
  await act(plan.id, 'skip', 'node2');
  await view.until('change', plan.id, 'hosts', (all) => all.some(({ state }) => state === 'skipped'));
  await expect(act(plan.id, 'pause')).rejects.toThrow('it cannot be asked to pause now');
  await act(plan.id, 'resume');
  await view.until('change', plan.id, 'progress', ({ soaksUntil }) => soaksUntil !== null, 30_000);
  await act(plan.id, 'stop');
  await over(plan.id, 'stopped');
  expect(states(plan.id)).toMatchObject({ node1: 'done', node2: 'skipped', node3: 'waiting' });
  expect(await everywhere(`cat ${path}`, ['node1', 'node2', 'node3'])).toEqual([
    'workers = 9',
    'workers = 4',
    'workers = 4',
  ]);
  await act(plan.id, 'roll-back');
  await over(plan.id, 'rolled-back');
  expect(await everywhere(`cat ${path}; stat -c %a ${path}`, ['node1'])).toEqual(['workers = 4\n640']);
  const owner = await lab.etcdctl(
    'node1',
    'get',
    '--prefix',
    '--keys-only',
    `/quarterdeck/v1/changes/${plan.id}/owner`,
  );
  expect(owner.stdout.trim()).toBe('');
});

test('what failed is tried again alone: the others are not touched a second time', async () => {
  await everywhere('mv /etc/systemd/system/qd-app.service /root/', ['node2', 'node3']);
  await everywhere('systemctl daemon-reload; systemctl stop qd-app', ['node2', 'node3']);
  const lenient = draft('workers = 10\n');
  const plan = await started({ ...lenient, policy: { ...lenient.policy, failureBudget: 1 } });
  const paused = await over(plan.id, 'paused');
  expect(paused.text).toContain('(1 may fail)');
  expect(states(plan.id)).toMatchObject({ node1: 'done', node2: 'restored', node3: 'restored', node5: 'waiting' });
  const before = await everywhere('systemctl show -p InvocationID --value qd-app', ['node1', 'node4']);
  await everywhere('mv /root/qd-app.service /etc/systemd/system/; systemctl daemon-reload', ['node2', 'node3']);
  await act(plan.id, 'retry-failed');
  await over(plan.id, 'committed');
  expect(new Set(Object.values(states(plan.id)))).toEqual(new Set(['done']));
  expect(await everywhere('systemctl show -p InvocationID --value qd-app', ['node1', 'node4'])).toEqual(before);
});

test('somebody else changed it between plan and apply: nothing is written there, and it is said', async () => {
  const plan = await view.link.call('change.plan', { draft: draft('workers = 11\n'), password: null });
  await everywhere(`printf 'workers = 5\n' >${path}`, ['node1']);
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await act(plan.id, 'start');
  await over(plan.id, 'paused');
  expect(states(plan.id)['node1']).toBe('stale');
  expect(await everywhere(`cat ${path}`, ['node1', 'node2'])).toEqual(['workers = 5', 'workers = 4']);
  // The same plan would find the same again: the others are gone on with, and the host is planned anew with both edits.
  await act(plan.id, 'retry-failed');
  await over(plan.id, 'committed');
  expect(states(plan.id)).toMatchObject({ node1: 'skipped', node2: 'done', node12: 'done' });
  const [moved] = view.record('change', plan.id)?.hosts?.filter(hasMovedOn) ?? [];
  expect(moved?.host).toBe('node1');
  const again = redraft(plan, ['node1']);
  const stale = await view.link.call('change.plan', { draft: again, password: null });
  expect(stale.leftOut).toMatchObject([{ host: 'node1', reason: { code: 'stale' } }]);
  const [group] = movedIn(again, stale);
  expect(group).toEqual({ path, hosts: ['node1'] });
  const now = await view.link.call('change.compare', { hosts: ['node1'], path, password: null });
  const [texts] = groupMoved(again, path, now.files, plan.contents, now.texts);
  expect(texts).toMatchObject({ base: 'workers = 4\n', theirs: 'workers = 5\n', yours: 'workers = 11\n' });
  if (!texts) return;
  const merged = await started(settledDraft(again, texts, 'workers = 7\n'));
  await over(merged.id, 'committed');
  expect(await everywhere(`cat ${path}`, ['node1'])).toEqual(['workers = 7']);
  const altered = { ...plan, title: 'Another' };
  await expect(view.link.call('change.propose', { plan: altered })).rejects.toThrow('altered');
});

test('somebody changed a host of a later wave meanwhile: it is left alone, both consoles say so, and a person chooses', async () => {
  const [second, colleague] = await openConsole();
  const theirs = 'node9';
  const look = async () => (await everywhere(`stat -c '%i %y %z' ${path}; cat ${path}`, [theirs]))[0];
  try {
    const soaking = draft('workers = 14\n');
    const plan = await started({ ...soaking, policy: { ...soaking.policy, soakS: 4 } });
    await view.until('change', plan.id, 'progress', ({ soaksUntil }) => soaksUntil !== null, 30_000);
    await everywhere(`printf 'workers = 5\\n' >${path}`, [theirs]);
    const before = await look();
    for (const one of [view, colleague]) {
      const paused = await over(plan.id, 'paused', one);
      expect(paused.text).toMatch(new RegExp(`^${theirs}: ${path} is `));
      expect(states(plan.id, one)).toEqual(
        Object.fromEntries(hosts.map((name) => [name, name === theirs ? 'stale' : 'done'])),
      );
    }
    expect(await look()).toBe(before);
    // The same plan would find the same again: tried again, the host is left out, and what they wrote stays.
    await act(plan.id, 'retry-failed', null, colleague);
    expect((await over(plan.id, 'committed')).text).toBe('11 of 12 hosts, 1 skipped');
    expect(await look()).toBe(before);
    // The other choice: to write over exactly what was looked at, and nothing else.
    const compared = await colleague.link.call('change.compare', { hosts: [theirs], path, password: null });
    const seen = { [theirs]: compared.files[0]?.hash ?? null };
    const own = oneFile([theirs], path, 'workers = 14\n', { title: 'Ours after all' });
    const chosen = {
      ...own,
      parts: own.parts.map((part) => ({ ...part, files: part.files.map((file) => ({ ...file, seen })) })),
    };
    await everywhere(`printf 'workers = 6\\n' >${path}`, [theirs]);
    const late = await colleague.link.call('change.plan', { draft: chosen, password: null });
    expect(late).toMatchObject({ waves: [], leftOut: [{ host: theirs, reason: { code: 'stale' } }] });
    await everywhere(`printf 'workers = 5\\n' >${path}`, [theirs]);
    const ours = await started(chosen, colleague);
    await over(ours.id, 'committed');
    expect((await everywhere(`cat ${path}`, [theirs]))[0]).toBe('workers = 14');
  } finally {
    await second.end();
  }
});

test('what was committed is undone by a plan of its own; a host that moved on since is left out; the journal says who', async () => {
  const plan = await started(draft('workers = 13\n'));
  await over(plan.id, 'committed');
  await everywhere(`printf 'workers = 99\n' >${path}`, ['node4']);
  const back = await view.link.call('change.plan-undo', { id: plan.id, password: null });
  expect(back.leftOut).toMatchObject([
    { host: 'node4', reason: { code: 'stale', message: `${path} was edited since` } },
  ]);
  expect(back.waves.flat()).toHaveLength(11);
  await view.link.call('change.propose', { plan: back });
  await view.until('change', back.id, 'progress', ({ state }) => state === 'planned');
  await act(back.id, 'start');
  await over(back.id, 'committed');
  expect(
    new Set(
      await everywhere(
        `cat ${path}; stat -c %a ${path}`,
        hosts.filter((name) => name !== 'node4'),
      ),
    ),
  ).toEqual(new Set(['workers = 4\n640']));
  expect(await everywhere(`cat ${path}`, ['node4'])).toEqual(['workers = 99']);
  const history = await view.link.call('change.history', { path });
  const me = view.replica.section('app', '', 'user')?.name;
  expect(me).toMatch(/.@./);
  const still = hosts.filter((name) => name !== 'node4');
  expect(history.slice(0, 2)).toMatchObject([
    { id: back.id, title: 'Undo: Set workers', by: me, at: expect.any(Number), hosts: still },
    { id: plan.id, title: 'Set workers', by: me, at: expect.any(Number), hosts },
  ]);
  expect(await view.link.call('change.history', { path: '/etc/motd' })).toEqual([]);
});

test('a colleague sees the change live, may ask for a pause, and takes over when its console is gone', async () => {
  const [second, colleague] = await openConsole();
  try {
    const slow = draft('workers = 12\n');
    const plan = await started({ ...slow, policy: { ...slow.policy, soakS: 600 } });
    await colleague.until('change', plan.id, 'progress', ({ soaksUntil }) => soaksUntil !== null, 30_000);
    expect(colleague.record('change', plan.id)?.owner?.owner?.here).toBe(false);
    await act(plan.id, 'pause', null, colleague);
    await over(plan.id, 'paused', colleague);
    await expect(act(plan.id, 'take-over', null, colleague)).rejects.toThrow('cannot be asked to take over');
    await act(plan.id, 'resume', null, colleague);
    await view.until('change', plan.id, 'progress', ({ state }) => state === 'running');
    // Handed over on request, and back; then the first console is gone altogether.
    await act(plan.id, 'hand-over', null, colleague);
    await colleague.until('change', plan.id, 'owner', ({ owner }) => owner === null, 20_000);
    await act(plan.id, 'take-over', null, colleague);
    const back = await colleague.until('change', plan.id, 'owner', ({ owner: now }) => now?.here === true);
    await view.until('change', plan.id, 'owner', ({ owner: now }) => now?.token === back.owner?.token);
    await act(plan.id, 'hand-over', null, colleague);
    await view.until('change', plan.id, 'owner', ({ owner: now }) => now === null);
    await act(plan.id, 'take-over');
    // By its token, as the colleague may still have been told of the owner before.
    const { owner } = await view.until('change', plan.id, 'owner', ({ owner: now }) => now?.here === true);
    await colleague.until('change', plan.id, 'owner', ({ owner: now }) => now?.token === owner?.token);
    await first.end();
    await colleague.until('change', plan.id, 'owner', ({ owner }) => owner === null, 20_000);
    await act(plan.id, 'take-over', null, colleague);
    await colleague.until('change', plan.id, 'owner', ({ owner }) => owner?.here === true);
    await act(plan.id, 'roll-back', null, colleague);
    await over(plan.id, 'rolled-back', colleague);
    expect(new Set(await everywhere(`cat ${path}`))).toEqual(new Set(['workers = 4']));
  } finally {
    await second.end();
    [first, view] = await openConsole();
  }
});

test('outside of its window no host is begun, and it is said until when; inside it goes as always', async () => {
  const hour = (ahead: number) => new Date(Date.now() + ahead * 3_600_000).toISOString().slice(11, 16);
  const within = (from: string) => ({ window: { days: [...weekdays], from, minutes: 120 } });
  const late = await started(draft('workers = 21\n', { policy: within(hour(3)) }));
  const waits = await view.until('change', late.id, 'progress', ({ text }) => text.startsWith('waits for its window'));
  expect(waits).toMatchObject({ state: 'running', text: `waits for its window: daily ${hour(3)} 2h UTC` });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(new Set(Object.values(states(late.id)))).toEqual(new Set(['waiting']));
  await act(late.id, 'stop');
  await over(late.id, 'stopped');
  expect(new Set(await everywhere(`cat ${path}`))).toEqual(new Set(['workers = 4']));
  const now = await started(draft('workers = 22\n', { policy: within(hour(-1)) }));
  await over(now.id, 'committed');
});
