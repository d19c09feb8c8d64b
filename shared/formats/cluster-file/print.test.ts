import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ImportPreview } from '#shared/contract/cluster.ts';
import { parseClusterFile } from './parse.ts';
import { printClusterFile } from './print.ts';

type ImportedHost = ImportPreview['hosts'][number];
const host = (name: string, more: Partial<ImportedHost> = {}): ImportedHost => ({
  name,
  address: name,
  port: 22,
  user: '',
  jump: [],
  identityFiles: [],
  labels: {},
  ...more,
});

test('says once what hosts share and is the same text every time', () => {
  const inner = { user: 'core', jump: ['bastion'], identityFiles: ['~/.ssh/id_fleet'] };
  const hosts = [
    host('bastion', { user: 'core', identityFiles: ['~/.ssh/id_fleet'], address: 'bastion.example.com', port: 2222 }),
    host('web1', { ...inner, labels: { role: 'web', version: '1.10' } }),
    host('web2', inner),
    host('db1', { ...inner, jump: ['ops@outer', 'inner:2200'], labels: { on: 'yes' } }),
    host('db2', { ...inner, address: '10.0.0.22' }),
  ];
  const printed = printClusterFile('Berlin: prod', 'observe', hosts);
  expect(printed).toBe(printClusterFile('Berlin: prod', 'observe', hosts));
  expect(printed).toBe(`# A cluster of Quarterdeck. Passwords and passphrases never go here: they are asked for.
name: "Berlin: prod"

# observe: nothing can be changed from the window. operate: it can, and every change is shown first.
mode: observe

# Counts for every host below that does not say otherwise; the rest comes from ~/.ssh/config.
ssh:
  user: core
  keys: [~/.ssh/id_fleet]
  jump: bastion

hosts:
  - name: bastion
    address: bastion.example.com
    port: 2222
    jump: none
  - name: web1
    labels: {role: web, version: "1.10"}
  - web2
  - name: db1
    jump: [ops@outer, "inner:2200"]
    labels: {"on": "yes"}
  - name: db2
    address: 10.0.0.22
`);
});

test('what is printed reads back as the same hosts', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '1', '.', '-', '_', 'ß', '#'), minLength: 1, maxLength: 8 });
  const plain = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,6}$/);
  const odd = fc.constantFrom('on', 'null', '1.10', '0x1f', '~', 'y', '1_000', '2026-01-01', '-', '*a', '!x', 'a:b');
  const value = fc.oneof(
    word,
    odd,
    fc.string({ unit: 'grapheme', maxLength: 10 }).filter((text) => !/[\p{C}\u2028\u2029]/u.test(text)),
  );
  const jump = fc.array(fc.constantFrom('bastion', 'ops@outer:2222', '[fd00::1]:22'), { maxLength: 2 });
  const imported = fc.record({
    name: fc.oneof(
      plain,
      odd.filter((text) => !text.includes('/')),
    ),
    address: fc.oneof(plain, fc.constantFrom('10.0.0.1', 'fd00::1', '')),
    port: fc.constantFrom(22, 2222, 1, 65535),
    user: fc.constantFrom('', 'core', 'ops', 'true'),
    jump,
    identityFiles: fc.array(fc.constantFrom('~/.ssh/a', '/keys/with blank', 'C:\\keys\\id', '#x'), { maxLength: 2 }),
    labels: fc.dictionary(fc.oneof(plain, fc.constantFrom('on', 'null', 'a/b')), value, { maxKeys: 3 }),
  });
  const hosts = fc.uniqueArray(imported, { selector: ({ name }) => name, maxLength: 6 });
  fc.assert(
    fc.property(hosts, value, (wanted, name) => {
      const text = printClusterFile(name, 'operate', wanted);
      const { file, problems } = parseClusterFile(text, 'f.yaml');
      expect({ text, problems }).toEqual({ text, problems: name === '' ? problems : [] });
      const { ssh } = file;
      expect(
        file.hosts.map((read) => ({
          name: read.name,
          address: read.address ?? read.name,
          port: read.port ?? 22,
          user: read.user ?? ssh.user ?? '',
          jump: read.jump ?? ssh.jump ?? [],
          identityFiles: read.keys ?? ssh.keys ?? [],
          labels: read.labels,
        })),
      ).toEqual(wanted.map((given) => ({ ...given, address: given.address === '' ? given.name : given.address })));
    }),
    { seed: 6, numRuns: 400 },
  );
}, 60_000);
