import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScopes, Scope } from '#core/lib/scope.ts';
import { aDocument } from '#kit/document-stores.ts';
import { needsEtcd, startEtcd, type TestEtcd, until } from '#kit/etcd.ts';
import { startTestCore, type TestCore } from '#kit/test-core.ts';
import type { TestView } from '#kit/view.ts';

const scope = new Scope('documents and faults');
const root = '/quarterdeck/v1/documents/';
let etcd: TestEtcd;
let core: TestCore;
let view: TestView;

beforeAll(async () => {
  needsEtcd();
  etcd = await startEtcd(scope);
  const cluster = `name: Lab\nmode: operate\netcd:\n  endpoints: [${etcd.spec.endpoints.join(', ')}]\nhosts: []\n`;
  core = await startTestCore({ clusters: { lab: cluster } });
  view = core.view('lab');
});
afterAll(async () => {
  await core?.end();
  await scope.end();
  expect(openScopes()).toEqual([]);
});
beforeEach(() => {
  needsEtcd();
});

const save = async (name: string, content: string, base: number | null) => {
  const { revision } = await view.link.call('document.save', { document: aDocument(name, content), base, message: '' });
  await view.until('document', name, 'about', ({ last }) => last.revision === revision);
};
const problem = (fits: (message: string | null) => boolean) =>
  view.until('cluster', '', 'documents', (section) => fits(section.problem?.message ?? null));

test('values in etcd that are no documents are told by their key, and the rest is there', async () => {
  await problem((message) => message === null);
  await save('good', 'a\n', null);
  await save('spoilt', 'a\n', null);
  const put = (key: string, value: string) => etcd.etcdctl('put', `${root}${key}`, value);
  await put('heads/nonsense', '{');
  await problem((message) => message === 'documents/heads/nonsense is not JSON');
  await put('heads/Not A Name', '{"v":1}');
  await put('heads/newer', '{"v":2,"last":{}}');
  await put('texts/spoilt/2', '{"v":1,"document":{"name":"spoilt"}}');
  const head = { revision: 2, by: 'x', at: 1, message: '', hash: 'f'.repeat(64) };
  await put('heads/spoilt', JSON.stringify({ v: 1, last: head, oldest: 1 }));
  const told = await view.until('document', 'spoilt', 'about', ({ problems }) => problems.length > 0);
  expect(told.problems[0]?.message).toMatch(/^documents\/texts\/spoilt\/2: document/);
  // What could be read last stays in force.
  expect(told.last.revision).toBe(1);
  expect(view.record('document', 'good')?.about?.problems).toEqual([]);
  await problem((message) => message?.endsWith('(and 3 more)') ?? false);
  await expect(view.link.call('document.read', { name: 'newer', revision: null })).rejects.toThrow(
    'documents/heads/newer',
  );
  for (const key of ['heads/nonsense', 'heads/Not A Name', 'heads/newer', 'heads/spoilt'])
    await etcd.etcdctl('del', `${root}${key}`);
  await problem((message) => message === null);
  await until('gone', 5000, () => view.record('document', 'spoilt') === undefined);
});

test('while etcd is away this is said, what was read last is kept and can be read, and nothing is saved', async () => {
  await save('kept', 'a\n', null);
  const [member] = etcd.members;
  if (!member) throw new Error('there is no member');
  await member.stop('SIGKILL');
  const { problem: told } = await view.until('cluster', '', 'documents', (section) => section.problem !== null, 30_000);
  expect(told?.hint).toContain('What is shown is what was read last');
  expect(view.record('document', 'kept')?.about?.last.revision).toBe(1);
  expect((await view.link.call('document.read', { name: 'kept', revision: null })).document.content).toBe('a\n');
  const saving = view.link.call('document.save', { document: aDocument('kept', 'b\n'), base: 1, message: '' });
  await expect(saving).rejects.toThrow(/connection refused|not reached/);
  await member.start();
  await view.until('cluster', '', 'documents', (section) => section.problem === null, 60_000);
  await save('kept', 'b\n', 1);
  expect((await view.link.call('document.read', { name: 'kept', revision: null })).document.content).toBe('b\n');
}, 120_000);
