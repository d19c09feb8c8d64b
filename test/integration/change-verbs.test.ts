import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ChangePlan,
  type ChangeState,
  changeStates,
  type ChangeVerb,
  changeVerbs,
  type HostChange,
} from '#shared/contract/change.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { allowedVerbs } from '#shared/lib/change/verbs.ts';
import type { JournalStore } from '#core/changes/journal-store.ts';
import { Scope } from '#core/lib/scope.ts';
import { type FolderConsole, type FolderHosts, settings, startFolderHosts } from '#kit/folder-hosts.ts';
import { oneFile, type OneFileOptions } from '#kit/one-file.ts';

// Each verb in each state a change can be in, with a real journal and real programs on (folder) hosts.
const hosts = ['a', 'b', 'c'];
const path = `${settings}/app.conf`;
const flag = (name: string) => `${settings}/${name}`;
/** Goes on once it may; then cannot tell, or fails, where a file says so. */
const gate = `while [ -e ${flag('hold')} ]; do sleep 0.02; done
[ ! -e ${flag('unsure')} ] || exit 124
[ ! -e ${flag('lost')} ] || exit 255
[ ! -e ${flag('fails')} ]`;

let scope: Scope;
let fleet: FolderHosts;
let ada: FolderConsole;
let bob: FolderConsole;
let adas: Scope;
const locks: ChildProcess[] = [];

beforeEach(async () => {
  scope = new Scope('verbs');
  fleet = await startFolderHosts(scope, hosts);
  for (const host of hosts) await fleet.write(host, path, 'old\n');
  adas = scope.child('ada');
  ada = await fleet.console('ada', adas);
  bob = await fleet.console('bob', scope);
});
afterEach(async () => {
  for (const host of hosts) await fleet.remove(host, flag('hold'));
  for (const lock of locks.splice(0)) lock.kill();
  await scope.end();
});

async function until<T>(what: string, look: () => T | undefined | false | null): Promise<T> {
  const from = performance.now();
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() - from > 25_000)
      throw new Error(`${what}: ${JSON.stringify(ada.records.record('change', id))}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let id = '';
const hostOf = (name: string, from = ada) =>
  from.records.get('change', id, 'hosts')?.find(({ host }) => host === name) as HostChange | undefined;
const evidenceOf = async (name: string) => {
  const { hosts: all } = await ada.changes.read(id);
  return all.find(({ host }) => host === name)?.evidence.map(({ step }) => step);
};
const statesOf = (from = ada) => from.records.get('change', id, 'hosts')?.map(({ state }) => state);
const progress = (from = ada) => from.records.get('change', id, 'progress');
const owner = (from = ada) => from.records.get('change', id, 'owner')?.owner;
const is = (state: ChangeState, from = ada) =>
  until(`is ${state}`, () => progress(from)?.state === state && progress(from));
const hostIs = (name: string, state: HostChange['state'], from = ada) =>
  until(`${name} is ${state}`, () => hostOf(name, from)?.state === state && hostOf(name, from));
const act = (verb: ChangeVerb, named: string[] | string | null = null, from = ada) =>
  from.changes.act(id, verb, named, null);

async function proposed(more: OneFileOptions = {}): Promise<ChangePlan> {
  const draft = oneFile(hosts, path, 'new\n', {
    gates: [{ kind: 'command', command: gate, timeoutS: 60 }],
    ...more,
    policy: {
      waves: [{ size: 1, unit: 'hosts' }],
      maxUnavailable: 1,
      deadmanS: 60,
      confirmOver: 'open-connection',
      ...more.policy,
    },
  });
  const plan = await ada.changes.plan(draft, null);
  await ada.changes.propose(plan);
  ({ id } = plan);
  for (const from of [ada, bob]) await is('planned', from);
  return plan;
}

async function started(more: OneFileOptions = {}): Promise<void> {
  await proposed(more);
  await act('start');
}

/** Holds the lock of a host, so that whatever it is to do waits. */
async function lock(host: string): Promise<void> {
  const child = spawn('flock', [fleet.at(host, '/quarterdeck/lock'), 'sh', '-c', 'echo held; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  locks.push(child);
  await once(child.stdout, 'data');
}
function unlock(): void {
  for (const child of locks.splice(0)) if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
}

/** Each state by real ways; with a host in it whose state makes most verbs possible. */
const arrive: Record<ChangeState, () => Promise<void>> = {
  planned: async () => void (await proposed()),
  running: async () => {
    await fleet.write('a', flag('hold'), '');
    await started();
    await hostIs('a', 'verifying');
  },
  paused: async () => {
    await fleet.write('a', flag('fails'), '');
    await started();
    await is('paused');
  },
  stopped: async () => {
    await started({ policy: { soakS: 600 } });
    await until('soaks', () => progress()?.soaksUntil);
    await act('stop');
    await is('stopped');
  },
  committed: async () => {
    await fleet.write('a', flag('fails'), '');
    await started({ policy: { failureBudget: 1 } });
    await is('committed');
  },
  'rolling-back': async () => {
    await started({ policy: { soakS: 600 } });
    await until('soaks', () => progress()?.soaksUntil);
    await lock('a');
    await act('roll-back');
    await hostIs('a', 'undoing');
  },
  'rolled-back': async () => {
    await arrive.stopped();
    await act('roll-back');
    await is('rolled-back');
  },
  'not-rolled-back': async () => {
    await arrive.stopped();
    await fleet.write('a', path, 'by somebody else\n');
    await act('roll-back');
    await is('not-rolled-back');
  },
};

const files = () => Promise.all(hosts.map(async (host) => (await fleet.read(host, path))?.trim()));

describe.each(changeStates)('a change that is %s', (state) => {
  test('refuses what does not fit it, and stays as it is', async () => {
    await arrive[state]();
    // A colleague's console knows the same.
    await is(state, bob);
    const before = [progress()?.state, statesOf()];
    const allowed = allowedVerbs({ state }, ada.records.get('change', id, 'hosts') ?? [], owner() !== null);
    for (const verb of changeVerbs.filter((one) => !allowed.includes(one))) {
      for (const from of [ada, bob]) {
        const refused = await act(verb, 'a', from).catch(toProblem);
        expect([verb, refused]).toMatchObject([verb, { code: 'refused' }]);
      }
    }
    expect([progress()?.state, statesOf()]).toEqual(before);
    unlock();
  });
});

const release = () => fleet.remove('a', flag('hold'));
const mend = () => fleet.remove('a', flag('fails'));

/** What a verb comes to: how the change ends up, its hosts, and what they hold. */
const effects: [ChangeState, ChangeVerb, string[] | null, () => Promise<unknown>, ChangeState, string[], string[]][] = [
  ['planned', 'start', null, async () => {}, 'committed', ['done', 'done', 'done'], ['new', 'new', 'new']],
  ['planned', 'stop', null, async () => {}, 'stopped', ['waiting', 'waiting', 'waiting'], ['old', 'old', 'old']],
  ['running', 'pause', null, release, 'paused', ['done', 'waiting', 'waiting'], ['new', 'old', 'old']],
  ['running', 'stop', null, release, 'stopped', ['done', 'waiting', 'waiting'], ['new', 'old', 'old']],
  ['running', 'roll-back', null, release, 'rolled-back', ['undone', 'waiting', 'waiting'], ['old', 'old', 'old']],
  ['running', 'skip', ['b', 'c'], release, 'committed', ['done', 'skipped', 'skipped'], ['new', 'old', 'old']],
  ['paused', 'resume', null, mend, 'committed', ['restored', 'done', 'done'], ['old', 'new', 'new']],
  ['paused', 'stop', null, mend, 'stopped', ['restored', 'waiting', 'waiting'], ['old', 'old', 'old']],
  ['stopped', 'roll-back', null, mend, 'rolled-back', ['undone', 'waiting', 'waiting'], ['old', 'old', 'old']],
];

test.each(effects)('%s, %s of %s', async (state, verb, named, then, ends, states, texts) => {
  await arrive[state]();
  // By a colleague where somebody drives it already: the wish is granted by who does.
  await act(verb, named, owner() ? bob : ada);
  if (verb === 'pause' || verb === 'stop' || verb === 'roll-back')
    await until('is asked', () => progress()?.state !== 'running' || /asked by/.test(progress()?.text ?? ''));
  if (verb === 'skip') await hostIs('b', 'skipped');
  await then();
  await is(ends);
  expect(statesOf()).toEqual(states);
  expect(await files()).toEqual(texts);
});

test.each(['paused', 'committed'] as const)(
  '%s, retry-failed: every host that failed is tried again, others are not',
  async (state) => {
    await arrive[state]();
    await mend();
    const inode = () => fleet.read('b', '/quarterdeck/journal');
    const before = state === 'committed' ? await inode() : null;
    await act('retry-failed');
    await until('is over', () => progress()?.state === 'committed' && statesOf()?.every((one) => one === 'done'));
    expect(hostOf('a')?.attempt).toBe(2);
    expect([null, await inode()]).toContain(before);
    expect(await files()).toEqual(['new', 'new', 'new']);
  },
);

test('paused, resume: what failed is accepted by name and on record; new failures count anew', async () => {
  await arrive.paused();
  await fleet.write('b', flag('fails'), '');
  await act('resume', null, bob);
  const again = await until(
    'paused again',
    () => progress()?.state === 'paused' && hostOf('b')?.state === 'restored' && progress(),
  );
  expect(again.text).toContain('b: ');
  expect(again.text).toContain('(none may fail, beside 1 accepted)');
  expect(statesOf()).toEqual(['restored', 'restored', 'waiting']);
  expect(hostOf('a')?.accepted?.by).toBe('bob');
  expect(hostOf('b')?.accepted).toBeNull();
  await act('resume');
  expect((await is('committed')).text).toBe('1 of 3 hosts, 2 failed');
  expect(hostOf('b')?.accepted?.by).toBe('ada');
});

test('running, pause and then resume: a failure meanwhile is told before it can be accepted', async () => {
  await arrive.running();
  await fleet.write('a', flag('fails'), '');
  await act('pause');
  await release();
  expect((await is('paused')).text).toBe('paused by ada');
  expect(statesOf()).toEqual(['restored', 'waiting', 'waiting']);
  await act('resume');
  await until('told', () => progress()?.text.startsWith('a: ') && progress()?.state === 'paused');
  expect(statesOf()).toEqual(['restored', 'waiting', 'waiting']);
  expect(hostOf('a')?.accepted).toBeNull();
  await act('resume');
  await is('committed');
  expect(hostOf('a')?.accepted?.by).toBe('ada');
});

/** The same journal, as far away as an etcd over a slow line: answers come later. */
const farAway = (store: JournalStore): JournalStore =>
  Object.assign(Object.create(store) as JournalStore, {
    commit: async (...words: Parameters<JournalStore['commit']>) => {
      const made = await store.commit(...words);
      await new Promise((resolve) => setTimeout(resolve, 40));
      return made;
    },
  });

// One person resumes as another stops it: whichever comes first, the stop is the last word.
test.each([0, 5, 10, 20, 30, 50])('paused, resume and stop that cross, %i ms apart: stopped it stays', async (ms) => {
  ada.changes.use(farAway(ada.store));
  await arrive.running();
  await fleet.write('a', flag('fails'), '');
  await act('pause');
  await release();
  await is('paused');
  const resumed = act('resume');
  await new Promise((resolve) => setTimeout(resolve, ms));
  await Promise.allSettled([resumed, act('stop')]);
  await until('nobody drives', () => owner() === null);
  expect([progress()?.state, progress()?.text]).toEqual(['stopped', 'stopped by ada']);
  expect(statesOf()).toEqual(['restored', 'waiting', 'waiting']);
  expect(await files()).toEqual(['old', 'old', 'old']);
});

test('paused, skip: several failed hosts at once, all or none', async () => {
  await fleet.write('a', flag('fails'), '');
  await fleet.write('b', flag('fails'), '');
  await started({ policy: { failureBudget: 1, maxUnavailable: 1 } });
  await is('paused');
  expect(statesOf()).toEqual(['restored', 'restored', 'waiting']);
  await expect(act('skip', ['a', 'nobody'])).rejects.toThrow('nobody has no part');
  await expect(act('skip', null)).rejects.toThrow('name the hosts');
  expect(statesOf()).toEqual(['restored', 'restored', 'waiting']);
  await act('skip', ['a', 'b']);
  await until('skipped', () => statesOf()?.join(' ') === 'skipped skipped waiting');
  await act('resume');
  expect((await is('committed')).text).toBe('1 of 3 hosts, 2 skipped');
});

describe('a host whose connection breaks while a gate is asked', () => {
  beforeEach(async () => {
    await fleet.write('a', flag('lost'), '');
    await started({ policy: { deadmanS: 10 } });
    await until('told', () => hostOf('a')?.text.endsWith('; asked again when it can be reached'));
    await expect.poll(() => evidenceOf('a'), { timeout: 10_000 }).toContain('gate inconclusive');
  });

  test('is asked again when it can be reached', async () => {
    await fleet.remove('a', flag('lost'));
    await is('committed');
    expect(statesOf()).toEqual(['done', 'done', 'done']);
  });

  test('took the change back where that is too late, which is told', async () => {
    expect((await hostIs('a', 'restored')).text).toBe('nobody confirmed it in time: the host took it back by itself');
    await is('paused');
    expect(await files()).toEqual(['old', 'old', 'old']);
  });
});

describe('of a host it is not known', () => {
  beforeEach(async () => {
    await fleet.write('a', flag('unsure'), '');
    await started({ policy: { deadmanS: 10 } });
    await is('paused');
    expect(hostOf('a')?.state).toBe('inconclusive');
    expect(await fleet.read('a', path)).toBe('new\n');
  });

  test('accept confirms it, and the change can go on', async () => {
    await act('accept', 'a', bob);
    await hostIs('a', 'done');
    expect(hostOf('a')?.text).toBe('accepted by bob');
    expect(progress()?.state).toBe('paused');
    await act('resume');
    await is('committed');
    expect(await files()).toEqual(['new', 'new', 'new']);
  });

  test('accept comes too late where the host took it back, which is said', async () => {
    const from = performance.now();
    while ((await fleet.read('a', path)) === 'new\n' && performance.now() - from < 20_000)
      await new Promise((resolve) => setTimeout(resolve, 100));
    await act('accept', 'a');
    const late = await hostIs('a', 'restored');
    expect(late.text).toBe('the host had taken the change back by itself before ada accepted it');
    expect(await files()).toEqual(['old', 'old', 'old']);
  });

  test('resume goes on without it: it is put back at once', async () => {
    await act('resume');
    await is('committed');
    expect(statesOf()).toEqual(['restored', 'done', 'done']);
    expect(hostOf('a')?.text).toContain('ada went on without it');
    expect(await files()).toEqual(['old', 'new', 'new']);
  });

  test('one that is accepted while it cannot be reached is still not known', async () => {
    fleet.cut('a', true);
    await act('accept', 'a');
    await until(
      'looked',
      () => hostOf('a')?.state === 'inconclusive' && hostOf('a')?.text.includes('cannot be reached'),
    );
    fleet.cut('a', false);
    await act('accept', 'a');
    expect((await hostIs('a', 'done')).text).toBe('accepted by ada');
  });

  test('roll-back takes it back, also after it was skipped', async () => {
    await act('skip', 'a');
    await hostIs('a', 'skipped');
    await act('roll-back');
    await is('rolled-back');
    expect(statesOf()).toEqual(['undone', 'waiting', 'waiting']);
    expect(await files()).toEqual(['old', 'old', 'old']);
  });
});

describe('another console', () => {
  test.each(['pause', 'stop', 'roll-back'] as const)(
    'asks one whose console is gone to %s: what was begun is settled first',
    async (verb) => {
      await arrive.running();
      await adas.end();
      await until('nobody drives', () => owner(bob) === null);
      await release();
      await act(verb, null, bob);
      await is(verb === 'pause' ? 'paused' : verb === 'stop' ? 'stopped' : 'rolled-back', bob);
      expect(statesOf(bob)).toEqual([verb === 'roll-back' ? 'undone' : 'done', 'waiting', 'waiting']);
      expect(await files()).toEqual([verb === 'roll-back' ? 'old' : 'new', 'old', 'old']);
    },
  );

  test.each(['running', 'paused', 'rolling-back'] as const)('takes over what is handed over: %s', async (state) => {
    await arrive[state]();
    await until('ada drives', () => owner(bob));
    await act('hand-over', null, bob);
    await until('nobody drives', () => owner(bob) === null);
    await release();
    unlock();
    await act('take-over', null, bob);
    const ends = ({ running: 'committed', paused: 'paused', 'rolling-back': 'rolled-back' } as const)[state];
    await is(ends, bob);
    if (state === 'paused') await until('drives', () => owner(bob)?.here);
    const texts = {
      running: ['new', 'new', 'new'],
      paused: ['old', 'old', 'old'],
      'rolling-back': ['old', 'old', 'old'],
    };
    expect(await files()).toEqual(texts[state]);
  });
});

test('not rolled back, roll-back: tried again where it could not be put back', async () => {
  await arrive['not-rolled-back']();
  expect(progress()?.text).toBe('NOT put back on a');
  expect(hostOf('a')?.state).toBe('not-restored');
  await fleet.write('a', path, 'new\n');
  await act('roll-back', null, bob);
  await is('rolled-back', bob);
  expect(await files()).toEqual(['old', 'old', 'old']);
});
