import { expect, test } from 'vitest';
import type { RebootPolicy } from '#shared/contract/reboot.ts';
import type { UpdatePolicy } from '#shared/contract/update-policy.ts';
import { draftFromPolicy, type RollOutDraft } from '#shared/lib/update/draft-from-policy.ts';
import { offersOf } from '#shared/lib/update/offers.ts';
import type { ChangeDraft } from '#shared/contract/change.ts';
import { revisionOf, writtenSince } from '#kit/etcd-log.ts';
import { startPinger } from '#kit/pinger.ts';
import { type Boot, labReboots, lockKey, rollOutMs, useRollOutLab } from '#kit/rollout-lab.ts';
import { planAct, tellAgent } from '#kit/told-agents.ts';
import { makePolicy } from '#kit/update-hosts.ts';

const bench = useRollOutLab(['flatcar', 'flatcar', 'flatcar', 'flatcar']);
const { hosts, root, versions, boots, act, over, hostOf } = bench;
const workers = hosts.slice(1);
const runsKey = '/quarterdeck/v1/update-runs/';
// Neither its offset nor its day are those of UTC for a good part of each day.
const zone = 'Asia/Kathmandu';

/** Of hosts that booted once since, by name: when the boot before ended and the new one began. */
function turns(before: Boot[][], after: Boot[][]): Map<string, { down: number; up: number }> {
  const found = new Map<string, { down: number; up: number }>();
  for (const [at, name] of hosts.entries()) {
    const [was = [], now = []] = [before[at], after[at]];
    expect(now.length - was.length, `${name} boots once at most`).toBeLessThanOrEqual(1);
    const [last, fresh] = [now.at(-2), now.at(-1)];
    if (now.length === was.length || !last || !fresh) continue;
    expect([last.id, fresh.id === last.id]).toEqual([was.at(-1)?.id, false]);
    found.set(name, { down: last.to, up: fresh.from });
  }
  return found;
}

const revision = () => revisionOf(bench.lab, lockKey);

/** The lock was taken once for each of so many hosts, and never by more than it has slots. */
async function expectOrderlyLock(since: number, taken: number): Promise<void> {
  const log = (await writtenSince(bench.lab, lockKey, since)) as { total_slots: number; holders: string[] }[];
  expect(log.filter(({ total_slots, holders }) => holders.length > total_slots || total_slots !== 1)).toEqual([]);
  expect(new Set(log.flatMap(({ holders }) => holders)).size).toBe(taken);
  expect(log.at(-1)).toEqual({ total_slots: 1, holders: [] });
}

const canary = makePolicy({
  group: 'canary',
  selector: 'label:role=canary',
  members: ['node1'],
  order: 1,
  target: { kind: 'channel', channel: 'beta' },
  gates: [{ kind: 'system-running' }],
  reboot: labReboots,
});
const stable = makePolicy({ group: 'workers', selector: 'label:os=flatcar', gates: canary.gates, reboot: labReboots });

const groupNow = (name: string) =>
  bench.view.replica.section('cluster', '', 'updateGroups')?.groups.find(({ policy }) => policy.group === name);

/** Saves policies over what is kept of them, and waits until they are told so. */
async function save(...policies: UpdatePolicy[]): Promise<void> {
  const saved = policies.map((policy) => ({ policy, base: groupNow(policy.group)?.revision ?? null }));
  const made = await bench.view.link.call('updates.groups.save', { groups: saved });
  await bench.view.until('cluster', '', 'updateGroups', ({ groups }) =>
    policies.every(({ group }) =>
      groups.some((one) => one.policy.group === group && one.revision === made.revision && one.hosts.length > 0),
    ),
  );
}

/** What the window makes of a group as it is kept: the roll-out that its policy asks for now. */
function rollOut(name: string): RollOutDraft {
  const group = groupNow(name);
  if (!group) throw new Error(`there is no group ${name}`);
  const all = hosts.map((host) => [host, bench.view.record('host', host) ?? {}] as const);
  return draftFromPolicy(
    group.policy,
    all.filter(([host]) => group.hosts.includes(host)),
    offersOf(all.map(([, host]) => host)),
  );
}

function begin(draft: ChangeDraft | null): Promise<string> {
  if (!draft) throw new Error('nobody is behind');
  return bench.begin(draft);
}

/** A moment as a clock in the zone shows it, by Intl alone. */
function clockAt(at: number) {
  const words = { timeZone: zone, hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
  const shown = new Intl.DateTimeFormat('en-GB', { ...words, year: 'numeric', month: '2-digit', day: '2-digit' });
  const part = Object.fromEntries(shown.formatToParts(at).map(({ type, value }) => [type, value]));
  const { weekday = '', year, month, day, hour, minute } = part;
  return {
    weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday),
    minutes: Number(hour) * 60 + Number(minute),
    near: `${weekday} ${hour}:${minute}`,
    far: `${weekday} ${year}-${month}-${day} ${hour}:${minute}`,
  };
}

/** Once a week, from a whole minute to a moment. */
function weekly(opens: number, closes: number): NonNullable<RebootPolicy['windows']> {
  const { weekday, minutes } = clockAt(opens);
  const window = { days: [weekday], from: minutes, lengthMs: closes - opens, measure: 'elapsed' as const };
  return { timeZone: zone, windows: [window] };
}
const pause = (ms: number) => new Promise((resolve) => void setTimeout(resolve, ms));

test(
  'the canary is moved to beta by a change that keeps the rest of its file, and its group is rolled out to what beta offers',
  async () => {
    const text = (channel: string) =>
      `# of the night shift\nGROUP=${channel}\n# locks are etcd's\nREBOOT_STRATEGY=off\n`;
    await bench.lab.exec('node1', ['sh', '-c', 'printf %s "$1" >/etc/flatcar/update.conf', 'sh', text('stable')]);
    await bench.lab.publish('flatcar', 'beta', '4300.1.0', 1);
    await save(canary, stable);
    expect([groupNow('canary')?.hosts, groupNow('workers')?.hosts]).toEqual([['node1'], workers]);
    expect(rollOut('canary')).toMatchObject({
      draft: null,
      leftOut: [{ host: 'node1', why: 'it follows stable, not beta' }],
    });
    const [before, since] = [await boots(), await revision()];
    const { draft } = await planAct(bench.view, { kind: 'set-channel', channel: 'beta' }, 'node1');
    await over(await begin(draft), 'committed');
    expect(await root('node1', 'cat /etc/flatcar/update.conf')).toBe(text('beta').trim());
    await bench.view.until('host', 'node1', 'update', ({ channel }) => channel === 'beta');
    await tellAgent(bench.view, { kind: 'check' }, 'node1');
    await bench.view.until('host', 'node1', 'update', ({ offered }) => offered === '4300.1.0', 30_000);
    const ping = startPinger(bench.lab, hosts);
    const { draft: toBeta } = rollOut('canary');
    expect(toBeta).toMatchObject({ title: 'Update canary to 4300.1.0', parts: [{ hosts: ['node1'] }] });
    await over(await begin(toBeta), 'committed');
    expect(await ping()).toEqual({ most: 1, went: ['node1'] });
    expect(await versions()).toEqual(['4300.1.0', '4152.2.1', '4152.2.1', '4152.2.1']);
    expect([...turns(before, await boots()).keys()]).toEqual(['node1']);
    await expectOrderlyLock(since, 1);
  },
  rollOutMs,
);

test(
  'a group goes one at a time within its window alone: what is not down when it closes waits for the next',
  async () => {
    await bench.lab.publish('flatcar', 'stable', '4230.2.1', 1);
    await tellAgent(bench.view, { kind: 'check' }, 'node3');
    await bench.view.until('host', 'node3', 'update', ({ phase }) => phase === 'staged', 30_000);
    const [before, since] = [await boots(), await revision()];
    const now = Date.now();
    const opened = Math.floor(now / 60_000) * 60_000;
    const closes = Math.max(now + 40_000, opened + 60_000);
    // The first is not well before the window is closed, however quick it boots.
    const late = `while [ "$(date +%s)" -le ${Math.ceil(closes / 1000)} ]; do sleep 0.5; done`;
    await save({
      ...stable,
      gates: [{ kind: 'command', command: late, timeoutS: 120 }],
      reboot: { ...labReboots, windows: weekly(opened, closes) },
    });
    const { draft, leftOut } = rollOut('workers');
    expect(leftOut).toEqual([]);
    expect(draft).toMatchObject({ title: 'Update workers to 4230.2.1', parts: [{ hosts: workers }] });
    const ping = startPinger(bench.lab, hosts);
    const id = await begin(draft);
    await bench.view.until(
      'change',
      id,
      'hosts',
      (all) => all.some(({ work }) => work?.waitsFor === 'window'),
      120_000,
    );
    expect(Date.now()).toBeGreaterThanOrEqual(closes);
    const waits = bench.view.record('change', id)?.hosts?.find(({ work }) => work?.waitsFor === 'window');
    expect(waits?.text).toBe(`The window opens ${clockAt(opened + 7 * 86_400_000).far}, ${zone}.`);
    await pause(8000);
    const first = turns(before, await boots());
    expect([...first.keys()]).toEqual(['node2']);
    expect(hostOf(id, 'node2')?.state).toBe('done');
    await act(id, 'stop');
    await over(id, 'stopped');

    const opens = Math.ceil((Date.now() + 8000) / 60_000) * 60_000;
    const shuts = opens + 600_000;
    await save({ ...stable, reboot: { ...labReboots, windows: weekly(opens, shuts) } });
    const rest = rollOut('workers');
    expect([rest.there, rest.draft?.parts.flatMap((part) => part.hosts)]).toEqual([['node2'], ['node3', 'node4']]);
    const next = await begin(rest.draft);
    await bench.view.until(
      'change',
      next,
      'hosts',
      (all) => all.some(({ work }) => work?.waitsFor === 'window'),
      60_000,
    );
    const held = bench.view.record('change', next)?.hosts?.find(({ work }) => work?.waitsFor === 'window');
    expect(held?.text).toBe(`The window opens ${clockAt(opens).near}, ${zone}.`);
    await over(next, 'committed');

    expect(await ping()).toEqual({ most: 1, went: workers });
    expect(await versions()).toEqual(['4300.1.0', '4230.2.1', '4230.2.1', '4230.2.1']);
    const all = turns(before, await boots());
    expect([...all.keys()]).toEqual(workers);
    for (const [name, { down, up }] of all) {
      const [from, to] = first.has(name) ? [opened, closes] : [opens, shuts];
      expect(down >= from && up <= to, `${name}: ${from} to ${to} around ${down} and ${up}`).toBe(true);
    }
    await expectOrderlyLock(since, 3);
  },
  rollOutMs,
);

test(
  'an automatic group begins by itself, once, with two consoles open',
  async () => {
    const { core: second, view: other } = await bench.another();
    try {
      const known = new Set(bench.view.replica.store.getState().records.change.keys());
      const [before, since] = [await boots(), await revision()];
      await save({ ...stable, automatic: true });
      const ping = startPinger(bench.lab, hosts);
      await bench.lab.publish('flatcar', 'stable', '4230.2.2', 1);
      await tellAgent(bench.view, { kind: 'check' }, 'node2');
      const begun = () =>
        [...bench.view.replica.store.getState().records.change.entries()].filter(([id]) => !known.has(id));
      await expect.poll(() => begun().length, { timeout: 60_000 }).toBe(1);
      const id = begun()[0]?.[0] ?? '';
      expect((await bench.view.until('change', id, 'about', () => true)).title).toBe(
        'Update workers to 4230.2.2 (automatic)',
      );
      await over(id, 'committed');
      const isDone = (text: string | null | undefined) => text === 'No host is behind.';
      for (const each of [bench.view, other])
        await each.until(
          'cluster',
          '',
          'updateGroups',
          ({ groups }) => isDone(groups.find(({ policy }) => policy.group === 'workers')?.automatic),
          60_000,
        );
      expect(begun().map(([one]) => one)).toEqual([id]);
      const { stdout } = await bench.lab.etcdctl('node1', 'get', '--prefix', '--print-value-only', runsKey);
      const runs = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      expect(runs).toMatchObject([{ group: 'workers', to: '4230.2.2', change: id, started: true }]);
      expect(await ping()).toEqual({ most: 1, went: workers });
      expect([...turns(before, await boots()).keys()]).toEqual(workers);
      expect(await versions()).toEqual(['4300.1.0', '4230.2.2', '4230.2.2', '4230.2.2']);
      await expectOrderlyLock(since, 3);
    } finally {
      await second.end();
    }
  },
  rollOutMs,
);
