import { expect, test } from 'vitest';
import { etcdJournalStore } from '#core/changes/etcd-journal-store.ts';
import { Records } from '#core/fleet/records.ts';
import { zincatiId } from '#core/providers/reboot-locks/zincati-id.ts';
import { ClusterLock } from '#core/reboots/cluster-lock.ts';
import { RebootNotes } from '#core/reboots/reboot-notes.ts';
import { type LockBench, onBothLocks } from '#kit/lock-rivals.ts';
import type { HostFacts } from '#shared/contract/host.ts';
import type { HostUpdate } from '#shared/contract/update.ts';

const machine = (at: number) => at.toString(16).repeat(32);

/** A console of its own on the bench's etcd, that knows hosts with the strategy of that lock. */
function consoleOn(bench: LockBench, by: string, hosts: number) {
  const { kind, scope } = bench;
  const { connection } = bench.open();
  const records = new Records();
  const strategy = { name: kind === 'locksmith' ? 'etcd-lock' : 'fleet_lock', text: '', source: '' };
  for (let at = 1; at <= hosts; at++) {
    records.publish('host', `node${at}`, 'facts', { machineId: machine(at), bootId: `boot ${at}` } as HostFacts);
    records.publish('host', `node${at}`, 'update', { strategy, facts: [] as HostUpdate['facts'] } as HostUpdate);
  }
  const notes = new RebootNotes();
  notes.use(etcdJournalStore(connection, '/quarterdeck/v1/'));
  const { signal } = scope;
  return new ClusterLock({ records, notes, by, now: Date.now, signal, etcd: () => connection });
}

const idOf = ({ kind }: LockBench, at: number) => (kind === 'locksmith' ? machine(at) : (zincatiId(machine(at)) ?? ''));
let groups = 0;
async function seeded({ rival, print }: LockBench, max: number): Promise<string> {
  const group = `compete${++groups}`;
  await rival.seed(group, print(max, []));
  return group;
}

onBothLocks('reboots of a console', (bench) => {
  test('take the slot that the host itself would take, give it back, and say who else holds it', async () => {
    const { rival, print, kind } = bench();
    const group = await seeded(bench(), 1);
    const lock = consoleOn(bench(), 'ada@desk', 2);
    expect(await lock.take('node1', group, 'd1')).toEqual({
      held: true,
      mayGo: true,
      text: `${kind}'s reboot lock of group ${group} is held for node1.`,
    });
    expect(await rival.text(group)).toBe(print(1, [idOf(bench(), 1)]));
    expect((await lock.take('node1', group, 'd1')).held).toBe(true);
    expect(await lock.obstacle('node1', group)).toBe(null);
    expect(await lock.take('node2', group, 'd2')).toMatchObject({
      held: false,
      mayGo: false,
      text: `node1 holds the one slot of ${kind}'s reboot lock of group ${group}.`,
    });
    expect(await lock.obstacle('node2', group)).toContain('node1 holds the one slot');
    await lock.give('node1', group, 'another');
    expect(await rival.text(group)).toBe(print(1, [idOf(bench(), 1)]));
    await lock.give('node1', group, 'd1');
    await lock.give('node2', group, 'd2');
    expect(await rival.text(group)).toBe(print(1, []));
  });

  test("a slot of the host's own agent is neither used nor given back", async () => {
    const { rival, print } = bench();
    const group = await seeded(bench(), 1);
    await rival.take(group, idOf(bench(), 1));
    const lock = consoleOn(bench(), 'ada@desk', 1);
    expect(await lock.take('node1', group, 'd1')).toMatchObject({
      mayGo: false,
      text: expect.stringContaining('its own agent is about to reboot it') as string,
    });
    expect(await lock.obstacle('node1', group)).toContain('not through this console');
    await lock.give('node1', group, null);
    expect(await rival.text(group)).toBe(print(1, [idOf(bench(), 1)]));
  });

  test('another console goes on with what this one took, for the same decision alone', async () => {
    const { rival, print } = bench();
    const group = await seeded(bench(), 1);
    await consoleOn(bench(), 'ada@desk', 1).take('node1', group, 'd1');
    const other = consoleOn(bench(), 'bob@bastion', 1);
    expect((await other.take('node1', group, 'd2')).text).toContain('ada@desk holds the reboot lock for node1 already');
    expect((await other.take('node1', group, 'd1')).held).toBe(true);
    await other.give('node1', group, 'd1');
    expect(await rival.text(group)).toBe(print(1, []));
  });

  test('the agent of a host and two consoles compete for the one slot: 100 times each, never two at once', async () => {
    const { rival, print, holders } = bench();
    const group = await seeded(bench(), 1);
    const history = await rival.record(group);
    let inside = 0;
    let most = 0;
    const within = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
      inside--;
    };
    const compete = async (take: () => Promise<boolean>, give: () => Promise<unknown>) => {
      for (let round = 0; round < 100; ) {
        if (!(await take())) continue;
        await within();
        await give();
        round++;
      }
    };
    const consoleFor = (at: number) => {
      const lock = consoleOn(bench(), `console ${at}`, 3);
      const host = `node${at}`;
      return compete(
        async () => (await lock.take(host, group, 'd')).held,
        () => lock.give(host, group, 'd'),
      );
    };
    const agent = idOf(bench(), 3);
    await Promise.all([
      consoleFor(1),
      consoleFor(2),
      compete(
        () => rival.take(group, agent),
        () => rival.give(group, agent),
      ),
    ]);
    const values = await history.stop();
    expect(values.length).toBeGreaterThanOrEqual(600);
    for (const value of values) expect(holders(value).length).toBeLessThanOrEqual(1);
    expect(most).toBe(1);
    expect(await rival.text(group)).toBe(print(1, []));
  }, 180_000);
});
