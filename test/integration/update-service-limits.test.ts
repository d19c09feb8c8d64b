import { expect, test } from 'vitest';
import type { JournalStore } from '#core/changes/journal-store.ts';
import { removeItem, saveItem } from '#core/update-service/edit-setup.ts';
import { ServiceSetup } from '#core/update-service/service-setup.ts';
import { listInstances, finishRollout } from '#core/update-service/sweep.ts';
import { UpdateServer } from '#core/update-service/update-server.ts';
import { quietLog } from '#kit/etcd.ts';
import { onBothStores } from '#kit/journal-stores.ts';
import { omahaRequest } from '#kit/omaha-client.ts';
import { randomBelow, seededRandom } from '#kit/random.ts';
import { sampleChannel, sampleGroup, samplePackage } from '#kit/update-service.ts';
import { parseOmahaRequest } from '#shared/formats/omaha/request.ts';
import type { ServiceGroup } from '#shared/contract/update-service.ts';
import type { Scope } from '#core/lib/scope.ts';

const target = '4230.2.1';
const old = '4152.2.0';

/** A serving console: its own copy of the set-up and its own turns. */
function serveOn(store: JournalStore, scope: Scope, now: () => number) {
  const setup = new ServiceSetup(store, { scope, log: quietLog, changed: () => {} });
  const server = new UpdateServer({ store, setup, scope, log: quietLog, now });
  return { setup, server };
}

async function setUp(store: JournalStore, scope: Scope, more: Partial<ServiceGroup>): Promise<ServiceGroup> {
  const setup = new ServiceSetup(store, { scope, log: quietLog, changed: () => {} });
  await setup.ready;
  const save = async (item: Parameters<typeof saveItem>[2]) => {
    await saveItem(store, setup, item, null, Date.now());
    await expect.poll(() => setup[item.kind].get(item.value.id), { timeout: 5000 }).not.toBeNull();
  };
  const group = sampleGroup(more);
  await save({ kind: 'packages', value: samplePackage() });
  await save({ kind: 'channels', value: sampleChannel() });
  await save({ kind: 'groups', value: group });
  return group;
}

type Says = Parameters<typeof omahaRequest>[0];
const told = async (server: UpdateServer, says: Says) => {
  const [answer] = await server.answer(parseOmahaRequest(omahaRequest(says)), '10.0.0.1');
  const check = answer?.check;
  return check?.kind === 'update'
    ? check.package.version
    : check?.kind === 'refused'
      ? check.status
      : (check?.kind ?? 'silence');
};

onBothStores('limits of the update service', (bench) => {
  for (const seed of [1, 2, 3]) {
    test(`two servers and twenty machines in any order never give more than the policy allows (seed ${seed})`, async () => {
      const { scope } = bench();
      const open = () => bench().open();
      let clock = Date.UTC(2026, 5, 1, 10);
      const most = 1 + seed;
      const group = await setUp(await open(), scope, { maxUpdatesPerPeriod: most, periodS: 600, updateTimeoutS: 900 });
      const servers = [
        serveOn(await open(), scope, () => clock).server,
        serveOn(await open(), scope, () => clock).server,
      ];
      const random = seededRandom(seed);
      const machines = Array.from({ length: 20 }, (_, n) => ({
        machine: `machine-${n}`,
        version: old,
        since: -Infinity,
        running: false,
      }));
      const grants: number[] = [];
      let onHold = 0;
      for (let round = 0; round < 12; round++) {
        // All at once, each over one of the two; what was given is looked at when all are answered.
        await Promise.all(
          machines.map(async (one) => {
            const server = servers[randomBelow(random, 2)] as UpdateServer;
            const { machine, version } = one;
            if (one.running && random() < 0.5) {
              const failed = random() < 0.3;
              if (!failed) one.version = target;
              const event = failed ? { type: 3, result: 0 } : { type: 3, result: 2, previous: old };
              await told(server, { machine, version: one.version, events: [event] });
              one.running = false;
              return;
            }
            const late = clock - one.since > group.updateTimeoutS * 1000;
            const answer = await told(server, { machine, version, check: true });
            if (
              answer === 'error-maxUpdatesPerPeriodLimitReached' ||
              answer === 'error-maxConcurrentUpdatesLimitReached'
            )
              onHold++;
            if (answer !== target || (one.running && !late)) return;
            grants.push(clock);
            one.running = true;
            one.since = clock;
          }),
        );
        expect(grants.filter((at) => clock - at < group.periodS * 1000).length).toBeLessThanOrEqual(most);
        const atOnce = machines.filter(({ running, since }) => running && clock - since <= group.updateTimeoutS * 1000);
        expect(atOnce.length).toBeLessThanOrEqual(most);
        clock += randomBelow(random, 400_000);
      }
      expect(grants.length).toBeGreaterThan(most);
      expect(onHold).toBeGreaterThan(0);
    });
  }

  test('in safe mode one alone is first over both servers; its failure disables updates for all', async () => {
    const { scope } = bench();
    const open = () => bench().open();
    const group = await setUp(await open(), scope, { safeMode: true });
    const store = await open();
    const [one, two] = [serveOn(store, scope, Date.now), serveOn(await open(), scope, Date.now)];
    const ask = (n: number, events: Says['events'] = []) =>
      told((n % 2 === 0 ? one : two).server, { machine: `machine-${n}`, version: old, check: true, events });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => ask(n)));
    expect(answers.filter((answer) => answer === target)).toHaveLength(1);
    const first = answers.indexOf(target);
    expect(await ask(first, [{ type: 3, result: 0, errorCode: 9 }])).toBe('error-updatesDisabled');
    expect(new Set(await Promise.all(Array.from({ length: 12 }, (_, n) => ask(n))))).toEqual(
      new Set(['error-updatesDisabled']),
    );
    await expect.poll(() => two.setup.groups.get(group.id)?.value.updatesEnabled, { timeout: 5000 }).toBe(false);
    const said = two.setup.activity.values().map(({ class: kind }) => kind);
    expect(said.toSorted()).toEqual([
      'channel package updated',
      'instance update failed',
      'rollout failed',
      'rollout started',
    ]);
    const failed = (await listInstances(store, quietLog)).find(({ value }) => value.status === 'error')?.value;
    expect(failed).toMatchObject({ id: `machine-${first}`, inProgress: false });
    expect(failed?.history[0]).toMatchObject({ status: 'error', errorCode: 9, version: target });
    // Enabled again by a person, another one is first and alone.
    const revision = two.setup.groups.get(group.id)?.revision ?? 0;
    await saveItem(store, two.setup, { kind: 'groups', value: group }, revision, Date.now());
    // What the failed one took of the period stays taken.
    expect(await ask(3)).toBe('error-maxUpdatesPerPeriodLimitReached');
  });

  test('a machine that moves to another group gives back what the first one gave it', async () => {
    const { scope } = bench();
    const open = () => bench().open();
    const store = await open();
    const group = await setUp(store, scope, { maxUpdatesPerPeriod: 5000 });
    const { server, setup } = serveOn(await open(), scope, Date.now);
    const other = {
      ...group,
      id: group.id.replace(/0$/, '1'),
      name: 'Canary',
      track: 'canary',
      maxUpdatesPerPeriod: 1,
    };
    await setup.ready;
    await saveItem(store, setup, { kind: 'groups', value: other }, null, Date.now());
    await expect.poll(() => setup.groups.get(other.id), { timeout: 5000 }).not.toBeNull();
    const ask = (machine: string, track: string) => told(server, { machine, version: old, track, check: true });
    expect([await ask('a', 'stable'), await ask('b', 'stable')]).toEqual([target, target]);
    expect(await ask('a', 'canary')).toBe(target);
    expect(await ask('b', 'canary')).toBe('error-maxUpdatesPerPeriodLimitReached');
    await expect.poll(() => setup.ledgers.get(group.id)?.value.open, { timeout: 5000 }).toEqual([]);
    expect(setup.ledgers.get(other.id)?.value.open).toMatchObject([{ instance: 'a' }]);
  });

  test('a roll-out is over, once, when every machine has it; a group that moved in its policy is asked anew', async () => {
    const { scope } = bench();
    const open = () => bench().open();
    const group = await setUp(await open(), scope, {});
    const store = await open();
    const { server, setup } = serveOn(store, scope, Date.now);
    for (const machine of ['a', 'b']) expect(await told(server, { machine, version: old, check: true })).toBe(target);
    const done = (machine: string) =>
      told(server, { machine, version: target, check: true, events: [{ type: 3, result: 2, previous: old }] });
    await done('a');
    expect(await finishRollout({ store, log: quietLog, now: Date.now }, group.id)).toBe(false);
    expect(await done('b')).toBe('noupdate');
    const both = await Promise.all(
      [0, 1].map(async () => finishRollout({ store: await open(), log: quietLog, now: Date.now }, group.id)),
    );
    expect(both.filter(Boolean).length).toBeLessThanOrEqual(1);
    await expect
      .poll(() => setup.activity.values().filter((entry) => entry.class === 'rollout finished').length, {
        timeout: 10_000,
      })
      .toBe(1);
    expect(setup.ledgers.get(group.id)?.value).toMatchObject({
      open: [],
      rollout: { attempted: 2, succeeded: 2, state: 'finished' },
    });
  });

  test('what does not fit together is not written, nor over what moved', async () => {
    const { scope } = bench();
    const open = () => bench().open();
    const store = await open();
    const group = await setUp(store, scope, {});
    const { setup } = serveOn(await open(), scope, Date.now);
    await setup.ready;
    const save = (item: Parameters<typeof saveItem>[2], revision: number | null) =>
      saveItem(store, setup, item, revision, Date.now()).then(
        () => 'written',
        (error: Error) => error.message,
      );
    const other = { ...group, id: sampleGroup().id.replace(/0$/, '1'), name: 'Other', track: 'other' };
    expect(await save({ kind: 'groups', value: { ...other, track: 'stable' } }, null)).toContain(
      'another group has track',
    );
    expect(await save({ kind: 'groups', value: { ...other, timeZone: 'Middle/Earth' } }, null)).toContain(
      'no time zone',
    );
    expect(await save({ kind: 'groups', value: { ...other, arch: 'arm64' } }, null)).toContain('is for amd64');
    expect(await save({ kind: 'groups', value: { ...group, name: 'New' } }, 1)).toContain('somebody else changed it');
    expect(await save({ kind: 'groups', value: group }, null)).toContain('somebody else changed it');
    expect(await save({ kind: 'channels', value: { ...sampleChannel(), arch: 'arm64' } }, 1)).toContain('is for amd64');
    expect(await save({ kind: 'groups', value: other }, null)).toBe('written');
  });

  test('of two who edit at once one is refused: what is used stays, and nothing is made of what went or moved', async () => {
    const { scope } = bench();
    const store = await bench().open();
    const group = await setUp(store, scope, {});
    const next = samplePackage({ id: group.id.replace(/.$/, 'a'), version: '4372.0.0' });
    const spare = samplePackage({ id: group.id.replace(/.$/, 'b'), version: '4081.2.0' });
    for (const value of [next, spare])
      await saveItem(store, serveOn(store, scope, Date.now).setup, { kind: 'packages', value }, null, Date.now());
    // One console has not yet heard what the other one did.
    const heard = scope.child('a console that is behind');
    const behind = serveOn(await bench().open(), heard, Date.now).setup;
    const { setup } = serveOn(await bench().open(), scope, Date.now);
    for (const one of [behind, setup]) await one.ready;
    await heard.end();
    const said = (edit: Promise<unknown>) =>
      edit.then(
        () => 'written',
        (error: Error) => error.message,
      );
    const revision = (kind: 'packages' | 'channels' | 'groups', id: string) => behind[kind].get(id)?.revision ?? 0;
    const channel = sampleChannel();
    const save = (from: ServiceSetup, item: Parameters<typeof saveItem>[2]) =>
      said(saveItem(store, from, item, revision(item.kind, item.value.id), Date.now()));
    const remove = (from: ServiceSetup, kind: 'packages' | 'groups', id: string) =>
      said(removeItem(store, from, kind, id, revision(kind, id)));

    expect(await remove(setup, 'packages', spare.id)).toBe('written');
    const faster = 'somebody else changed it since you looked';
    expect(await save(behind, { kind: 'channels', value: { ...channel, package: spare.id } })).toBe(faster);
    expect(await save(setup, { kind: 'channels', value: { ...channel, package: next.id } })).toBe('written');
    expect(await remove(behind, 'packages', next.id)).toBe(faster);
    await expect.poll(() => setup.channels.get(channel.id)?.value.package, { timeout: 5000 }).toBe(next.id);
    expect(setup.packages.get(next.id)?.value.version).toBe('4372.0.0');
    expect(await save(setup, { kind: 'groups', value: { ...group, name: 'Web' } })).toBe('written');
    expect(await remove(behind, 'groups', group.id)).toBe(faster);
    await expect.poll(() => setup.groups.get(group.id)?.value.name, { timeout: 5000 }).toBe('Web');
  });
});
