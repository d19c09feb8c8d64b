import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInventoryIni } from './parse-ini.ts';
import { parseInventoryYaml } from './parse-yaml.ts';
import { previewInventory } from './preview.ts';

const ini = (text: string) => previewInventory(parseInventoryIni(text, 'hosts.ini'));
const yaml = (text: string) => previewInventory(parseInventoryYaml(text, 'hosts.yaml'));
const brief = ({ hosts }: ReturnType<typeof ini>) =>
  hosts.map(({ name, address, port, user, jump, identityFiles }) =>
    [`${user}@${name}=${address}:${port}`, ...jump, ...identityFiles].join(' '),
  );

const asIni = `; the fleet
lone ansible_connection=ssh

[web]
web[01:02].example.com ansible_user=deploy
web9 ansible_host=10.0.0.9 ansible_port=2222 # the odd one

[db]
db1:5022 ansible_host=10.0.1.1
localhost ansible_connection=local

[eu:children]
web
db

[web:vars]
ansible_user=core
ansible_ssh_private_key_file = ~/.ssh/web

[eu:vars]
ansible_user=eu-user
ansible_ssh_common_args='-o ProxyCommand="ssh -q -W %h:%p ops@bastion" -o StrictHostKeyChecking=no'

[all:vars]
ansible_user=nobody
ansible_become_password=hunter2
`;

const asYaml = `
all:
  vars: {ansible_user: nobody, ansible_become_password: hunter2}
  hosts:
    lone: {ansible_connection: ssh}
  children:
    eu:
      vars:
        ansible_user: eu-user
        ansible_ssh_common_args: -J ops@bastion
      children:
        web:
          hosts:
            web[01:02].example.com: {ansible_user: deploy}
            web9:
              ansible_host: 10.0.0.9
              ansible_port: 2222
          vars: {ansible_user: core, ansible_ssh_private_key_file: ~/.ssh/web}
        db:
          hosts:
            db1: {ansible_host: 10.0.1.1, ansible_port: 5022}
            localhost: {ansible_connection: local}
`;

describe.each([
  ['INI', ini(asIni)],
  ['YAML', yaml(asYaml)],
])('an inventory in %s', (_, preview) => {
  test('hosts with the variables that count for them', () => {
    expect(brief(preview)).toEqual([
      'nobody@lone=lone:22',
      'deploy@web01.example.com=web01.example.com:22 ops@bastion ~/.ssh/web',
      'deploy@web02.example.com=web02.example.com:22 ops@bastion ~/.ssh/web',
      'core@web9=10.0.0.9:2222 ops@bastion ~/.ssh/web',
      'eu-user@db1=10.0.1.1:5022 ops@bastion',
    ]);
  });

  test('groups become labels', () => {
    expect(preview.hosts.map(({ labels }) => labels)).toEqual([
      {},
      { group: 'web', web: 'yes', eu: 'yes' },
      { group: 'web', web: 'yes', eu: 'yes' },
      { group: 'web', web: 'yes', eu: 'yes' },
      { group: 'db', db: 'yes', eu: 'yes' },
    ]);
  });

  test('what is not taken over is said, and no secret is shown', () => {
    expect(preview.skipped).toEqual([{ what: 'localhost', why: 'it is reached by "local", not by ssh' }]);
    expect(preview.problems.map(({ message }) => message)).toEqual(['"ansible_become_password" is not taken over']);
    expect(JSON.stringify(preview)).not.toContain('hunter2');
  });
});

test('problems name their line', () => {
  const { problems, hosts } = ini('web1 x\n[a:b]\nlost\n[c]\n"open\nweb/2\n[c:vars]\nnothing\n');
  expect(problems.map(({ place, message }) => `${place?.line} ${message}`)).toEqual([
    '1 "x" is no variable',
    '2 "[a:b]" is no section',
    '5 a quote is not closed',
    '6 "web/2" is no host',
    '8 "nothing" is no variable',
  ]);
  expect(hosts.map(({ name }) => name)).toEqual(['web1']);
  expect(yaml('all: [x]\n').problems[0]?.place).toEqual({ file: 'hosts.yaml', line: 1, column: 6 });
});

test('groups that contain each other, templates and odd ssh arguments are told', () => {
  const { problems, hosts } = ini(
    '[a:children]\nb\n[b:children]\na\n[b]\nx ansible_host="{{ ip }}" ansible_ssh_common_args="-F other -o ProxyCommand=nc"\n',
  );
  expect(hosts).toMatchObject([{ name: 'x', address: 'x' }]);
  expect(problems.map(({ message }) => message).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    '-F in the ssh arguments is not understood',
    'ProxyCommand in the ssh arguments is not understood',
    'ansible_host holds a template, which is not evaluated',
    'the group "a" contains itself',
  ]);
});

test('any text gives hosts and problems, never an error', () => {
  const noise = fc.oneof(
    fc.constantFrom('[', ']', ':children', ':vars', 'a', 'b', 'web[1:3]', '\n', '=', "'", '"', ' ', '#', '{{', ':22'),
    fc.constantFrom(
      'all',
      'hosts',
      'children',
      'vars',
      ': ',
      ':\n',
      '\n  ',
      '{',
      '}',
      'ansible_port',
      'ansible_host',
      '- ',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 50 }), (parts) => {
      const text = parts.join('');
      for (const { hosts, problems } of [ini(text), yaml(text)]) {
        expect(new Set(hosts.map(({ name }) => name)).size).toBe(hosts.length);
        expect(problems.every(({ place }) => place === undefined || place.line >= 1)).toBe(true);
      }
    }),
    { seed: 12, numRuns: 600 },
  );
}, 60_000);
