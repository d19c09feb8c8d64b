import { describe, expect, test, vi } from 'vitest';
import { codeOf, useClusterHome } from '#kit/cluster-home.ts';

vi.setConfig({ testTimeout: 30_000 });
const { put, open } = useClusterHome();

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
    const { imports, store } = await open();
    const names = async (format: Parameters<typeof imports.preview>[0], text: string): Promise<string[]> =>
      (await imports.preview(format, text)).hosts.map(({ name }) => name);
    expect(await names('list', 'a, b\n')).toEqual(['a', 'b']);
    const listed = await imports.preview('list', 'core@a role=web\nb[1:2] zone="x"\n');
    expect(listed.hosts.map(({ name, labels }) => [name, labels])).toEqual([
      ['a', { role: 'web' }],
      ['b1', {}],
      ['b2', {}],
    ]);
    expect(listed.problems).toMatchObject([{ place: { file: 'pasted text', line: 2, column: 8 } }]);
    const made = store.get(await imports.createCluster('Listed', 'observe', listed.hosts));
    expect(made?.hosts.map(({ name, labels }) => [name, labels])).toEqual([
      ['a', { role: 'web' }],
      ['b1', {}],
      ['b2', {}],
    ]);
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
