import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes } from '#core/lib/scope.ts';
import { labCluster } from '#kit/cluster-text.ts';
import { labUnavailable, startLab, type Lab } from '#kit/lab.ts';
import { oneFile } from '#kit/one-file.ts';
import { portPair } from '#kit/port-pair.ts';
import { skipUnless } from '#kit/skip.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import { openView, type TestView } from '#kit/view.ts';

const reason = labUnavailable();
const path = '/etc/qd-app.conf';
const hosts = ['node1', 'node2'];
let lab: Lab;
let core: TestCore;
let view: TestView;
/** Everything that the core said to the window. */
let heard = '';

const root = async (host: string, script: string) => (await lab.exec(host, ['sh', '-c', script])).stdout;

beforeAll(async () => {
  if (reason) return;
  lab = await startLab({ systems: ['debian', 'debian'] });
  await root('node1', `printf 'user = ada\\npassword = hunter2-of-node1\\n' >${path}; chmod 600 ${path}`);
  await root('node2', `printf 'user = ada\\npassword = hunter2-of-node2\\n' >${path}; chmod 600 ${path}`);
  core = await startTestCore({ clusters: { lab: labCluster(lab) } });
  view = openView(() => {
    const [ours, theirs] = portPair();
    core.core.attach(theirs);
    return {
      ...ours,
      send: (text) => ours.send(text),
      close: (why) => ours.close(why),
      onClose: (listener) => ours.onClose(listener),
      onMessage: (listener) =>
        ours.onMessage((text) => {
          heard += text;
          listener(text);
        }),
    };
  }, 'lab');
  view.link.look({ hosts, focus: null, hidden: false });
  for (const name of hosts) await view.until('host', name, 'link', ({ state }) => state === 'up', 30_000);
});
afterAll(async () => {
  view?.end();
  await core?.end();
  await lab?.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => skipUnless(reason === null, reason ?? ''));

test('secrets are compared, kept through an edit, and applied, without ever being in the window', async () => {
  const { files, texts } = await view.link.call('change.compare', { hosts, path, password: null });
  expect(files.map(({ kind }) => kind)).toEqual(['file', 'file']);
  const seen = files.map(({ hash }) => texts[hash] ?? '');
  expect(new Set(seen).size).toBe(2);
  const parts = hosts.flatMap((host, at) => {
    const content = (seen[at] ?? '').replace('ada', 'grace');
    expect(content).toMatch(/^user = grace\npassword = ⟦secret [0-9a-f]{12}⟧\n$/);
    return oneFile([host], path, content).parts;
  });
  const plan = await view.link.call('change.plan', {
    draft: { ...oneFile(hosts, path, ''), title: 'Another user', parts },
    password: null,
  });
  expect(plan.steps).toHaveLength(2);
  await view.link.call('change.propose', { plan });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'planned');
  await view.link.call('change.act', { id: plan.id, verb: 'start', host: null, password: null });
  await view.until('change', plan.id, 'progress', ({ state }) => state === 'committed', 60_000);
  await view.link.call('change.read', { id: plan.id });
  for (const host of hosts)
    expect(await root(host, `cat ${path}`)).toBe(`user = grace\npassword = hunter2-of-${host}\n`);
  expect(heard).toContain('⟦secret ');
  expect(heard).not.toContain('hunter2');
});

test('one is shown when a person asks for it, and that is on record', async () => {
  const { files, texts } = await view.link.call('change.compare', { hosts: ['node1'], path, password: null });
  const token = /⟦secret [0-9a-f]{12}⟧/.exec(texts[files[0]?.hash ?? ''] ?? '')?.[0] ?? '';
  const { values } = await view.link.call('secrets.reveal', { tokens: [token], where: path });
  expect(values).toEqual({ [token]: 'hunter2-of-node1' });
  const { entries } = await view.link.call('activity.list', { text: 'secrets', before: null, limit: 10 });
  expect(entries[0]?.what).toBe(`looked at 1 secrets in ${path}`);
});
