import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChangeState, HostChange } from '#shared/contract/change.ts';
import { fail } from '#shared/contract/problem.ts';
import type { JournalStore, StoreStep } from '#core/changes/journal-store.ts';
import { Scope } from '#core/lib/scope.ts';
import { type FolderConsole, type FolderHosts, settings, startFolderHosts } from '#kit/folder-hosts.ts';
import { onBothStores } from '#kit/journal-stores.ts';
import { oneFile, type OneFileOptions } from '#kit/one-file.ts';

// A journal that cannot be written for a moment, or a lease that lapses: the change is driven on, once, by whoever may.
const hosts = ['a', 'b', 'c'];
const path = `${settings}/app.conf`;
const hold = (host: string) => `${settings}/hold-${host}`;
const gateOf = (host: string) => `while [ -e ${hold(host)} ]; do sleep 0.05; done`;

// Each waits for many programs to start, one after the other.
vi.setConfig({ testTimeout: 180_000 });

let scope: Scope;
let fleet: FolderHosts;
let ada: FolderConsole;
let id: string;

beforeEach(async () => {
  scope = new Scope('taken up');
  fleet = await startFolderHosts(scope, hosts);
  for (const host of hosts) await fleet.write(host, path, 'old\n');
  ada = await fleet.console('ada', scope);
});
afterEach(async () => {
  for (const host of hosts) await fleet.remove(host, hold(host));
  await scope.end();
});

const progress = (from = ada) => from.records.get('change', id, 'progress');
const owner = (from = ada) => from.records.get('change', id, 'owner')?.owner ?? null;
const states = (from = ada) => from.records.get('change', id, 'hosts')?.map(({ state }) => state) ?? [];
const until = (what: () => unknown) => expect.poll(what, { timeout: 50_000, interval: 30 });
const is = (state: ChangeState, from = ada) => until(() => progress(from)?.state).toBe(state);
const hostIs = (host: string, state: HostChange['state']) =>
  until(() => ada.records.get('change', id, 'hosts')?.find((one) => one.host === host)?.state).toBe(state);
const texts = () => Promise.all(hosts.map(async (host) => (await fleet.read(host, path))?.trim()));

async function started({ policy = {}, ...more }: OneFileOptions = {}): Promise<void> {
  const gates = hosts.map((host) => ({ kind: 'command' as const, command: gateOf(host), timeoutS: 60 }));
  const plan = await ada.changes.plan(
    oneFile(hosts, path, 'new\n', {
      gates,
      ...more,
      policy: { waves: [{ size: 100, unit: 'percent' }], deadmanS: 120, confirmOver: 'open-connection', ...policy },
    }),
    null,
  );
  await ada.changes.propose(plan);
  ({ id } = plan);
  await is('planned');
  await ada.changes.act(id, 'start', null, null);
}

/**
 * The same journal; what it is asked to commit passes through `on`, which may fail it before or after it was made. `wrote` is
 * told what was.
 */
function through(
  store: JournalStore,
  on: (steps: string, commit: () => Promise<unknown>) => Promise<void>,
  wrote: (steps: readonly StoreStep[]) => void = () => {},
): JournalStore {
  return Object.assign(Object.create(store) as JournalStore, {
    commit: async (...[guards, steps]: Parameters<JournalStore['commit']>) => {
      let made: Awaited<ReturnType<JournalStore['commit']>> | null = null;
      const commit = async () => {
        if (made) return made;
        made = await store.commit(guards, steps);
        if (made.made) wrote(steps);
        return made;
      };
      await on(JSON.stringify(steps), commit);
      return made ?? (await commit());
    },
  });
}

/** The states of which these steps tell, of the change and each of its hosts, each once in their order. */
function statesIn(steps: readonly StoreStep[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const step of steps) {
    const name = 'put' in step ? (/\/(progress|hosts\/[^/]+)$/.exec(step.put)?.[1] ?? null) : null;
    if (name === null || !('put' in step)) continue;
    const { host, progress: whole } = JSON.parse(step.value) as StoredStates;
    const state = host?.state ?? (whole && `${whole.state} ${whole.wave}`);
    if (state === undefined || state === 'waiting') continue;
    const all = (found[name] ??= []);
    if (!all.includes(state)) all.push(state);
  }
  return found;
}
interface StoredStates {
  readonly host?: { readonly state: string };
  readonly progress?: { readonly state: string; readonly wave: number };
}

/** How often a host wrote down by itself that it took each step. */
async function stepsOn(host: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const line of ((await fleet.read(host, '/quarterdeck/journal')) ?? '').split('\n')) {
    const step = line.split(' ')[3];
    if (step !== undefined) found[step] = (found[step] ?? 0) + 1;
  }
  return found;
}
const lostWord = () => fail('lost', 'etcd went away; the change may or may not have been made');

describe.each(['made', 'not made'] as const)('a write of which the journal lost its word, though it was %s', (made) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8, 11])('number %i: the change comes to its end all the same', async (nth) => {
    let count = 0;
    let begun = false;
    const written: StoreStep[] = [];
    const lose = async (steps: string, commit: () => Promise<unknown>) => {
      // The first one that its owner writes, and what follows.
      begun ||= steps.includes('running');
      if (!begun || ++count !== nth) return;
      if (made === 'made') await commit();
      throw lostWord();
    };
    ada.changes.use(through(ada.store, lose, (steps) => void written.push(...steps)));
    // The one that begins it is told to the person who does, and may be tried again.
    await started({ policy: { waves: [{ size: 1, unit: 'hosts' }] } }).catch((error: unknown) => {
      if (nth !== 1) throw error;
    });
    if (nth === 1 && progress()?.state === 'planned') await ada.changes.act(id, 'start', null, null);
    await is('committed');
    await until(() => owner()).toBe(null);
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(await texts()).toEqual(['new', 'new', 'new']);
    // Nothing was gone on with that is not in the journal, and no host was told twice.
    const course = ['applying', 'verifying', 'confirming', 'done'];
    expect(statesIn(written)).toEqual({
      progress: ['planned 0', 'running 0', 'running 1', 'committed 1'],
      ...Object.fromEntries(hosts.map((host) => [`hosts/${host}`, course])),
    });
    for (const host of hosts)
      expect(await stepsOn(host)).toEqual({ begun: 1, 'backed-up': 1, armed: 1, written: 1, applied: 1, confirmed: 1 });
  });
});

test('hosts do not wait for one whose course broke off, as for its turn', async () => {
  for (const host of hosts) await fleet.write(host, hold(host), '');
  let failed = false;
  ada.changes.use(
    through(ada.store, async (steps) => {
      if (failed || !(steps.includes('hosts/b') && steps.includes('verifying'))) return;
      failed = true;
      throw lostWord();
    }),
  );
  await started();
  // The others are held by their gates all the while.
  await until(() => failed).toBe(true);
  await hostIs('b', 'verifying');
  await fleet.remove('b', hold('b'));
  await hostIs('b', 'done');
  expect(progress()?.state).toBe('running');
  for (const host of hosts) await fleet.remove(host, hold(host));
  await is('committed');
  expect(await texts()).toEqual(['new', 'new', 'new']);
});

test('what is handed over before it was tried again stays handed over', async () => {
  let failed = false;
  ada.changes.use(
    through(ada.store, async (steps) => {
      if (failed || !steps.includes('verifying')) return;
      failed = true;
      throw lostWord();
    }),
  );
  await fleet.write('a', hold('a'), '');
  await started({ policy: { waves: [{ size: 1, unit: 'hosts' }] } });
  await until(() => failed).toBe(true);
  await ada.changes.act(id, 'hand-over', null, null);
  await until(() => owner()).toBe(null);
  // Longer than the pause before the first try.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(owner()).toBe(null);
  await ada.changes.act(id, 'take-over', null, null);
  await fleet.remove('a', hold('a'));
  await is('committed');
});

test('what will not pass is left to a person: nobody drives it, and it says why', async () => {
  let mode: 'operate' | 'observe' = 'operate';
  Object.assign(ada.around, { mode: () => mode });
  await started({ policy: { waves: [{ size: 1, unit: 'hosts' }], soakS: 600 } });
  await until(() => progress()?.soaksUntil ?? null).not.toBe(null);
  mode = 'observe';
  await ada.changes.act(id, 'roll-back', null, null);
  await until(() => owner()).toBe(null);
  expect(progress()).toMatchObject({ state: 'rolling-back', text: 'the cluster is in observe mode' });
  expect(await texts()).toEqual(['new', 'old', 'old']);
  mode = 'operate';
  await ada.changes.act(id, 'take-over', null, null);
  await is('rolled-back');
  expect(await texts()).toEqual(['old', 'old', 'old']);
});

onBothStores('a lease that is gone', (bench) => {
  /** The console is given this journal: its leases as they were granted, and how often it wrote. */
  async function on(console: FolderConsole): Promise<{ leases: string[]; writes: () => number }> {
    const store = await bench().open();
    const leases: string[] = [];
    let writes = 0;
    const lease: JournalStore['lease'] = async (...words) => {
      const granted = await store.lease(...words);
      leases.push(granted.id);
      return granted;
    };
    const counted = through(
      store,
      async () => {},
      () => void writes++,
    );
    console.changes.use(Object.assign(counted, { lease }));
    return { leases, writes: () => writes };
  }

  test('is asked for anew by the one who drove, while nobody else did', async () => {
    const { leases } = await on(ada);
    await fleet.write('a', hold('a'), '');
    await started({ policy: { waves: [{ size: 1, unit: 'hosts' }] } });
    await hostIs('a', 'verifying');
    const before = owner()?.token ?? 0;
    await bench().revoke(leases.at(-1) ?? '');
    await until(() => (owner()?.token ?? 0) > before).toBe(true);
    await fleet.remove('a', hold('a'));
    await is('committed');
    expect(states()).toEqual(['done', 'done', 'done']);
    expect(await texts()).toEqual(['new', 'new', 'new']);
    expect(leases.length).toBe(2);
    await until(() => owner()).toBe(null);
  });

  test('is left to the colleague who took it over meanwhile', async () => {
    const { leases, writes } = await on(ada);
    const bob = await fleet.console('bob', scope);
    await on(bob);
    await fleet.write('a', hold('a'), '');
    await started({ policy: { waves: [{ size: 1, unit: 'hosts' }] } });
    await hostIs('a', 'verifying');
    const before = owner()?.token ?? 0;
    await until(() => owner(bob)?.token).toBe(before);
    await bench().revoke(leases.at(-1) ?? '');
    // At the first moment at which he may, long before she tries again.
    await until(async () => {
      await bob.changes.act(id, 'take-over', null, null).catch(() => {});
      return owner(bob)?.here;
    }).toBe(true);
    const [hers, his] = [writes(), owner(bob)?.token];
    // Longer than the pause before her first try.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(owner(bob)).toMatchObject({ here: true, token: his });
    expect(progress(bob)?.state).toBe('running');
    await fleet.remove('a', hold('a'));
    await is('committed', bob);
    await is('committed');
    expect(leases.length).toBeLessThanOrEqual(2);
    // Nothing of hers was written once he drove it.
    expect(writes()).toBe(hers);
    expect(await texts()).toEqual(['new', 'new', 'new']);
    await until(() => owner()).toBe(null);
  });
});
