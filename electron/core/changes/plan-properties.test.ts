import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChangeDraft,
  type ChangePlan,
  defaultWaves,
  type HostChange,
  type WishedFile,
} from '#shared/contract/change.ts';
import { applyOn, copyOf, type SimulatedFile, surroundingsOf, type World } from '#kit/world-of-files.ts';
import { inverse } from './inverse.ts';
import { planChange } from './plan-change.ts';
import { isWhole, planHash, sha256 } from './plan-hash.ts';
import { planUndo } from './plan-undo.ts';
import { waitingHost } from './waiting-host.ts';

const script = 'read files';
const hosts = ['node1', 'node2', 'node3', 'node4'] as const;
const paths = ['/etc/a.conf', '/etc/b/c.conf', '/etc/d'] as const;

const text = fc
  .oneof(fc.constantFrom('', 'a\n', 'b\n', 'no line end'), fc.string({ unit: 'binary', maxLength: 12 }))
  .map(
    // A NUL is no text, and half a character is none either.
    (one) => one.replaceAll('\0', '').toWellFormed(),
  );
const file: fc.Arbitrary<SimulatedFile> = fc.record({
  text,
  mode: fc.constantFrom('644', '600', '4755'),
  uid: fc.constantFrom(0, 1000),
  gid: fc.constantFrom(0, 4),
});
const world: fc.Arbitrary<World> = fc
  .tuple(...hosts.map(() => fc.tuple(...paths.map(() => fc.option(file)))))
  .map(
    (all) =>
      new Map(
        hosts.map((host, at) => [
          host,
          new Map(paths.flatMap((path, of) => (all[at]?.[of] ? [[path, all[at][of]] as const] : []))),
        ]),
      ),
  );
const wished = fc.record({
  content: fc.option(text),
  mode: fc.option(fc.constantFrom('644', '0600', '755')),
  owner: fc.option(fc.record({ uid: fc.constantFrom(0, 1000), gid: fc.constantFrom(0, 4) })),
});
/** Some paths, each wished of some hosts; a part for each. */
const draft: fc.Arbitrary<ChangeDraft> = fc
  .tuple(...paths.map(() => fc.option(fc.tuple(wished, fc.shuffledSubarray([...hosts], { minLength: 1 })))))
  .filter((all) => all.some((one) => one !== null))
  .map((all) => ({
    title: 'A change',
    policy: { ...defaultWaves, waves: [{ size: 1, unit: 'hosts' as const }] },
    parts: paths.flatMap((path, at) => {
      const [wish, of] = all[at] ?? [];
      if (!wish || !of) return [];
      return [{ hosts: [...of], files: [{ path, ...wish, seen: null }], actions: [], validators: [], gates: [] }];
    }),
  }));

/** What a path is to hold; undefined for nothing. */
function wishOf(
  { content, mode, owner }: Pick<WishedFile, 'content' | 'mode' | 'owner'>,
  was: SimulatedFile = { text: '', mode: '644', uid: 0, gid: 0 },
): SimulatedFile | undefined {
  if (content === null) return undefined;
  return {
    text: content,
    mode: mode?.replace(/^0/, '') ?? was.mode,
    uid: owner?.uid ?? was.uid,
    gid: owner?.gid ?? was.gid,
  };
}

const readUpdate = () => Promise.reject(new Error('hosts of this world have no update agent'));
const planned = async (of: World, wish: ChangeDraft) =>
  planChange({ around: await surroundingsOf(of), readScript: script, checks: [], readUpdate }, wish, null);
const undone = async (of: World, plan: ChangePlan) =>
  planUndo({ around: await surroundingsOf(of), readScript: script, readUpdate }, plan, done(plan), null);
const targets = ({ waves }: ChangePlan) => waves.flat();
const done = (plan: ChangePlan): HostChange[] =>
  targets(plan).map((host) => ({ ...waitingHost(host, 0), state: 'done' as const }));

describe('a plan', () => {
  it('has every host once, brings each to what is wished of it and nothing else, and then has nothing to do', async () => {
    await fc.assert(
      fc.asyncProperty(world, draft, async (before, wish) => {
        const plan = await planned(before, wish);
        const asked = new Set(wish.parts.flatMap((part) => part.hosts));
        const named = [...targets(plan), ...plan.unchanged, ...plan.leftOut.map(({ host }) => host)];
        expect(named.toSorted()).toEqual([...asked].toSorted());
        expect(plan.steps.flatMap((step) => step.hosts).toSorted()).toEqual(targets(plan).toSorted());
        expect(isWhole(plan.id, plan, plan.contents)).toBe(true);
        const now = copyOf(before);
        for (const host of targets(plan)) applyOn(now, plan, host);
        for (const host of hosts) {
          for (const path of paths) {
            const part = wish.parts.find((one) => one.hosts.includes(host) && one.files[0]?.path === path);
            const was = before.get(host)?.get(path);
            const is = now.get(host)?.get(path);
            const asks = part?.files[0];
            expect(is).toEqual(asks ? wishOf(asks, was) : was);
          }
        }
        const again = await planned(now, wish);
        expect([again.steps, again.unchanged.toSorted()]).toEqual([[], [...asked].toSorted()]);
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on the order of parts and hosts, but for the order in which hosts come', async () => {
    const mixed = draft.chain((wish) =>
      fc.tuple(
        fc.constant(wish),
        fc
          .shuffledSubarray(wish.parts, { minLength: wish.parts.length })
          .chain((parts) =>
            fc
              .tuple(...parts.map((part) => fc.shuffledSubarray(part.hosts, { minLength: part.hosts.length })))
              .map((orders) => ({ ...wish, parts: parts.map((part, at) => ({ ...part, hosts: orders[at] ?? [] })) })),
          ),
      ),
    );
    const stepsOf = (plan: ChangePlan) =>
      Object.fromEntries(
        plan.steps.flatMap(({ hosts: of, files }) =>
          of.map((host) => [host, files.toSorted((a, b) => (a.path < b.path ? -1 : 1))]),
        ),
      );
    await fc.assert(
      fc.asyncProperty(world, mixed, async (before, [wish, other]) => {
        const [one, two] = [await planned(before, wish), await planned(before, other)];
        expect(stepsOf(two)).toEqual(stepsOf(one));
        expect(two.contents).toEqual(one.contents);
        expect(targets(two).toSorted()).toEqual(targets(one).toSorted());
      }),
      { numRuns: 100 },
    );
  });
});

describe('an undo', () => {
  it('of what is undone already has nothing to do, and calls no host one that moved on', async () => {
    await fc.assert(
      fc.asyncProperty(world, draft, async (before, wish) => {
        const plan = await planned(before, wish);
        fc.pre(targets(plan).length > 0);
        const again = await undone(copyOf(before), plan);
        expect([again.steps, again.leftOut, again.waves]).toEqual([[], [], []]);
        expect(again.unchanged.toSorted()).toEqual(targets(plan).toSorted());
      }),
      { numRuns: 50 },
    );
  });
});

describe('the way back', () => {
  it('from a step leads to exactly where it began, and there again', async () => {
    await fc.assert(
      fc.asyncProperty(world, draft, async (before, wish) => {
        const plan = await planned(before, wish);
        const back = { steps: plan.steps.map(inverse), contents: plan.contents };
        // The times that are told beside a file are no part of what it leads back to.
        const course = (steps: ChangePlan['steps']) =>
          steps.map(({ files }) => files.map(({ path, before: was, after }) => ({ path, was, after })));
        expect(course(back.steps.map(inverse))).toEqual(course(plan.steps));
        const now = copyOf(before);
        for (const host of targets(plan)) applyOn(now, plan, host);
        for (const host of targets(plan)) applyOn(now, back, host);
        expect(now).toEqual(before);
      }),
      { numRuns: 150 },
    );
  });

  it('is a plan of its own that leaves out, and does not touch, a host that moved on since', async () => {
    await fc.assert(
      fc.asyncProperty(world, draft, fc.subarray([...hosts]), fc.boolean(), async (before, wish, moves, twice) => {
        const plan = await planned(before, wish);
        fc.pre(targets(plan).length > 0);
        const now = copyOf(before);
        for (const host of targets(plan)) applyOn(now, plan, host);
        const moved = moves.filter((host) => targets(plan).includes(host));
        for (const host of moved) {
          const path = plan.steps.find((step) => step.hosts.includes(host))?.files[0]?.path ?? '';
          const was = now.get(host)?.get(path);
          now.get(host)?.set(path, { ...(was ?? { mode: '644', uid: 0, gid: 0 }), text: `${was?.text ?? ''}moved on` });
        }
        const committed = copyOf(now);
        const back = await undone(now, plan);
        expect(new Map(back.leftOut.map(({ host, reason }) => [host, reason.code]))).toEqual(
          new Map(moved.map((host) => [host, 'stale'])),
        );
        expect(isWhole(back.id, back, back.contents)).toBe(true);
        for (const host of targets(back)) applyOn(now, back, host);
        for (const host of hosts) {
          const expected = moved.includes(host) ? committed.get(host) : before.get(host);
          expect(now.get(host)).toEqual(expected);
        }
        // To undo what undid it leads to where the change had led.
        if (!twice || targets(back).length === 0) return;
        const forth = await undone(now, back);
        for (const host of targets(forth)) applyOn(now, forth, host);
        expect(now).toEqual(committed);
      }),
      { numRuns: 150 },
    );
  });
});

/** The same with its keys in another order, all the way down. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, part]) => [key, reordered(part)]),
  );
}

/** Every place in a value where a text, a number or a truth stands. */
function leaves(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [at];
  return Object.entries(value).flatMap(([key, part]) =>
    leaves(part, [...at, Array.isArray(value) ? Number(key) : key]),
  );
}

function altered(value: unknown, [key, ...rest]: readonly (string | number)[]): unknown {
  if (key === undefined) return typeof value === 'number' ? value + 1 : `${String(value)}x`;
  if (Array.isArray(value)) return value.map((part, at) => (at === key ? altered(part, rest) : (part as unknown)));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, part]) => [
      name,
      name === key ? altered(part, rest) : (part as unknown),
    ]),
  );
}

describe('the hash of a plan', () => {
  it('is of what it says, not of how it is written, and of every single thing it says', async () => {
    await fc.assert(
      fc.asyncProperty(world, draft, fc.nat(), async (before, wish, nth) => {
        const { hash, ...plan } = await planned(before, wish);
        expect(planHash(reordered(plan) as typeof plan)).toBe(hash);
        expect(planHash(JSON.parse(JSON.stringify(plan)) as typeof plan)).toBe(hash);
        const places = leaves(plan);
        const other = altered(plan, places[nth % places.length] ?? []) as typeof plan;
        expect(planHash(other)).not.toBe(hash);
        expect(isWhole(plan.id, { ...other, hash }, other.contents)).toBe(false);
        // Nor does a text under the hash of another one pass, whatever the plan's own hash then is.
        const forged = { ...plan, contents: { ...plan.contents, [sha256('a')]: 'b' } };
        expect(isWhole(plan.id, { ...forged, hash: planHash(forged) }, forged.contents)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});
