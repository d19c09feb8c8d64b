import { homedir, userInfo } from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import { useClusterHome } from '#kit/cluster-home.ts';

const me = userInfo().username;
vi.setConfig({ testTimeout: 30_000 });
const { path, put, open } = useClusterHome();

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

test('nothing of the real home is touched', async () => {
  const { store } = await open();
  await store.create('x', 'hosts: [h]\n');
  expect(JSON.stringify(store.get('x'))).not.toContain(`${homedir()}/`);
});
