import { afterEach, beforeEach, expect, test } from 'vitest';
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
