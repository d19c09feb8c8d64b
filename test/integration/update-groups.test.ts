import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectEtcd } from '#core/etcd/connect-etcd.ts';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { needsEtcd, quietLog, startEtcd } from '#kit/etcd.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { makePolicy } from '#kit/update-hosts.ts';
import { toProblem } from '#shared/contract/problem.ts';

let scope: Scope;
beforeEach(() => {
  scope = new Scope('update groups');
});
afterEach(async () => {
  await scope.end();
  expect(openScopes().filter((name) => name.startsWith('update groups'))).toEqual([]);
});

const refusal = async (call: Promise<unknown>) =>
  toProblem(
    await call.then(
      () => Promise.reject(new Error('answered')),
      (error: unknown) => error,
    ),
  );

async function coreOn(etcd: string | null): Promise<TestCore> {
  const hosts = ['web1', 'web2', 'db1'].map(
    (name) => `  - {name: ${name}, address: 127.0.0.1, port: 9, labels: {role: ${name.slice(0, -1)}}}\n`,
  );
  const text = `name: Groups\nmode: operate\n${etcd === null ? '' : `etcd:\n  endpoints: [${etcd}]\n`}hosts:\n${hosts.join('')}`;
  const core = await startTestCore({ clusters: { groups: text }, expectedWarnings: [/./] });
  scope.add(() => core.end());
  return core;
}

const web = makePolicy();

test.each(['etcd', 'local'] as const)('groups are kept, compared and told with their hosts: %s', async (kind) => {
  if (kind === 'etcd') needsEtcd();
  const endpoint = kind === 'etcd' ? ((await startEtcd(scope)).spec.endpoints[0] ?? '') : null;
  const core = await coreOn(endpoint);
  const view = core.view('groups');
  await view.until('cluster', '', 'updateGroups', (told) => told.kind === kind && told.problem === null);
  const made = await view.link.call('updates.groups.save', { groups: [{ policy: web, base: null }] });
  const told = await view.until('cluster', '', 'updateGroups', ({ groups }) => groups.length === 1);
  expect(told.groups[0]).toMatchObject({
    policy: web,
    revision: made.revision,
    hosts: ['web1', 'web2'],
    key: kind === 'etcd' ? '/quarterdeck/v1/update-groups/web' : 'update-groups/web',
  });
  const twice = await refusal(view.link.call('updates.groups.save', { groups: [{ policy: web, base: null }] }));
  expect(twice).toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/already: .+@.+ saved it/) as string,
  });
  await view.link.call('updates.groups.pause', { group: 'web', base: made.revision, why: 'month end' });
  const stale = await refusal(
    view.link.call('updates.groups.save', { groups: [{ policy: { ...web, soakS: 5 }, base: made.revision }] }),
  );
  expect(stale).toMatchObject({ code: 'conflict', message: expect.stringContaining('you edited revision') as string });
  const paused = await view.until('cluster', '', 'updateGroups', ({ groups }) => groups[0]?.policy.paused != null);
  const base = paused.groups[0]?.revision ?? 0;
  // One of two is stale: neither is written.
  const other = makePolicy({ group: 'db', selector: 'label:role=db', members: ['web2'] });
  await refusal(
    view.link.call('updates.groups.save', {
      groups: [
        { policy: other, base: null },
        { policy: web, base: 1 },
      ],
    }),
  );
  expect(view.replica.section('cluster', '', 'updateGroups')?.groups).toHaveLength(1);
  await view.link.call('updates.groups.save', { groups: [{ policy: other, base: null }] });
  const both = await view.until('cluster', '', 'updateGroups', ({ groups }) => groups.length === 2);
  expect(both.groups.map(({ policy, hosts }) => [policy.group, hosts])).toEqual([
    ['db', ['web2', 'db1']],
    ['web', ['web1']],
  ]);
  await view.link.call('updates.groups.resume', { group: 'web', base });
  await view.link.call('updates.groups.remove', {
    group: 'db',
    base: both.groups.find(({ policy }) => policy.group === 'db')?.revision ?? 0,
  });
  await view.until('cluster', '', 'updateGroups', ({ groups }) => groups.length === 1 && !groups[0]?.policy.paused);
  const { entries } = await view.link.call('activity.list', { text: '', before: null, limit: 20 });
  expect(entries.filter((entry) => entry.kind === 'update').map(({ what }) => what)).toEqual([
    'removed the update group db',
    'resumed the update group web',
    expect.stringContaining('saved the update group db') as string,
    'paused the update group web: month end',
    expect.stringContaining('saved the update group web: stable · 1 at a time') as string,
  ]);
  const nonsense = await refusal(
    view.link.call('updates.groups.save', { groups: [{ policy: makePolicy({ selector: 'cpu>5' }), base: null }] }),
  );
  expect(nonsense).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('selector') as string });
});

test('what somebody else wrote there is told, and selects nobody', async () => {
  needsEtcd();
  const { spec } = await startEtcd(scope);
  const outside = connectEtcd(spec, { password: async () => null, log: quietLog, scope });
  const core = await coreOn(spec.endpoints[0] ?? '');
  const view = core.view('groups');
  await view.until('cluster', '', 'updateGroups', (told) => told.kind === 'etcd');
  await view.link.call('updates.groups.save', { groups: [{ policy: web, base: null }] });
  await view.until('cluster', '', 'updateGroups', ({ groups }) => groups.length === 1);
  await outside.put('/quarterdeck/v1/update-groups/web', '{"v":2}');
  const told = await view.until('cluster', '', 'updateGroups', ({ problem }) => problem !== null);
  expect(told).toMatchObject({ groups: [], problem: { code: 'protocol' } });
});
