import { mkdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { codeOf, until, useClusterHome } from '#kit/cluster-home.ts';

vi.setConfig({ testTimeout: 30_000 });
const { path, put, open, scope } = useClusterHome();

describe('files', () => {
  test('a folder that is not there is empty, and is made by the first cluster', async () => {
    const { store } = await open();
    expect(store.list()).toEqual([]);
    await store.create('new', 'name: New\nhosts: [a]\n');
    expect(store.list().map(({ entry }) => [entry.id, entry.name, entry.hosts])).toEqual([['new', 'New', 1]]);
    expect(await codeOf(store.create('new', ''))).toBe('conflict');
    expect(await codeOf(store.create('../x', ''))).toBe('invalid-input');
  });

  test('edits by hand show up: new, changed, gone, and a new ssh_config', async () => {
    put('clusters/a.yaml', 'name: One\nhosts: [x]\n');
    const { store } = await open({ lookMs: 50 });
    put('clusters/b.yaml', 'name: Two\n');
    await until(store, () => store.list().length === 2);
    put('clusters/a.yaml', 'name: Uno\nhosts: [x]\n');
    await until(store, () => store.get('a')?.entry.name === 'Uno');
    put('home/.ssh/config', 'Host x\n Port 99\n');
    await until(store, () => store.get('a')?.hosts[0]?.port === 99);
    unlinkSync(path('clusters/b.yaml'));
    await until(store, () => store.get('b') === null);
    expect(store.list().map(({ entry }) => entry.id)).toEqual(['a']);
  });

  test('file system events alone suffice, and so does looking alone', async () => {
    put('clusters/a.yaml', 'name: One\n');
    const { store } = await open({ lookMs: 3_600_000 });
    put('clusters/a.yaml', 'name: Two\n');
    await until(store, () => store.get('a')?.entry.name === 'Two');
    const other = scope().child('other');
    const { store: looking } = await open({ scope: other, lookMs: 30, debounceMs: 3_600_000 });
    put('clusters/a.yaml', 'name: Three\n');
    await until(looking, () => looking.get('a')?.entry.name === 'Three');
    await other.end();
    expect(looking.get('a')?.entry.name).toBe('Three');
  });

  test('a file that breaks keeps its last good state and says so; the others are untouched', async () => {
    put('clusters/a.yaml', 'name: One\nmode: operate\nhosts: [x, y]\n');
    put('clusters/b.yaml', 'name: Two\nhosts: [z]\n');
    const { store } = await open();
    put('clusters/a.yaml', 'name: One\nmode: operate\nhosts: [x, y\nmore: ][\n');
    await until(store, () => (store.get('a')?.entry.problems.length ?? 0) > 0);
    expect(store.get('a')?.hosts.map(({ name }) => name)).toEqual(['x', 'y']);
    expect(store.get('a')?.entry).toMatchObject({ name: 'One', mode: 'operate' });
    expect(store.get('a')?.entry.problems.at(-1)).toMatchObject({ code: 'stale' });
    expect(store.get('a')?.entry.problems[0]?.place).toMatchObject({ file: path('clusters/a.yaml') });
    expect(store.get('b')?.entry.problems).toEqual([]);
    put('clusters/a.yaml', 'name: One\nhosts: [x]\n');
    await until(store, () => store.get('a')?.entry.problems.length === 0);
    expect(store.get('a')?.entry).toMatchObject({ mode: 'observe', hosts: 1 });
  });

  test('a file broken from the start is listed, in observe mode, with what could be read', async () => {
    put('clusters/Bad Name.yaml', 'name: Broken\nmode: operate\nhosts:\n  - a\n - b\n');
    put('clusters/binary.yml', '\u0000');
    writeFileSync(path('clusters/latin.yaml'), Buffer.from([0x6e, 0xe9, 0xff]));
    mkdirSync(path('clusters/folder.yaml'));
    const { store } = await open();
    expect(store.list().map(({ entry }) => [entry.id, entry.mode, entry.problems.length > 0])).toEqual([
      ['bad-name', 'observe', true],
      ['binary', 'observe', true],
      ['folder', 'observe', true],
      ['latin', 'observe', true],
    ]);
    expect(store.get('latin')?.entry.problems[0]?.message).toBe(
      'the cluster file cannot be used: it is not UTF-8 text',
    );
  });

  test('saving needs the version that was read', async () => {
    put('clusters/a.yaml', 'name: One\n');
    const { store } = await open();
    const first = await store.read('a');
    const second = await store.save('a', 'name: Two\n', first.version);
    expect((await store.read('a')).version).toBe(second);
    expect(await codeOf(store.save('a', 'name: Three\n', first.version))).toBe('conflict');
    expect(readFileSync(path('clusters/a.yaml'), 'utf8')).toBe('name: Two\n');
    expect(store.get('a')?.entry.name).toBe('Two');
  });

  test('of two saves of the same version one wins and one is refused', async () => {
    put('clusters/a.yaml', 'name: One\n');
    const { store } = await open();
    const { version } = await store.read('a');
    const outcomes = await Promise.all(
      ['name: Two\n', 'name: Three\n'].map((text) => codeOf(store.save('a', text, version))),
    );
    expect(outcomes).toEqual(['done', 'conflict']);
  });

  test('a secret is never written', async () => {
    put('clusters/a.yaml', 'name: One\n');
    const { store } = await open();
    const { version } = await store.read('a');
    const text = 'name: One\nssh:\n  password: hunter2\n';
    expect(await codeOf(store.save('a', text, version))).toBe('refused');
    expect(await codeOf(store.create('b', text))).toBe('refused');
    expect(readFileSync(path('clusters/a.yaml'), 'utf8')).toBe('name: One\n');
    expect((await store.check(text)).problems.map(({ place }) => place?.line)).toEqual([3]);
  });

  test('mode and thresholds are set in the text, comments stay, a link stays a link', async () => {
    put('team/prod.yaml', '# ours\nname: Prod # yes\nhosts: [a]\n');
    mkdirSync(path('clusters'));
    symlinkSync(path('team/prod.yaml'), path('clusters/prod.yaml'));
    const { store } = await open();
    await store.setMode('prod', 'operate');
    await store.setThresholds('prod', { silentSeconds: 9 });
    expect(readFileSync(path('team/prod.yaml'), 'utf8')).toBe(
      '# ours\nname: Prod # yes\nmode: operate\nhosts: [a]\nhealth:\n  silentSeconds: 9\n',
    );
    expect(readFileSync(path('clusters/prod.yaml'), 'utf8')).toContain('# ours');
    expect(store.get('prod')?.entry.mode).toBe('operate');
    expect(store.get('prod')?.thresholds.silentSeconds).toBe(9);
    await store.delete('prod');
    expect(store.list()).toEqual([]);
    expect(readFileSync(path('team/prod.yaml'), 'utf8')).toContain('name: Prod');
  });

  test('a protected cluster is switched to operate by its file alone, and never deleted', async () => {
    put('clusters/prod.yaml', 'protected: true\nmode: operate\n');
    const { store } = await open();
    await store.setMode('prod', 'observe');
    expect(await codeOf(store.setMode('prod', 'operate'))).toBe('refused');
    expect(await codeOf(store.delete('prod'))).toBe('refused');
    expect(readFileSync(path('clusters/prod.yaml'), 'utf8')).toBe('protected: true\nmode: observe\n');
    const { version } = await store.read('prod');
    await store.save('prod', 'protected: false\nmode: operate\n', version);
    await store.delete('prod');
    expect(store.list()).toEqual([]);
  });

  test('a file from elsewhere is attached for this run only', async () => {
    put('clusters/demo.yaml', 'name: Mine\n');
    put('tmp/demo.yaml', 'name: Demo fleet\nhosts: [d1]\n');
    const { store } = await open();
    const id = await store.attach(path('tmp/demo.yaml'));
    expect(id).toBe('demo-2');
    expect(store.get(id)?.entry).toMatchObject({ name: 'Demo fleet', demo: true, hosts: 1 });
    expect(await codeOf(store.delete(id))).toBe('unsupported');
    expect(await codeOf(store.read('nowhere'))).toBe('not-found');
  });
});
