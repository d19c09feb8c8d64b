import { expect, it } from 'vitest';
import { ChangeJournal, type Ownership } from '#core/changes/change-journal.ts';
import { keys } from '#core/changes/stored-change.ts';
import { planHash, sha256 } from '#core/changes/plan-hash.ts';
import type { JournalStore } from '#core/changes/journal-store.ts';
import { type ChangePlan, type ChangeProgress, defaultWaves, type HostChange } from '#shared/contract/change.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { onBothStores, put } from '#kit/journal-stores.ts';

const id = '20261123-aaaaaa';
const content = 'workers = 8\n';

function plan(title = 'Set workers'): ChangePlan {
  const rest: Omit<ChangePlan, 'hash'> = {
    id,
    title,
    by: 'ada@desk',
    at: 1,
    steps: [
      {
        hosts: ['node1'],
        files: [
          {
            path: '/etc/app.conf',
            before: { kind: 'absent' },
            after: { kind: 'file', hash: sha256(content), mode: '644', uid: 0, gid: 0 },
          },
        ],
        actions: [],
        undo: [],
        validators: [],
        gates: [],
      },
    ],
    unchanged: [],
    leftOut: [],
    waves: [['node1']],
    policy: defaultWaves,
    contents: { [sha256(content)]: content },
  };
  return { ...rest, hash: planHash(rest) };
}
const progress = (text: string): ChangeProgress => ({
  state: 'running',
  text,
  wave: 0,
  soaksUntil: null,
  startedAt: 1,
  endedAt: null,
  approvals: [],
});
const host = (text: string): HostChange => ({
  host: 'node1',
  wave: 0,
  state: 'applying',
  text,
  attempt: 1,
  evidence: [],
  accepted: null,
  startedAt: 1,
  endedAt: null,
});
const said = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => `${toProblem(error).code}: ${toProblem(error).message}`,
  );

/** All that stands below the change and the claims, owners' times aside. */
async function standing(store: JournalStore): Promise<string[]> {
  const all = [...(await store.list('changes/')).entries, ...(await store.list('claims/')).entries];
  return all.map(({ key, value, modified }) => `${key} ${modified} ${value}`);
}

const writes: Readonly<Record<string, (of: Ownership) => Promise<void>>> = {
  'its progress': (of) => of.writeProgress(progress('by the old owner')),
  'a host, which it takes': (of) => of.writeHost(host('by the old owner'), 'take'),
  'a host, which it keeps': (of) => of.writeHost(host('by the old owner'), 'keep'),
  'a host, which it lets go': (of) => of.writeHost(host('by the old owner'), 'let-go'),
  'that a wish is granted': (of) => of.dropWish(`${keys.wishes(id)}one`),
};

onBothStores('the journal of changes', (bench) => {
  const open = async () => {
    const store = await bench().open();
    return { store, journal: new ChangeJournal(store, () => 1) };
  };

  for (const [what, write] of Object.entries(writes)) {
    it(`refuses an owner that was replaced and does not know it yet: ${what}`, async () => {
      const { store, journal } = await open();
      const other = await open();
      await journal.create(plan(), progress(''));
      const lost: string[] = [];
      const old = await journal.own(id, { console: 'one', person: 'ada@desk' }, ({ message }) => lost.push(message));
      await old.writeHost(host('by the first owner'), 'take');
      await put(store, `${keys.wishes(id)}one`, JSON.stringify({ v: 1, verb: 'pause', host: null, by: 'eve', at: 1 }));
      // As when its lease ran out while it slept.
      await other.store.commit([], [{ delete: keys.owner(id) }]);
      const owner = await other.journal.own(id, { console: 'two', person: 'bob@desk' }, () => {});
      expect(owner.token).toBeGreaterThan(old.token);
      const before = await standing(store);
      expect(await said(write(old))).toBe('conflict: bob@desk drives this change from two');
      expect(lost).toEqual(['bob@desk drives this change from two']);
      expect(old.lost?.code).toBe('conflict');
      // From then on it does not even ask.
      for (const again of Object.values(writes)) expect(await said(again(old))).toMatch(/^conflict: bob@desk/);
      await old.release();
      expect(await standing(store)).toEqual(before);
      // The new one writes all of it.
      for (const own of Object.values(writes)) await own(owner);
      await owner.release();
    });
  }

  it('gives a change to one of two consoles that take it at the same moment', async () => {
    const [one, two] = [await open(), await open()];
    await one.journal.create(plan(), progress(''));
    for (let round = 0; round < 20; round++) {
      const taken = await Promise.allSettled([
        one.journal.own(id, { console: 'one', person: 'ada@desk' }, () => {}),
        two.journal.own(id, { console: 'two', person: 'bob@desk' }, () => {}),
      ]);
      const won = taken.filter((one) => one.status === 'fulfilled');
      expect(won).toHaveLength(1);
      await won[0]?.value.release();
    }
  });

  it('tells an altered plan, and an altered text, from the one that was written down', async () => {
    const { store, journal } = await open();
    const whole = plan();
    await journal.create(whole, progress(''));
    expect((await journal.load(id)).plan).toEqual(whole);
    const altered = 'refused: the plan in the journal was altered';
    const stored = (await store.get(keys.plan(id)))?.value ?? '';
    const body = `${keys.body(id)}0000`;
    const bodyText = (await store.get(body))?.value ?? '';
    for (const [key, value, back] of [
      [keys.plan(id), stored.replace('"Set workers"', '"Harmless"'), stored],
      [body, bodyText.replace('"mode":"644"', '"mode":"777"'), bodyText],
      [body, bodyText.replace('"waves":[["node1"]]', '"waves":[["node2"]]'), bodyText],
      // More than any schema asks for is no part of what was approved.
      [keys.plan(id), stored.replace('"title"', '"more":1,"title"'), stored],
      [`${keys.texts(id)}0000`, 'workers = 9\n', content],
    ] as const) {
      expect(value).not.toBe(back);
      await put(store, key, value);
      expect(await said(journal.load(id))).toBe(altered);
      expect((await journal.load(id, 'as-it-is')).altered).toBe(true);
      await put(store, key, back);
      expect(await said(journal.load(id))).toBe('done');
    }
    // A plan of another change, whole in itself.
    const { hash: _hash, contents, ...other } = plan();
    const moved = { ...other, id: '20261123-bbbbbb' };
    const hash = planHash({ ...moved, contents });
    const wrapped = { v: 1, plan: { ...moved, hash }, contents: [sha256(content)] };
    await put(store, keys.content(id, sha256(content)), content);
    await put(store, keys.plan(id), JSON.stringify(wrapped));
    expect(await said(journal.load(id))).toBe(altered);
  });
});
