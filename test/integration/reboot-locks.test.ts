import { expect, test } from 'vitest';
import { editLock, planLockEdit } from '#core/providers/reboot-locks/edit-lock.ts';
import type { KeptLock } from '#core/providers/reboot-locks/lock-store.ts';
import { giveSlot, takeSlot } from '#core/providers/reboot-locks/take-and-give.ts';
import { type LockBench, onBothLocks } from '#kit/lock-rivals.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import { type LockEdit } from '#shared/contract/reboot-lock.ts';

const noWarnings = () => [];

async function refusal(call: Promise<unknown>): Promise<Problem> {
  return await call.then(
    () => Promise.reject(new Error('answered')),
    (error: unknown) => toProblem(error),
  );
}

let groups = 0;
/** A lock of its own, as the other program would have written it. */
async function seeded({ rival, print }: LockBench, max: number, holders: readonly string[]): Promise<string> {
  const group = `workers ${++groups}/é`;
  await rival.seed(group, print(max, holders));
  return group;
}

const revisionOf = (lock: KeptLock | null) => lock?.revision ?? -1;

onBothLocks('reboot locks', (bench) => {
  test('are listed with their groups, however those are called, and read back as the other program wrote them', async () => {
    const { store } = bench().open();
    const group = await seeded(bench(), 2, ['a', 'b']);
    const listed = (await store.list()).find((lock) => lock.group === group);
    expect(listed).toEqual(await store.read(group));
    expect(listed).toMatchObject({
      text: bench().print(2, ['a', 'b']),
      read: { semaphore: { max: 2, holders: ['a', 'b'] } },
    });
    expect(await store.read('no such group')).toBe(null);
  });

  test('a slot is taken once, given back once, and refused in words when there is none', async () => {
    const { store } = bench().open();
    const group = await seeded(bench(), 2, ['m']);
    expect((await takeSlot(store, group, 'b')).already).toBe(false);
    expect(await bench().rival.text(group)).toBe(bench().print(2, ['b', 'm']));
    expect((await takeSlot(store, group, 'b')).already).toBe(true);
    expect(await refusal(takeSlot(store, group, 'c'))).toMatchObject({
      code: 'busy',
      message: expect.stringContaining('taken, by b, m') as string,
    });
    expect((await giveSlot(store, group, 'b')).already).toBe(false);
    expect((await giveSlot(store, group, 'b')).already).toBe(true);
    expect(await bench().rival.text(group)).toBe(bench().print(2, ['m']));
  });

  test('a lock that is not there is made with one slot, by whoever is first', async () => {
    const stores = [bench().open().store, bench().open().store, bench().open().store];
    const group = `new-${bench().kind}`;
    const outcomes = await Promise.allSettled(stores.map((store, at) => takeSlot(store, group, `host${at}`)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(bench().holders(await bench().rival.text(group))).toHaveLength(1);
  });

  test('the other program goes on with what was written here', async () => {
    const { store } = bench().open();
    const group = await seeded(bench(), 1, []);
    await takeSlot(store, group, 'console');
    expect(await bench().rival.take(group, 'other')).toBe(false);
    await giveSlot(store, group, 'console');
    expect(await bench().rival.take(group, 'other')).toBe(true);
    expect(await bench().rival.give(group, 'other')).toBe(true);
  });

  test('max is changed with the sum kept, also below the holders; then nobody gets a slot', async () => {
    const { store } = bench().open();
    const group = await seeded(bench(), 2, ['a', 'b']);
    const edit: LockEdit = { verb: 'set-max', max: 1 };
    const plan = await planLockEdit(store, group, edit, noWarnings);
    expect(plan).toMatchObject({ before: bench().print(2, ['a', 'b']), after: bench().print(1, ['a', 'b']) });
    await editLock(store, group, edit, plan.revision);
    expect(await bench().rival.text(group)).toBe(plan.after);
    expect((await refusal(takeSlot(store, group, 'c'))).code).toBe('busy');
    await giveSlot(store, group, 'a');
    expect((await refusal(takeSlot(store, group, 'c'))).code).toBe('busy');
    await giveSlot(store, group, 'b');
    await takeSlot(store, group, 'c');
    expect(await bench().rival.text(group)).toBe(bench().print(1, ['c']));
  });

  test('a holder is cleared as planned; one that is not there, or of another revision, is refused with what is there', async () => {
    const { store } = bench().open();
    const group = await seeded(bench(), 2, ['ghost', 'host']);
    const clear: LockEdit = { verb: 'clear', holder: 'ghost' };
    const plan = await planLockEdit(store, group, clear, noWarnings);
    await bench().rival.give(group, 'host');
    const moved = await refusal(editLock(store, group, clear, plan.revision));
    expect(moved.code).toBe('stale');
    expect(moved.message).toContain(bench().print(2, ['ghost']));
    await editLock(store, group, clear, revisionOf(await store.read(group)));
    expect(await bench().rival.text(group)).toBe(bench().print(2, []));
    expect((await refusal(planLockEdit(store, group, clear, noWarnings))).code).toBe('stale');
  });

  test('a ghost that is cleared while a host takes or returns: 100 times nobody is lost, and what moved is refused', async () => {
    const { store } = bench().open();
    const { rival, holders } = bench();
    const group = await seeded(bench(), 2, []);
    const refused: Problem[] = [];
    for (let round = 0; round < 100; round++) {
      await rival.seed(group, bench().print(2, ['ghost']));
      const plan = await planLockEdit(store, group, { verb: 'clear', holder: 'ghost' }, noWarnings);
      const returns = round % 2 === 1;
      const step = async () => {
        if (returns) await rival.give(group, 'ghost');
        return await rival.take(group, returns ? 'ghost' : 'fresh');
      };
      const [cleared, stepped] = await Promise.all([
        editLock(store, group, { verb: 'clear', holder: 'ghost' }, plan.revision).then(
          () => null,
          (error: unknown) => toProblem(error),
        ),
        step(),
      ]);
      expect(stepped).toBe(true);
      const held = holders(await rival.text(group));
      if (cleared) refused.push(cleared);
      // One that came back holds the slot by a step of its own, whatever became of the old one.
      expect(held).toEqual(returns ? ['ghost'] : cleared ? ['fresh', 'ghost'] : ['fresh']);
    }
    expect(refused.length).toBeGreaterThan(0);
    // Each with what the lock says by now.
    for (const { code, message } of refused)
      expect([code, message]).toEqual(['stale', expect.stringMatching(/it says now: \{"(semaphore|total_slots)":/)]);
  });

  test('two consoles and the other program compete for two slots: 100 times each, never above max', async () => {
    const { rival } = bench();
    const group = await seeded(bench(), 2, []);
    const history = await rival.record(group);
    let inside = 0;
    let most = 0;
    const within = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      inside--;
    };
    const console = async (id: string) => {
      const { store } = bench().open();
      for (let round = 0; round < 100; ) {
        try {
          await takeSlot(store, group, id);
        } catch (error) {
          if (toProblem(error).code !== 'busy') throw error;
          continue;
        }
        await within();
        await giveSlot(store, group, id);
        round++;
      }
    };
    const other = async (id: string) => {
      for (let round = 0; round < 100; ) {
        if (!(await rival.take(group, id))) continue;
        await within();
        await rival.give(group, id);
        round++;
      }
    };
    await Promise.all([console('one'), console('two'), other('other')]);
    const values = await history.stop();
    expect(values.length).toBeGreaterThanOrEqual(600);
    for (const value of values) expect(bench().holders(value).length).toBeLessThanOrEqual(2);
    expect(most).toBe(2);
    expect(await rival.text(group)).toBe(bench().print(2, []));
  }, 120_000);

  test.each([
    ['no JSON', 'locked'],
    ['another shape', '{"owner":"me"}'],
    ['a field of a later version', '{"semaphore":1,"max":1,"total_slots":1,"holders":[],"lease":"x"}'],
    ['holders that are no texts', '{"semaphore":0,"max":1,"total_slots":1,"holders":[7]}'],
    ['control characters', '{"semaphore":0,"max":1,"total_slots":1,"holders":["a\\u001b[31m"]}'],
    ['a max out of all bounds', '{"semaphore":1e15,"max":1e15,"total_slots":1e15,"holders":[]}'],
    ['far too long', `{"holders":["${'x'.repeat(300_000)}"]}`],
  ])('a value that is %s is told as such and never written over', async (_, text) => {
    const { store } = bench().open();
    const group = await seeded(bench(), 1, ['a']);
    await bench().rival.seed(group, text);
    const lock = await store.read(group);
    expect(lock?.read).toMatchObject({ problem: { code: 'protocol' } });
    for (const call of [
      () => takeSlot(store, group, 'b'),
      () => giveSlot(store, group, 'a'),
      () => editLock(store, group, { verb: 'clear', holder: 'a' }, revisionOf(lock)),
      () => editLock(store, group, { verb: 'set-max', max: 3 }, revisionOf(lock)),
      () => planLockEdit(store, group, { verb: 'set-max', max: 3 }, noWarnings),
    ])
      expect((await refusal(call())).code).toBe('refused');
    expect(await bench().rival.text(group)).toBe(text);
    await bench().rival.seed(group, bench().print(1, []));
  });

  test('etcd goes and comes back: told, and followed again', async () => {
    const { store } = bench().open();
    const group = await seeded(bench(), 2, ['a']);
    const told: string[] = [];
    const follow = bench().scope.child('follow');
    store.follow(follow, {
      locks: (locks) => told.push(locks.find((lock) => lock.group === group)?.text ?? 'none'),
      problem: ({ code }) => told.push(code),
    });
    await expect.poll(() => told.at(-1)).toBe(bench().print(2, ['a']));
    const [member] = bench().etcd.members;
    await member?.stop();
    await expect.poll(() => told.at(-1), { timeout: 15_000 }).toMatch(/^(unreachable|timeout|lost)$/);
    expect(['unreachable', 'timeout', 'lost']).toContain((await refusal(takeSlot(store, group, 'b'))).code);
    await member?.start();
    await expect.poll(() => told.at(-1), { timeout: 15_000 }).toBe(bench().print(2, ['a']));
    await bench().rival.take(group, 'b');
    await expect.poll(() => told.at(-1), { timeout: 15_000 }).toBe(bench().print(2, ['a', 'b']));
  });
});
