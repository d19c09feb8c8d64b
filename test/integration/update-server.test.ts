import { afterEach, beforeEach, expect, test } from 'vitest';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { instanceOf, type NebraskaStandIn, startNebraska, appId } from '#kit/nebraska-stand-in.ts';
import { memoryVault, startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';
import { type Problem, toProblem } from '#shared/contract/problem.ts';
import type { ServerEdit } from '#shared/contract/update-server.ts';

let scope: Scope;
let nebraska: NebraskaStandIn;
beforeEach(async () => {
  scope = new Scope('update server test');
  nebraska = await startNebraska(scope);
});
afterEach(async () => {
  await scope.end();
  expect(openScopes().filter((name) => name.startsWith('update server test'))).toEqual([]);
});

async function refusal(call: Promise<unknown>): Promise<Problem> {
  return await call.then(
    () => Promise.reject(new Error('answered')),
    (error: unknown) => toProblem(error),
  );
}

async function coreOn(
  url: string,
  mode = 'operate',
  vault = memoryVault(),
): Promise<{ core: TestCore; view: TestView }> {
  const text = `name: Served\nmode: ${mode}\nupdates: {server: {kind: nebraska, url: "${url}"}}\nhosts: []\n`;
  const core = await startTestCore({ clusters: { served: text }, vault });
  scope.add(() => core.end());
  return { core, view: core.view('served') };
}

const live = (view: TestView) => view.until('cluster', '', 'updateServer', ({ state }) => state === 'live');
const policy = {
  updatesEnabled: true,
  safeMode: false,
  officeHours: true,
  timeZone: 'Europe/Rome',
  periodInterval: '1 hours',
  maxUpdatesPerPeriod: 4,
  updateTimeout: '60 minutes',
};
const setPolicy: ServerEdit = { verb: 'set-policy', app: appId, group: 'group-1', channel: 'channel-2', policy };

test('a core shows the server, writes a policy as planned, refuses one that moved, and writes all of it down', async () => {
  nebraska.instances.push(instanceOf('a'.repeat(32), 7, '4152.2.0'), instanceOf('b'.repeat(32), null, '4152.2.0'));
  const { view } = await coreOn(nebraska.url);
  const { apps, version } = await live(view);
  expect(version).toBe('2.11.0');
  expect(apps[0]?.groups.map(({ name, rolloutInProgress, stats }) => [name, rolloutInProgress, stats?.total])).toEqual([
    ['prod-eu', true, 2],
    ['beta', false, 0],
  ]);
  expect(apps[0]?.groups[0]?.stats?.by).toMatchObject({ downloading: 1, undefined: 1 });
  expect(apps[0]?.channels[0]).toMatchObject({ name: 'stable', version: '4230.2.1', arch: 1 });
  const plan = await view.link.call('server.plan', { edit: setPolicy });
  expect(plan.lines).toContainEqual({ name: 'policy_max_updates_per_period', before: '2', after: '4' });
  expect(plan.lines).toContainEqual({ name: 'channel_id', before: 'channel-1', after: 'channel-2' });
  expect(plan.lines.map(({ name }) => name)).not.toContain('track');
  // Somebody else was quicker.
  const [group] = nebraska.groups;
  if (group) group['description'] = 'by another hand';
  const moved = await refusal(view.link.call('server.write', { edit: setPolicy, base: plan.base }));
  expect(moved.code).toBe('stale');
  expect(nebraska.asked.filter(({ method }) => method === 'PUT')).toEqual([]);
  const again = await view.link.call('server.plan', { edit: setPolicy });
  await view.link.call('server.write', { edit: setPolicy, base: again.base });
  // What the person did not touch is sent back as it was.
  expect(nebraska.groups[0]).toMatchObject({
    track: 'prod-eu',
    description: 'by another hand',
    channel_id: 'channel-2',
    policy_period_interval: '1 hours',
    policy_office_hours: true,
  });
  await view.until('cluster', '', 'updateServer', (now) => now.apps[0]?.groups[0]?.policy.maxUpdatesPerPeriod === 4);
  const { entries } = await view.link.call('activity.list', { text: '', before: null, limit: 10 });
  const told = entries.filter(({ kind }) => kind === 'update-server');
  expect(told.map(({ outcome }) => outcome)).toEqual(['ok', 'refused']);
  expect(told[0]?.command).toContain(`PUT ${nebraska.url}/api/apps/${appId}/groups/group-1`);
});

test('packages, channels and aliases are written by their plans', async () => {
  nebraska.instances.push(instanceOf('a'.repeat(32), 4, '4230.2.1'));
  const { view } = await coreOn(nebraska.url);
  await live(view);
  const write = async (edit: ServerEdit) => {
    const { base } = await view.link.call('server.plan', { edit });
    await view.link.call('server.write', { edit, base });
  };
  const promote: ServerEdit = { verb: 'promote', app: appId, channel: 'channel-1', package: 'package-3' };
  expect((await view.link.call('server.plan', { edit: promote })).warnings.join()).toContain(
    'offers 4300.0.0 to the groups prod-eu',
  );
  await write(promote);
  expect(nebraska.channels[0]).toMatchObject({ package_id: 'package-3', name: 'stable', color: '#1fbb86' });
  const metadata = {
    version: '4400.1.0',
    arch: 1,
    url: 'https://files.example/4400.1.0/',
    filename: 'update.gz',
    description: 'next',
    bytes: 1234,
    hash: 'aGFzaA==',
    sha256: 'c2hhMjU2',
  };
  await write({ verb: 'add-package', app: appId, metadata });
  expect(nebraska.packages.at(-1)).toMatchObject({
    version: '4400.1.0',
    size: '1234',
    flatcar_action: { sha256: 'c2hhMjU2' },
  });
  expect((await refusal(write({ verb: 'add-package', app: appId, metadata }))).code).toBe('conflict');
  await write({ verb: 'add-channel', app: appId, name: 'next', color: '#00aaff', arch: 1, package: 'packages-4' });
  expect((await view.link.call('server.packages', { app: appId })).total).toBe(4);
  await write({ verb: 'set-alias', app: appId, group: 'group-1', instance: 'a'.repeat(32), alias: 'web-03' });
  const { instances } = await view.link.call('server.instances', { app: appId, group: 'group-1' });
  expect(instances[0]).toMatchObject({ alias: 'web-03', status: 'complete', host: null });
});

test('pages are followed to their end, and what is not known is said', async () => {
  for (let at = 0; at < 257; at++) nebraska.instances.push(instanceOf(String(at).padStart(32, '0'), 4, '4230.2.1'));
  nebraska.activities.push({ created_ts: new Date().toISOString(), class: 4, severity: 4, group_name: 'prod-eu' });
  const { view } = await coreOn(nebraska.url);
  await live(view);
  const found = await view.link.call('server.instances', { app: appId, group: 'group-1' });
  expect([found.total, new Set(found.instances.map(({ id }) => id)).size]).toEqual([257, 257]);
  expect((await refusal(view.link.call('server.instances', { app: 'other', group: 'g' }))).message).toContain('(400)');
  const { entries } = await view.link.call('server.activity', { app: null, group: null });
  expect(entries[0]).toMatchObject({ event: 'rollout-failed', severity: 'error', group: 'prod-eu' });
});

test('a token is asked for, kept out of the log, asked again when refused, and a viewer may only look', async () => {
  nebraska.token = 'secret-token';
  const vault = memoryVault();
  const { view } = await coreOn(nebraska.url, 'operate', vault);
  const answer = async (token: string | null, said = '') => {
    const [prompt] = await view.until(
      'cluster',
      '',
      'prompts',
      (prompts) => prompts[0] !== undefined && prompts[0].error.includes(said),
    );
    await view.link.call('prompt.answer', {
      id: prompt?.id ?? '',
      answers: token === null ? null : [token],
      remember: true,
    });
    return prompt;
  };
  await answer(null);
  await view.until(
    'cluster',
    '',
    'updateServer',
    ({ problem }) => problem?.message.includes('no token was given') === true,
  );
  await view.link.call('server.refresh', {});
  await answer('wrong');
  expect((await answer('viewer', '(401)'))?.error).toContain('another token (401)');
  await live(view);
  expect(nebraska.asked.filter(({ path }) => path === '/config').every(({ token }) => token === '')).toBe(true);
  const { base } = await view.link.call('server.plan', { edit: setPolicy });
  expect((await refusal(view.link.call('server.write', { edit: setPolicy, base }))).code).toBe('permission');
  nebraska.token = 'other';
  expect(await vault.list()).toEqual([`update-server-token:${nebraska.url}`]);
  const { entries } = await view.link.call('activity.list', { text: '', before: null, limit: 20 });
  expect(JSON.stringify(entries)).not.toContain('viewer"');
});

test('a server that stores something else than it was told is found out', async () => {
  const { view } = await coreOn(nebraska.url);
  await live(view);
  nebraska.disturb = ({ method }, response) => {
    if (method !== 'PUT') return false;
    response.end(JSON.stringify({ ...nebraska.groups[0], policy_max_updates_per_period: 99 }));
    return true;
  };
  const { base } = await view.link.call('server.plan', { edit: setPolicy });
  const problem = await refusal(view.link.call('server.write', { edit: setPolicy, base }));
  expect(problem.code).toBe('conflict');
  expect(problem.message).toContain('the server took it, and has channel_id channel-1 in place of channel-2');
  const { entries } = await view.link.call('activity.list', { text: '', before: null, limit: 10 });
  expect(entries.find(({ kind }) => kind === 'update-server')).toMatchObject({ outcome: 'failed' });
});

test('in observe mode an edit is planned but never sent', async () => {
  const { view } = await coreOn(nebraska.url, 'observe');
  await live(view);
  const { base } = await view.link.call('server.plan', { edit: setPolicy });
  expect((await refusal(view.link.call('server.write', { edit: setPolicy, base }))).code).toBe('refused');
  expect(nebraska.asked.every(({ method }) => method === 'GET')).toBe(true);
});

test('a hostile server is a Problem each time, and what was read before stays', async () => {
  const [group] = nebraska.groups;
  if (group) group['name'] = 'evil\u001b[31m\u202egroup\nline';
  const { view } = await coreOn(nebraska.url);
  const { apps } = await live(view);
  // oxlint-disable-next-line no-control-regex -- what is looked for
  expect(apps[0]?.groups[0]?.name).not.toMatch(/[\u0000-\u001f\u202e]/);
  const answers: [string, number, string, Record<string, string>?][] = [
    ['protocol', 200, '<html>hello</html>'],
    ['protocol', 200, '[1,2,3]'],
    ['protocol', 200, '{"auth_mode":7}'],
    ['protocol', 200, `{"auth_mode":"${'x'.repeat(9_000_000)}"}`],
    ['refused', 302, '', { location: 'http://127.0.0.1:1/steal' }],
    ['protocol', 500, ''],
  ];
  for (const [code, status, text, headers] of answers) {
    nebraska.disturb = (_, response) => {
      response.writeHead(status, headers).end(text);
      return true;
    };
    await view.link.call('server.refresh', {});
    const told = await view.until(
      'cluster',
      '',
      'updateServer',
      ({ state, problem }) => state === 'lost' && problem?.code === code,
    );
    expect(told.apps[0]?.groups).toHaveLength(2);
  }
  // What does not end is not waited for.
  nebraska.disturb = (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(' '.repeat(100_000)));
      response.once('drain', more);
    };
    more();
    return true;
  };
  await view.link.call('server.refresh', {});
  await view.until(
    'cluster',
    '',
    'updateServer',
    ({ problem }) => problem?.message.includes('more than 8 MB') === true,
  );
  // Pages without end, and ids that would lead elsewhere.
  nebraska.disturb = (request, response) => {
    if (!request.url?.startsWith('/api/apps?')) return false;
    response.end(JSON.stringify({ totalCount: 1e9, applications: [{ id: '..', name: 'up' }] }));
    return true;
  };
  await view.link.call('server.refresh', {});
  await view.until('cluster', '', 'updateServer', ({ problem }) => problem?.message.includes('dots alone') === true);
  nebraska.disturb = (request) => {
    request.socket.destroy();
    return true;
  };
  await view.link.call('server.refresh', {});
  await view.until('cluster', '', 'updateServer', ({ problem }) => problem?.code === 'unreachable');
  nebraska.disturb = null;
  await view.link.call('server.refresh', {});
  await live(view);
});
