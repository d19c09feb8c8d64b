import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { skipUnless } from '#kit/skip.ts';
import { parseInventoryIni } from '#shared/formats/ansible-inventory/parse-ini.ts';
import { parseInventoryYaml } from '#shared/formats/ansible-inventory/parse-yaml.ts';
import { previewInventory } from '#shared/formats/ansible-inventory/preview.ts';

vi.setConfig({ testTimeout: 300_000 });
const ansible = spawnSync('ansible-inventory', ['--version']).status === 0;

/** Groups by name; the one called `_meta` holds what is known of each host. */
type Listed = Record<
  string,
  {
    readonly hosts?: string[];
    readonly children?: string[];
    readonly hostvars?: Record<string, Record<string, unknown>>;
  }
>;

interface Brief {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly key: string;
  readonly groups: readonly string[];
}

const sorted = (texts: Iterable<string>): string[] => [...texts].toSorted((a, b) => (a < b ? -1 : 1));

describe('inventories against the real ansible-inventory', () => {
  beforeEach(() => skipUnless(ansible, 'no ansible-inventory is installed here'));
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-ansible-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Every host as Ansible sees it. */
  const theirs = (text: string, name: string): Record<string, Brief> => {
    const file = join(folder, name);
    writeFileSync(file, text);
    const run = spawnSync('ansible-inventory', ['-i', file, '--list'], {
      encoding: 'utf8',
      env: { ...process.env, ANSIBLE_INVENTORY_ENABLED: name.endsWith('.ini') ? 'ini' : 'yaml', HOME: folder },
    });
    const listed = JSON.parse(run.stdout) as Listed;
    const groupsOf = (host: string): string[] => {
      const direct = Object.keys(listed).filter((group) => listed[group]?.hosts?.includes(host));
      const all = new Set<string>();
      const waiting = [...direct];
      for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
        if (all.has(group)) continue;
        all.add(group);
        const inside = group;
        waiting.push(...Object.keys(listed).filter((other) => listed[other]?.children?.includes(inside)));
      }
      return sorted([...all].filter((group) => group !== 'all' && group !== 'ungrouped'));
    };
    const hosts = new Set(
      Object.entries(listed).flatMap(([group, { hosts: some }]) => (group === '_meta' ? [] : (some ?? []))),
    );
    return Object.fromEntries(
      sorted(hosts).map((host) => {
        const vars = listed['_meta']?.hostvars?.[host] ?? {};
        const text = (value: unknown): string =>
          typeof value === 'string' || typeof value === 'number' ? String(value) : '';
        return [
          host,
          {
            address: text(vars['ansible_host']) || host,
            port: Number(vars['ansible_port'] ?? 22),
            user: text(vars['ansible_user']),
            key: text(vars['ansible_ssh_private_key_file']),
            groups: groupsOf(host),
          },
        ];
      }),
    );
  };
  const ours = (text: string, name: string): Record<string, Brief> => {
    const inventory = name.endsWith('.ini') ? parseInventoryIni(text, name) : parseInventoryYaml(text, name);
    const { hosts } = previewInventory(inventory);
    return Object.fromEntries(
      hosts
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name: host, address, port, user, identityFiles, labels }) => [
          host,
          {
            address,
            port,
            user,
            key: identityFiles[0] ?? '',
            groups: sorted(Object.keys(labels).filter((key) => key !== 'group')),
          },
        ]),
    );
  };

  test('a hand-written inventory in both formats', () => {
    const ini = `lone ansible_user='a b'
[web]
web[01:03:2].example.com ansible_port=2222
web9 ansible_host=10.0.0.9  # comment
db1:5022
[db]
db[a:c] ansible_user="dba"
db1 ansible_host=10.0.1.1
[eu:children]
web
db
[us:children]
db
[web:vars]
ansible_user=core
ansible_ssh_private_key_file = ~/.ssh/web
[eu:vars]
ansible_user=eu
ansible_port=23
[us:vars]
ansible_user=us
[all:vars]
ansible_user=nobody
`;
    const yaml = `
all:
  vars: {ansible_user: nobody}
  hosts:
    lone:
  children:
    eu:
      vars: {ansible_port: 23}
      children:
        web:
          hosts:
            web[1:2]: {ansible_user: core}
            db1: {ansible_host: 10.0.0.1}
        db:
    db:
      hosts: {db1: {ansible_user: "1.10"}}
      vars: {ansible_ssh_private_key_file: ~/k}
`;
    expect(ours(ini, 'hand.ini')).toEqual(theirs(ini, 'hand.ini'));
    expect(ours(yaml, 'hand.yaml')).toEqual(theirs(yaml, 'hand.yaml'));
  });

  test('seeded random inventories in INI', () => {
    const groups = ['alpha', 'beta', 'gamma', 'delta'];
    const variable = fc.constantFrom(
      'ansible_user=ops',
      'ansible_user="core"',
      "ansible_user='two words'",
      'ansible_port=2222',
      'ansible_port=23',
      'ansible_host=10.0.0.7',
      'ansible_ssh_private_key_file=/k/one',
    );
    const host = fc.constantFrom('h1', 'h2', 'h[1:3]', 'n[08:10]', 'x[a:b].lan', 'h4:2200');
    const hostLine = fc
      .tuple(host, fc.array(variable, { maxLength: 2 }))
      .map(([name, vars]) => [name, ...vars].join(' '));
    const section = fc.oneof(
      fc
        .tuple(fc.constantFrom(...groups), fc.array(hostLine, { maxLength: 3 }))
        .map(([name, lines]) => [`[${name}]`, ...lines]),
      fc
        .tuple(fc.constantFrom(...groups, 'all'), fc.array(variable, { maxLength: 2 }))
        .map(([name, lines]) => [`[${name}:vars]`, ...lines]),
      // A group may only contain later ones, so that none contains itself.
      fc
        .nat(2)
        .chain((index) =>
          fc
            .subarray(groups.slice(index + 1), { minLength: 1 })
            .map((children) => [`[${groups[index]}:children]`, ...children]),
        ),
    );
    const inventory = fc
      .tuple(fc.array(hostLine, { maxLength: 2 }), fc.array(section, { minLength: 1, maxLength: 6 }))
      // Ansible wants every group to be there.
      .map(([lone, sections]) => [...lone, ...sections.flat(), ...groups.map((name) => `[${name}]`)].join('\n'));
    let round = 0;
    fc.assert(
      fc.property(inventory, (text) => {
        const name = `random-${round++}.ini`;
        expect({ text, hosts: ours(text, name) }).toEqual({ text, hosts: theirs(text, name) });
      }),
      { seed: 20261122, numRuns: 15, endOnFailure: true },
    );
  });
});
