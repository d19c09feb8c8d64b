import { cp, mkdir, readdir, readFile, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { FolderDocuments } from '#core/documents/folder/folder-documents.ts';
import { folderDocumentStore } from '#core/documents/folder/folder-document-store.ts';
import { Scope } from '#core/lib/scope.ts';
import type { Saving } from '#core/documents/document-store.ts';
import { aDocument, DocumentsCopy, folderBench } from '#kit/document-stores.ts';
import { quietLog, until } from '#kit/etcd.ts';
import { codeOf } from '#kit/journal-stores.ts';
import { startTestCore } from '#kit/test-core.ts';

const bench = folderBench();
const by = (name: string): Saving => ({ by: name, at: 1_800_000_000_000, message: '' });
const whose = async (store: ReturnType<ReturnType<typeof bench>['open']>, name: string) =>
  (await store.revisions(name)).map(
    ({ revision, by: who, hash }) => `${revision} ${who}${hash === null ? ' removed' : ''}`,
  );

test('lies there as a person would write it', async () => {
  const { folder, open } = bench();
  const file = {
    path: '/etc/systemd/network/10-lan.network',
    mode: '640',
    owner: { uid: 0, gid: 998 },
    actions: [{ verb: 'reload' as const, unit: 'systemd-networkd.service' }],
  };
  await open().save(aDocument('lan', '[Match]\nName=en*\n', { file, targets: 'label:role=web' }), null, by('ada'));
  expect(await readFile(join(folder, 'lan.yaml'), 'utf8')).toBe(`format: file
targets: label:role=web
path: /etc/systemd/network/10-lan.network
mode: "640"
owner: 0:998
actions:
  - reload systemd-networkd.service
`);
  expect(await readFile(join(folder, 'lan.network'), 'utf8')).toBe('[Match]\nName=en*\n');
  expect((await readdir(folder)).toSorted()).toEqual(['.revisions', 'lan.network', 'lan.yaml']);
  expect(await readdir(join(folder, '.revisions', 'lan'))).toEqual(['1.json']);
});

test('what another program edits, adds or removes is seen and becomes a revision by "outside"', async () => {
  const { folder, open } = bench();
  const store = open();
  await store.save(aDocument('one', 'a\n'), null, by('ada'));
  const copy = new DocumentsCopy(store);
  await copy.until('one', 'a\n');
  await writeFile(join(folder, 'one.conf'), 'b\n');
  await copy.until('one', 'b\n');
  await writeFile(join(folder, 'two.txt'), 'x\n');
  await writeFile(join(folder, 'two.yaml'), 'path: /etc/motd\n');
  await copy.until('two', 'x\n');
  await unlink(join(folder, 'one.yaml'));
  await copy.until('one', null);
  expect(await whose(store, 'one')).toEqual(['3 outside removed', '2 outside', '1 ada']);
  expect(await whose(store, 'two')).toEqual(['1 outside']);
  await expect(store.save(aDocument('one', 'c\n'), 1, by('ada'))).rejects.toThrow('outside removed it');
  expect(await store.save(aDocument('one', 'c\n'), null, by('ada'))).toMatchObject({ revision: 4 });
  copy.stop();
});

test('an edit from outside is never overwritten by a save that did not see it', async () => {
  const { folder, open } = bench();
  const store = open();
  await store.save(aDocument('one', 'a\n'), null, by('ada'));
  await writeFile(join(folder, 'one.conf'), 'by hand\n');
  await expect(store.save(aDocument('one', 'mine\n'), 1, by('ada'))).rejects.toThrow('outside saved revision 2');
  expect(await readFile(join(folder, 'one.conf'), 'utf8')).toBe('by hand\n');
});

test('what git brings together with its revisions is no edit from outside', async () => {
  const { folder, open } = bench();
  const elsewhere = join(dirname(folder), 'elsewhere');
  const scope = new Scope('a colleague');
  const store = open();
  await store.save(aDocument('one', 'a\n'), null, by('ada'));
  await store.save(aDocument('one', 'b\n'), 1, by('ada'));
  // A colleague works on a copy, and pushes.
  await cp(folder, elsewhere, { recursive: true });
  const colleague = folderDocumentStore({ folder: elsewhere, scope, log: quietLog, mayWrite: () => true });
  await colleague.save(aDocument('one', 'c\n'), 2, by('bob'));
  await colleague.save(aDocument('two', 'x\n'), null, by('bob'));
  const copy = new DocumentsCopy(store);
  await copy.until('one', 'b\n');
  await cp(elsewhere, folder, { recursive: true });
  const copiedAt = Date.now();
  await copy.until('one', 'c\n');
  await copy.until('two', 'x\n');
  await until('settled', 5000, () => Date.now() > copiedAt + 2500);
  expect(await whose(store, 'one')).toEqual(['3 bob', '2 ada', '1 ada']);
  expect(await whose(store, 'two')).toEqual(['1 bob']);
  copy.stop();
  await scope.end();
});

test('a broken file is told with its line, and the rest loads', async () => {
  const { folder, open } = bench();
  const store = open();
  await store.save(aDocument('good', 'a\n'), null, by('ada'));
  await store.save(aDocument('bad', 'a\n'), null, by('ada'));
  await writeFile(join(folder, 'bad.yaml'), 'format: file\npath: /etc/bad.conf\nmode: rwx\n');
  await writeFile(join(folder, 'alone.yaml'), 'path: /etc/alone.conf\n');
  await writeFile(join(folder, 'UPPER.yaml'), 'path: /etc/upper.conf\n');
  const copy = new DocumentsCopy(store);
  await until('three problems', 5000, () => copy.kept.broken.size === 3);
  expect(copy.kept.broken.get('bad')).toMatchObject({
    message: 'mode "rwx" is no mode',
    place: { file: join(folder, 'bad.yaml'), line: 3 },
  });
  expect(copy.kept.broken.get('alone')?.message).toContain('there is no');
  expect(copy.text('good')).toBe('a\n');
  // What was kept last stays in force.
  expect(copy.text('bad')).toBe('a\n');
  await writeFile(join(folder, 'bad.yaml'), 'format: file\npath: /etc/bad.conf\nmode: 600\n');
  await until('mended', 5000, () => copy.kept.documents.get('bad')?.document?.file?.mode === '600');
  copy.stop();
});

test('a revision that was altered is told', async () => {
  const { folder, open } = bench();
  const store = open();
  await store.save(aDocument('one', 'a\n'), null, by('ada'));
  const file = join(folder, '.revisions', 'one', '1.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"a"', '"b"'));
  const copy = new DocumentsCopy(open());
  await until('told', 5000, () => copy.kept.broken.get('one')?.message.includes('it is not what was saved'));
  expect(await codeOf(store.revisions('one'))).toBe('protocol');
  copy.stop();
});

test('links are refused, in every place, for reading and for writing', async () => {
  const { folder, open } = bench();
  const secret = join(dirname(folder), 'secret');
  await writeFile(secret, 'secret\n');
  await mkdir(folder);
  await symlink(secret, join(folder, 'linked.conf'));
  await writeFile(join(folder, 'linked.yaml'), 'path: /etc/linked.conf\n');
  await symlink(dirname(folder), join(folder, '.revisions'));
  const store = open();
  const copy = new DocumentsCopy(store);
  await until('told', 5000, () => copy.troubles.some((problem) => problem?.code === 'refused'));
  expect(await codeOf(store.save(aDocument('one', 'a\n'), null, by('ada')))).toBe('refused');
  await unlink(join(folder, '.revisions'));
  await until(
    'told',
    5000,
    () => copy.kept.broken.get('linked')?.code === 'refused' || (store.read('linked', null).catch(() => {}), false),
  );
  expect(copy.text('linked')).toBe(null);
  expect(await readFile(secret, 'utf8')).toBe('secret\n');
  copy.stop();
});

test('a save that was cut short after its revision is finished, not taken for an edit', async () => {
  const { folder, open } = bench();
  const store = open();
  await store.save(aDocument('one', 'a\n'), null, by('ada'));
  const old = await readFile(join(folder, 'one.conf'), 'utf8');
  await store.save(aDocument('one', 'b\n'), 1, by('ada'));
  await writeFile(join(folder, 'one.conf'), old);
  const past = new Date(Date.now() - 60_000);
  for (const name of ['one.conf', 'one.yaml']) await utimes(join(folder, name), past, past);
  const copy = new DocumentsCopy(open());
  await until('finished', 5000, async () => (await readFile(join(folder, 'one.conf'), 'utf8')) === 'b\n');
  expect(await whose(store, 'one')).toEqual(['2 ada', '1 ada']);
  copy.stop();
});

test('in observe mode what others edit is shown, and nothing is written', async () => {
  const { folder, open } = bench();
  await open().save(aDocument('one', 'a\n'), null, by('ada'));
  await writeFile(join(folder, 'one.conf'), 'b\n');
  const store = open(false);
  const copy = new DocumentsCopy(store);
  await copy.until('one', 'b\n');
  expect(copy.kept.documents.get('one')?.revision).toMatchObject({ revision: 2, by: 'outside' });
  expect(await readdir(join(folder, '.revisions', 'one'))).toEqual(['1.json']);
  copy.stop();
});

test('a file that is written at the very moment it is read is not shown as it was for ever', async () => {
  const { folder } = bench();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'motd.txt'), 'welcome\n');
  const file = join(folder, 'motd.yaml');
  const documents = new FolderDocuments(folder, () => false);
  const stuck: number[] = [];
  for (let round = 0; round < 200; round++) {
    await writeFile(file, '');
    const looks = documents.look('motd');
    for (let turn = 0; turn < round % 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    await writeFile(file, 'path: /etc/motd\n');
    await looks;
    if ((await documents.look('motd')).problem) stuck.push(round);
  }
  expect(stuck).toEqual([]);
});

test('a cluster file names the folder, relative to itself; what lies there is listed, and a save lands there', async () => {
  const cluster = 'name: Lab\nmode: operate\ndocuments: ./config\nhosts: []\n';
  const core = await startTestCore({ clusters: { lab: cluster } });
  const view = core.view('lab');
  try {
    const folder = join(core.configDir, 'config');
    await mkdir(folder);
    await writeFile(join(folder, 'motd.txt'), 'welcome\n');
    await writeFile(join(folder, 'motd.yaml'), 'path: /etc/motd\n');
    const { last } = await view.until('document', 'motd', 'about', ({ path }) => path === '/etc/motd', 20_000);
    expect(last).toMatchObject({ revision: 1, by: 'outside' });
    expect(view.record('cluster', '')?.documents).toEqual({
      kind: 'folder',
      where: 'the folder config',
      problem: null,
    });
    const { document } = await view.link.call('document.read', { name: 'motd', revision: null });
    await view.link.call('document.save', {
      document: { ...document, content: 'hello\n' },
      base: 1,
      message: 'shorter',
    });
    expect(await readFile(join(folder, 'motd.txt'), 'utf8')).toBe('hello\n');
    await writeFile(join(folder, 'motd.yaml'), 'path: motd\n');
    // It may be read while it is written, and has nothing in it then.
    const at = { file: join(folder, 'motd.yaml'), line: 1, column: 7 };
    await view.until('cluster', '', 'documents', ({ problem }) => isDeepStrictEqual(problem?.place, at));
    // Taken out of the cluster file, it is no longer used.
    await core.writeCluster('lab', cluster.replace('documents: ./config\n', ''));
    await view.until('cluster', '', 'documents', ({ kind, problem }) => kind === 'local' && problem === null);
    await until('nothing', 5000, () => view.record('document', 'motd') === undefined);
  } finally {
    await core.end();
  }
});
