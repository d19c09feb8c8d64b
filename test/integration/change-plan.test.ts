import { utimes } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { archiveChange } from '#core/changes/archive.ts';
import { ChangeJournal } from '#core/changes/change-journal.ts';
import { Scope } from '#core/lib/scope.ts';
import { type FolderConsole, type FolderHosts, settings, startFolderHosts } from '#kit/folder-hosts.ts';
import { oneFile } from '#kit/one-file.ts';

let scope: Scope;
let fleet: FolderHosts;
let view: FolderConsole;
const hosts = ['a', 'b'];
const path = `${settings}/app.json`;

beforeEach(async () => {
  scope = new Scope('plans');
  fleet = await startFolderHosts(scope, hosts);
  const checks = [{ path: `${settings}/*.cfg`, command: 'grep -q good "$1"', when: 'staged' as const }];
  view = await fleet.console('ada', scope, { checks: () => checks });
});
afterEach(() => scope.end());

const planned = (text: string, at = path) =>
  view.changes.plan(oneFile(hosts, at, text, { policy: { confirmOver: 'open-connection' } }), null);

test('a text that its program could not read is refused with its line, where the one before could be read', async () => {
  await fleet.write('a', path, '{"a": 1}\n');
  await fleet.write('b', path, '// its program takes remarks\n{"a": 1}\n');
  const wrong = await planned('{\n  "a": 2,\n}\n');
  expect(wrong.leftOut).toMatchObject([
    { host: 'a', reason: { code: 'invalid-input', message: expect.stringContaining(`${path}, line 3: `) } },
  ]);
  expect(wrong.leftOut[0]?.reason.place).toMatchObject({ file: path, line: 3 });
  expect(wrong.waves).toEqual([['b']]);
  expect((await planned('{\n  "a": 2\n}\n')).leftOut).toEqual([]);
});

test('a check that the cluster declares is run on each host, on a copy, and refuses it there', async () => {
  const cfg = `${settings}/x.cfg`;
  const plan = await planned('bad\n', cfg);
  expect(plan.steps[0]?.validators).toEqual([
    { name: 'grep -q good "$1"', when: 'staged', path: cfg, command: 'grep -q good "$1"' },
  ]);
  await view.changes.propose(plan);
  await expect.poll(() => view.records.get('change', plan.id, 'progress')?.state).toBe('planned');
  await view.changes.act(plan.id, 'start', null, null);
  await expect.poll(() => view.records.get('change', plan.id, 'progress')?.state, { timeout: 20_000 }).toBe('paused');
  expect(view.records.get('change', plan.id, 'hosts')?.map(({ state }) => state)).toContain('invalid');
  expect(await fleet.read('a', cfg)).toBeNull();
  expect((await planned('x\n', `${settings}/deeper/x.cfg`)).steps[0]?.validators).toEqual([]);
});

test('of an old change who, what, where and the hashes are kept, and its history leads there', async () => {
  const plan = await planned('{}\n');
  await view.changes.propose(plan);
  await expect.poll(() => view.records.get('change', plan.id, 'progress')?.state).toBe('planned');
  await view.changes.act(plan.id, 'start', null, null);
  await expect
    .poll(() => view.records.get('change', plan.id, 'progress')?.state, { timeout: 20_000 })
    .toBe('committed');
  await expect.poll(() => view.records.get('change', plan.id, 'owner')?.owner).toBeNull();
  await expect(view.changes.archived(plan.id)).rejects.toMatchObject({ problem: { code: 'not-found' } });
  await archiveChange(view.store, await new ChangeJournal(view.store, Date.now).load(plan.id));
  await expect.poll(() => view.records.record('change', plan.id)).toBeUndefined();
  const [last] = await view.changes.history(path);
  expect(last?.id).toBe(plan.id);
  const kept = await view.changes.archived(plan.id);
  expect(kept).toMatchObject({ state: 'committed', plan: { by: 'ada', hash: plan.hash, steps: plan.steps } });
  expect(kept.hosts).toEqual(hosts.map((host) => ({ host, state: 'done' })));
  expect(JSON.stringify(kept)).not.toContain('{}\\n');
});

test('when files were written before is told, and makes no difference between hosts', async () => {
  for (const [at, host] of hosts.entries()) {
    await fleet.write(host, path, '{}\n');
    await utimes(fleet.at(host, path), 1000 * (at + 1), 1000 * (at + 1));
  }
  const plan = await planned('{"a": 1}\n');
  expect(plan.steps).toHaveLength(1);
  expect(plan.steps[0]?.files[0]?.told).toMatchObject({ writtenFrom: 1_000_000, writtenTo: 2_000_000 });
});
