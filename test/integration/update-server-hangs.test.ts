import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Prompts } from '#core/fleet/prompts.ts';
import { Scope } from '#core/lib/scope.ts';
import { jsonServer } from '#core/providers/update-servers/nebraska/ask-json.ts';
import { WatchedServer } from '#core/providers/update-servers/watched-server.ts';
import { quietLog } from '#kit/etcd.ts';
import { appId, instanceOf, type NebraskaStandIn, startNebraska } from '#kit/nebraska-stand-in.ts';
import { memoryVault, startTestCore } from '#kit/test-core.ts';
import { toProblem } from '#shared/contract/problem.ts';
import type { UpdateServer } from '#shared/contract/update-server.ts';

let scope: Scope;
let nebraska: NebraskaStandIn;
beforeEach(async () => {
  scope = new Scope('update server that hangs');
  nebraska = await startNebraska(scope);
});
afterEach(() => scope.end());

type Disturb = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Requests that hang, as many as are open at once, and all there ever were. */
function hanging(how: (response: ServerResponse) => void): {
  disturb: Disturb;
  open: Map<string, number>;
  all: string[];
} {
  const open = new Map<string, number>();
  const all: string[] = [];
  return {
    open,
    all,
    disturb: ({ url = '' }, response) => {
      all.push(url);
      open.set(url, (open.get(url) ?? 0) + 1);
      response.once('close', () => open.set(url, (open.get(url) ?? 0) - 1));
      how(response);
      return true;
    },
  };
}

const silence = () => {};
const headersOnly = (response: ServerResponse) => {
  response.writeHead(200).flushHeaders();
};
const drip = (response: ServerResponse) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
};
const flood = (response: ServerResponse) => {
  response.writeHead(200);
  const more = () => {
    while (response.write('x'.repeat(65_536)));
  };
  response.on('drain', more);
  more();
};

const paces = { requestMs: 1500, readingMs: 10_000, everyMs: 50, movingEveryMs: 50, silentEveryMs: 60_000 };

function watched(): {
  server: WatchedServer;
  sections: UpdateServer[];
  until: (is: (now: UpdateServer) => boolean) => Promise<void>;
} {
  const sections: UpdateServer[] = [];
  const server = new WatchedServer({
    spec: { kind: 'nebraska', url: nebraska.url, caFile: null, app: null },
    scope,
    prompts: new Prompts(memoryVault(), quietLog, () => {}),
    now: Date.now,
    publish: (section) => void sections.push(section),
    paces,
  });
  const until = (is: (now: UpdateServer) => boolean) =>
    expect.poll(() => is(server.section), { timeout: 30_000, interval: 20 }).toBe(true);
  return { server, sections, until };
}

test.for([
  ['accepts and is silent', silence, /timeout: .*no answer within 1.5 s/],
  ['answers headers and no body', headersOnly, /timeout: .*an answer that did not end within 1.5 s/],
  ['drips a body without end', drip, /timeout: .*an answer that did not end within 1.5 s/],
  ['floods with a body without end', flood, /protocol: .*more than 8 MB|timeout: .*did not end/],
] as const)(
  'a server that %s is told, left in peace ever longer, and read at once when asked',
  async ([, how, said]) => {
    const { disturb, open } = hanging(how);
    nebraska.disturb = disturb;
    const { server, sections, until } = watched();
    server.look(true);
    await until(({ state }) => state === 'lost');
    expect(`${server.section.problem?.code}: ${server.section.problem?.message}`).toMatch(said);
    await expect.poll(() => [...open.values()], { timeout: 10_000 }).toEqual([0]);
    // By itself it is tried again, each time after twice as long.
    const tries = () => sections.filter(({ state }) => state === 'lost').length;
    await expect.poll(tries, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    nebraska.disturb = null;
    await server.refresh();
    expect([server.section.state, server.section.problem]).toEqual(['live', null]);
  },
);

test('a write that was sent and not answered as it should may have been made, and the person is told so', async () => {
  const told = async (url: string, method: 'GET' | 'PUT') => {
    const door = jsonServer({ url, caFile: null, requestMs: 1500 });
    try {
      const asked = door.ask({ method, path: 'api/apps', body: {}, token: null, signal: scope.signal });
      const { code, hint = '' } = await asked.then(() => expect.fail('it was answered'), toProblem);
      return `${code}, ${hint.startsWith('It may have been written') ? 'in doubt' : 'not written'}`;
    } finally {
      door.end();
    }
  };
  const ways: Record<string, (response: ServerResponse) => void> = {
    'cuts the connection': (response) => response.destroy(),
    'is silent': silence,
    floods: flood,
  };
  const heard: string[] = [];
  for (const [name, how] of Object.entries(ways)) {
    nebraska.disturb = hanging(how).disturb;
    heard.push(`${name}: ${await told(nebraska.url, 'PUT')}`);
  }
  expect(heard).toEqual([
    'cuts the connection: unreachable, in doubt',
    'is silent: timeout, in doubt',
    'floods: protocol, in doubt',
  ]);
  nebraska.disturb = hanging(silence).disturb;
  expect(await told(nebraska.url, 'GET')).toBe('timeout, not written');
  // Nobody listens there: nothing was sent.
  expect(await told('http://127.0.0.1:9', 'PUT')).toBe('unreachable, not written');
});

test('each failure doubles the time until the next try, and whoever comes back is not kept waiting', async () => {
  nebraska.disturb = (_, response) => {
    response.writeHead(500).end();
    return true;
  };
  const { server, sections, until } = watched();
  const lost = () => sections.filter(({ state }) => state === 'lost').length;
  await until(({ state }) => state === 'lost');
  for (let failures = 2; failures <= 12; failures++) {
    await server.refresh();
    expect(lost()).toBe(failures);
  }
  // The next try by itself is a minute away now.
  server.look(true);
  server.look(false);
  nebraska.disturb = null;
  server.look(true);
  await until(({ state }) => state === 'live');
});

test('a reading that hangs is given up for one that was asked for, and nothing piles up', async () => {
  const { disturb, open, all } = hanging(silence);
  nebraska.disturb = disturb;
  const { server, until } = watched();
  await expect.poll(() => all.length).toBe(1);
  for (let at = 0; at < 20; at++) void server.refresh();
  await until(({ state }) => state === 'lost');
  expect(Math.max(...open.values())).toBeLessThanOrEqual(1);
  // A reading is one: of all that it would have asked nothing is asked once it failed.
  const [group] = nebraska.groups;
  for (let at = 0; at < 40; at++) if (group) nebraska.groups.push({ ...group, id: `more-${at}` });
  all.length = 0;
  nebraska.disturb = (request, response) =>
    /instances_stats|version_breakdown/.test(request.url ?? '') && disturb(request, response);
  await server.refresh();
  expect(server.section.state).toBe('lost');
  await expect.poll(() => [...open.values()].every((many) => many === 0), { timeout: 30_000 }).toBe(true);
  expect(all.length).toBeLessThanOrEqual(8);
});

test('what many ask for at once is read once, and given up with the last of them', async () => {
  nebraska.instances.push(instanceOf('a'.repeat(32), 4, '4230.2.1'));
  const { server, until } = watched();
  await until(({ state }) => state === 'live');
  const { disturb, open, all } = hanging(silence);
  nebraska.disturb = disturb;
  const ask = (signal: AbortSignal) => server.ask(['a'], signal, (client) => client.instances(appId, 'group-1', 10));
  const stops = Array.from({ length: 30 }, () => new AbortController());
  const answers = Promise.allSettled(stops.map(({ signal }) => ask(signal)));
  await expect.poll(() => all.length).toBe(1);
  for (const stop of stops) stop.abort(new Error('left'));
  expect((await answers).every(({ status }) => status === 'rejected')).toBe(true);
  await expect.poll(() => [...open.values()]).toEqual([0]);
  expect(all).toHaveLength(1);
  nebraska.disturb = null;
  expect((await ask(scope.signal)).items).toHaveLength(1);
});

test('while a server hangs, the rest of the cluster is as ever', async () => {
  nebraska.disturb = hanging(silence).disturb;
  const text = `name: Served\nupdates: {server: {kind: nebraska, url: "${nebraska.url}"}}\nhosts: []\n`;
  const core = await startTestCore({ clusters: { served: text } });
  scope.add(() => core.end());
  const view = core.view('served');
  const instances = view.link.call('server.instances', { app: appId, group: 'group-1' });
  const code = instances.then(
    () => 'answered',
    (error: unknown) => toProblem(error).code,
  );
  expect((await view.link.call('activity.list', { text: '', before: null, limit: 1 })).entries).toEqual([]);
  await view.until(
    'cluster',
    '',
    'updateServer',
    ({ state, problem }) => state === 'lost' && problem?.code === 'timeout',
  );
  expect(await code).toBe('timeout');
  nebraska.disturb = null;
  await view.link.call('server.refresh', {});
  await view.until('cluster', '', 'updateServer', ({ state }) => state === 'live');
});
