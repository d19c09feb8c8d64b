import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type ChangePlan, defaultWaves, type FileState } from '#shared/contract/change.ts';
import { archiveChange, readArchive } from '#core/changes/archive.ts';
import { ChangeJournal } from '#core/changes/change-journal.ts';
import { keys } from '#core/changes/stored-change.ts';
import { planHash } from '#core/changes/plan-hash.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { needsEtcd, startEtcd } from '#kit/etcd.ts';
import { codeOf, onBothStores } from '#kit/journal-stores.ts';
import { startTestCore } from '#kit/test-core.ts';

const hostCount = 1200;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const progress = {
  state: 'planned' as const,
  text: '',
  wave: 0,
  soaksUntil: null,
  startedAt: null,
  endedAt: null,
  approvals: [],
};

/** Each host has a file of its own, of which one line changes. */
function largePlan(id: string, textChars = 2000): ChangePlan {
  const contents: Record<string, string> = {};
  const state = (text: string): FileState => {
    contents[sha256(text)] = text;
    return { kind: 'file', hash: sha256(text), mode: '644', uid: 0, gid: 0 };
  };
  const hosts = Array.from({ length: hostCount }, (_, at) => `node${at}.example.org`);
  const steps = hosts.map((host) => {
    const own = `# ${host} 🛥\n${'x'.repeat(textChars)}\n`;
    return {
      hosts: [host],
      files: [{ path: '/etc/app.conf', before: state(`${own}workers = 4\n`), after: state(`${own}workers = 8\n`) }],
      actions: [{ verb: 'restart' as const, unit: 'app.service' }],
      undo: [{ verb: 'restart' as const, unit: 'app.service' }],
      validators: [
        { name: 'check', when: 'staged' as const, path: '/etc/app.conf', command: `true # ${'y'.repeat(3000)}` },
      ],
      gates: [{ kind: 'health' as const }],
    };
  });
  const plan: Omit<ChangePlan, 'hash'> = {
    id,
    title: 'Workers',
    by: 'ada@desk',
    at: 1,
    steps,
    unchanged: ['same'],
    leftOut: [{ host: 'gone', reason: { code: 'unreachable', message: 'not connected' } }],
    waves: [hosts.slice(0, 1), hosts.slice(1)],
    policy: defaultWaves,
    contents,
  };
  return { ...plan, hash: planHash(plan) };
}

onBothStores('a plan of 1,200 hosts with a file of its own each', (bench) => {
  test('is written down, read back exactly, and folded up', async () => {
    const store = await bench().open();
    const journal = new ChangeJournal(store, Date.now);
    const plan = largePlan('20260101-aaaaaa');
    await journal.create(plan, progress);
    const stored = await journal.load(plan.id);
    expect(stored.plan).toEqual(plan);

    await archiveChange(store, stored);
    expect((await store.list(keys.change(plan.id))).entries).toEqual([]);
    const [archived] = await readArchive(store);
    expect(archived?.plan.steps).toHaveLength(hostCount);
    expect(archived?.plan.steps[7]).toEqual(plan.steps[7]);
  });

  test('is told as broken when a part of it was changed or is missing', async () => {
    const store = await bench().open();
    const journal = new ChangeJournal(store, Date.now);
    const plan = largePlan('20260101-bbbbbb', 50);
    await journal.create(plan, progress);
    const part = `${keys.texts(plan.id)}0000`;
    const { value = '' } = (await store.get(part)) ?? {};
    expect(value.length).toBeGreaterThan(100_000);
    await store.commit([], [{ put: part, value: value.replace('workers = 4', 'workers = 5') }]);
    expect(await codeOf(journal.load(plan.id))).toBe('refused');
    await store.commit([], [{ delete: part }]);
    expect(await codeOf(journal.load(plan.id))).toBe('protocol');
  });

  test('of the first layout is read as before', async () => {
    const store = await bench().open();
    const { contents, hash: _hash, ...plan } = largePlan('20260101-cccccc', 1);
    const [hash = '', text = ''] = Object.entries(contents)[0] ?? [];
    const said = { ...plan, steps: plan.steps.slice(0, 2), waves: [['node0.example.org', 'node1.example.org']] };
    const small = { ...said, hash: planHash({ ...said, contents: { [hash]: text } }) };
    const value = JSON.stringify({ v: 1, plan: small, contents: [hash] });
    await store.commit(
      [],
      [
        { put: keys.content(plan.id, hash), value: text },
        { put: keys.plan(plan.id), value },
        { put: keys.progress(plan.id), value: JSON.stringify({ v: 1, progress }) },
      ],
    );
    const stored = await new ChangeJournal(store, Date.now).load(plan.id);
    expect(stored.plan).toEqual({ ...small, contents: { [hash]: text } });
  });
});

describe('a plan of 1,200 hosts with a file of its own each, from a window', () => {
  test('is proposed over the wire, seen by another console, and read there as it was made', async () => {
    needsEtcd();
    const scope = new Scope('large plans');
    const etcd = await startEtcd(scope);
    const text = `name: Lab\nmode: operate\netcd:\n  endpoints: [${etcd.spec.endpoints.join(', ')}]\nhosts: []\n`;
    const cores = [await startTestCore({ clusters: { lab: text } }), await startTestCore({ clusters: { lab: text } })];
    try {
      const [mine, theirs] = cores.map((core) => core.view('lab'));
      if (!mine || !theirs) return;
      for (const view of [mine, theirs])
        await view.until('cluster', '', 'journal', ({ kind, problem }) => kind === 'etcd' && problem === null, 30_000);
      const plan = largePlan('20260101-dddddd', 8000);
      expect(JSON.stringify(plan).length).toBeGreaterThan(20_000_000);
      await mine.link.call('change.propose', { plan });
      const about = await theirs.until('change', plan.id, 'about', ({ hosts }) => hosts === hostCount, 30_000);
      expect(about.hash).toBe(plan.hash);
      const read = await theirs.link.call('change.read', { id: plan.id });
      expect(read.plan).toEqual(plan);
      expect(read.hosts).toHaveLength(hostCount);
    } finally {
      for (const core of cores) await core.end();
      await scope.end();
    }
    expect(openScopes()).toEqual([]);
  });
});
