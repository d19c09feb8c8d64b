import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toProblem } from '#shared/contract/problem.ts';
import { openScopes, Scope } from '../lib/scope.ts';
import type { ClusterStore } from './cluster-store.ts';
import { openClusterStore } from './open-cluster-store.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const me = userInfo().username;
vi.setConfig({ testTimeout: 30_000 });

let root = '';
let scope: Scope;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'quarterdeck-clusters-'));
  scope = new Scope('test');
});
afterEach(async () => {
  await scope.end();
  expect(openScopes()).toEqual([]);
  rmSync(root, { recursive: true, force: true });
});

const path = (...parts: string[]): string => join(root, ...parts);
const put = (name: string, text: string): void => {
  mkdirSync(join(path(name), '..'), { recursive: true });
  writeFileSync(path(name), text);
};
const open = (more: Partial<Parameters<typeof openClusterStore>[0]> = {}) =>
  openClusterStore({
    configDir: path('clusters'),
    sshConfigFile: path('home/.ssh/config'),
    systemSshConfigFile: null,
    home: path('home'),
    env: { SSH_AUTH_SOCK: '/run/agent' },
    log: silent,
    scope,
    debounceMs: 10,
    lookMs: 60_000,
    ...more,
  });

/** Waits until a condition holds, woken by the store's own events. */
async function until(store: ClusterStore, holds: () => boolean): Promise<void> {
  if (holds()) return;
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the store did not change in time')), 20_000);
    const stop = store.onChange(() => {
      if (!holds()) return;
      clearTimeout(late);
      stop();
      resolve();
    });
  });
}
const codeOf = async (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'done',
    (error: unknown) => toProblem(error).code,
  );

describe('hosts', () => {
  test('the file wins over ssh_config, and what it does not say comes from there', async () => {
    put(
      'home/.ssh/config',
      'Host web1\n HostName 10.0.0.1\n User ada\n Port 2200\n IdentityFile ~/.ssh/web\n HostKeyAlias w\nHost web2\n IdentityAgent none\n IdentitiesOnly yes\n',
    );
    put(
      'clusters/lab.yaml',
      'ssh: {user: core}\nhosts:\n - web1\n - {name: web2, address: 10.0.0.2, key: keys/two, port: 23}\n - ops@web3:24\n',
    );
    const { store } = await open();
    const cluster = store.get('lab');
    expect(cluster?.entry).toMatchObject({ id: 'lab', name: 'lab', hosts: 3, problems: [], demo: false });
    expect(cluster?.hosts).toEqual([
      {
        name: 'web1',
        address: '10.0.0.1',
        port: 2200,
        user: 'core',
        identityFiles: [path('home/.ssh/web')],
        agent: '/run/agent',
        identitiesOnly: false,
        hostKeyAlias: 'w',
        jumps: [],
        labels: {},
      },
      {
        name: 'web2',
        address: '10.0.0.2',
        port: 23,
        user: 'core',
        identityFiles: [path('clusters/keys/two')],
        agent: null,
        identitiesOnly: true,
        hostKeyAlias: null,
        jumps: [],
        labels: {},
      },
      expect.objectContaining({
        name: 'web3',
        user: 'ops',
        port: 24,
        identityFiles: ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => path('home/.ssh', name)),
      }),
    ]);
  });

  test('jumps: through ssh_config, through hosts of the file, and whole chains', async () => {
    put(
      'home/.ssh/config',
      'Host outer\n HostName outer.example.com\n User gate\n ProxyJump far\nHost direct\n ProxyJump outer\n',
    );
    put(
      'clusters/lab.yaml',
      `ssh: {user: core, jump: [outer, inner], keys: [~/.ssh/fleet]}
hosts:
 - web1
 - {name: inner, address: 10.0.0.9, user: boss}
 - {name: direct, jump: none}
 - {name: own, jump: "me@web1"}
 - {name: via, jump: web1}
`,
    );
    const { store } = await open();
    const way = Object.fromEntries(
      (store.get('lab')?.hosts ?? []).map(({ name, jumps }) => [
        name,
        jumps.map(({ user, address }) => `${user}@${address}`),
      ]),
    );
    expect(way).toEqual({
      web1: [`${me}@far`, 'gate@outer.example.com', 'boss@10.0.0.9'],
      inner: [`${me}@far`, 'gate@outer.example.com'],
      direct: [],
      own: ['me@web1'],
      via: [`${me}@far`, 'gate@outer.example.com', 'boss@10.0.0.9', 'core@web1'],
    });
    expect(store.get('lab')?.hosts[0]?.jumps.map(({ identityFiles }) => identityFiles)).toEqual(
      Array.from({ length: 3 }, () => [path('home/.ssh/fleet')]),
    );
    expect(store.get('lab')?.entry.problems).toEqual([]);
  });

  test('a circle of jumps leaves that host out, with its line, and the others stay', async () => {
    put('home/.ssh/config', 'Host a b\n ProxyJump c\nHost c\n ProxyJump a\n');
    put('clusters/lab.yaml', 'hosts:\n - ok\n - a\n - {name: x, jump: y}\n - {name: y, jump: x}\n');
    const { store } = await open();
    const { entry } = store.get('lab') ?? {};
    expect(store.get('lab')?.hosts.map(({ name }) => name)).toEqual(['ok']);
    expect(entry?.problems.map(({ place, message }) => [place?.line, message])).toEqual([
      [3, 'a is left out: it would jump in a circle: a → c → a'],
      [4, 'x is left out: it would jump in a circle: x → y → x'],
      [5, 'y is left out: it would jump in a circle: y → x → y'],
    ]);
  });

  test('patterns take hosts from ssh_config', async () => {
    put('home/.ssh/config', 'Include more\nHost web-1 web-2 web-old\n');
    put('home/.ssh/more', 'Host web-9 db-1\n Port 9\n');
    put(
      'clusters/lab.yaml',
      'hosts: [web-2]\npatterns:\n - {fromSshConfig: ["web-*", "!web-old"], labels: {role: web}}\n - fromSshConfig: x*\n',
    );
    const { store } = await open();
    const cluster = store.get('lab');
    expect(cluster?.hosts.map(({ name, port, labels }) => [name, port, labels])).toEqual([
      ['web-2', 22, {}],
      ['web-9', 9, { role: 'web' }],
      ['web-1', 22, { role: 'web' }],
    ]);
    expect(cluster?.entry.problems.map(({ message }) => message)).toEqual(['no host of ~/.ssh/config fits x*']);
  });

  test('known_hosts files, etcd and thresholds', async () => {
    put('home/.ssh/config', 'Host b c\n UserKnownHostsFile /dev/null ~/.ssh/other\n');
    put(
      'clusters/lab.yaml',
      'hosts: [a, b, c]\netcd: {endpoints: ["https://a:2379"], tls: {ca: ca.pem}, user: root}\nhealth: {holdSeconds: 1}\n',
    );
    put('clusters/two.yaml', 'hosts: [a]\nssh: {knownHosts: [kh]}\netcd: {endpoints: ["http://a:2379"]}\n');
    const { store } = await open();
    expect(store.get('lab')?.knownHostsFiles).toEqual([
      path('home/.ssh/other'),
      path('home/.ssh/known_hosts'),
      path('home/.ssh/known_hosts2'),
      '/etc/ssh/ssh_known_hosts',
      '/etc/ssh/ssh_known_hosts2',
    ]);
    expect(store.get('lab')?.etcd).toEqual({
      endpoints: ['https://a:2379'],
      tls: { caFile: path('clusters/ca.pem'), certFile: null, keyFile: null, serverName: null },
      user: 'root',
    });
    expect(store.get('lab')?.thresholds).toMatchObject({ holdSeconds: 1, diskAttentionPercent: 85 });
    expect(store.get('two')).toMatchObject({ knownHostsFiles: [path('clusters/kh')], etcd: { tls: null } });
  });

  test('what ssh would have to run is said with its place', async () => {
    put('home/.ssh/config', 'Match exec "true"\n User x\nHost a\n ProxyCommand nc %h %p\n');
    put('clusters/lab.yaml', 'hosts: [a, b]\n');
    const { store } = await open();
    expect(store.get('lab')?.entry.problems.map(({ place, code }) => [place?.line, code])).toEqual([
      [4, 'invalid-input'],
      [1, 'unsupported'],
    ]);
  });
});

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
    const other = scope.child('other');
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

describe('imports', () => {
  test('the own ssh_config, with its includes, becomes a cluster that reaches the same', async () => {
    put(
      'home/.ssh/config',
      'Include conf.d/*\nHost bastion\n HostName b.example.com\n User gate\nHost github.com\n User git\nMatch exec "true"\n User x\n',
    );
    put(
      'home/.ssh/conf.d/fleet',
      `Host web*\n ProxyJump bastion\n IdentityFile ~/.ssh/fleet\nHost web1 web2\n User core\n`,
    );
    const { store, imports } = await open();
    const preview = await imports.preview('ssh-config', null);
    expect(preview.hosts).toEqual([
      {
        name: 'web1',
        address: 'web1',
        port: 22,
        user: 'core',
        jump: ['bastion'],
        identityFiles: ['~/.ssh/fleet'],
        labels: {},
      },
      {
        name: 'web2',
        address: 'web2',
        port: 22,
        user: 'core',
        jump: ['bastion'],
        identityFiles: ['~/.ssh/fleet'],
        labels: {},
      },
      { name: 'bastion', address: 'b.example.com', port: 22, user: 'gate', jump: [], identityFiles: [], labels: {} },
    ]);
    expect(preview.skipped.map(({ what }) => what)).toEqual(['github.com', 'Host web*']);
    expect(preview.problems.map(({ code, place }) => [code, place?.line])).toEqual([['unsupported', 7]]);
    const id = await imports.createCluster('My Fleet!', 'observe', preview.hosts);
    expect(id).toBe('my-fleet');
    expect(await imports.createCluster('My Fleet!', 'observe', [])).toBe('my-fleet-2');
    const hosts = store.get(id)?.hosts ?? [];
    expect(
      hosts.map(({ name, user, jumps }) => [name, user, jumps.map(({ address, user: as }) => `${as}@${address}`)]),
    ).toEqual([
      ['web1', 'core', ['gate@b.example.com']],
      ['web2', 'core', ['gate@b.example.com']],
      ['bastion', 'gate', []],
    ]);
    expect(store.get(id)?.entry.problems.map(({ code }) => code)).toEqual(['unsupported']);
  });

  test('pasted texts of each format', async () => {
    const { imports } = await open();
    const names = async (format: Parameters<typeof imports.preview>[0], text: string): Promise<string[]> =>
      (await imports.preview(format, text)).hosts.map(({ name }) => name);
    expect(await names('list', 'a, b\n')).toEqual(['a', 'b']);
    expect(await names('ansible-ini', '[w]\nw[1:2]\n')).toEqual(['w1', 'w2']);
    expect(await names('ansible-yaml', 'all: {hosts: {y: }}\n')).toEqual(['y']);
    expect(await names('ssh-config', 'Host z\n')).toEqual(['z']);
    expect((await imports.preview('ssh-config', 'Include /etc/passwd\n')).problems[0]?.message).toBe(
      'Include /etc/passwd is not followed in pasted text',
    );
    expect((await imports.preview('ssh-config', null)).problems[0]).toMatchObject({ code: 'not-found' });
    expect(await codeOf(imports.preview('list', null))).toBe('invalid-input');
  });
});

test('nothing of the real home is touched', async () => {
  const { store } = await open();
  await store.create('x', 'hosts: [h]\n');
  expect(JSON.stringify(store.get('x'))).not.toContain(`${homedir()}/`);
});
