import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../changes/plan-hash.ts';
import type { FoundFile } from '../../changes/read-files.ts';
import { unread } from '../drift/host-reading.ts';
import { firstBootPaths, readFirstBoot } from './first-boot.ts';
import { layeredParts } from './layered-parts.ts';
import { restored } from './restore.ts';

const values = { host: 'web1', privateIpv4: '10.0.0.1', publicIpv4: null, privateIpv6: null, publicIpv6: null };
const fileOf = (text: string | null, mode = '644', hash = sha256(text ?? '')): FoundFile => ({
  kind: 'file',
  state: { kind: 'file', hash, mode, uid: 0, gid: 0 },
  bytes: text?.length ?? 0,
  modifiedS: 0,
  label: null,
  text,
});
const absent: FoundFile = { kind: 'absent' };

/** A host with these files, and none other. */
function hostWith(files: Readonly<Record<string, FoundFile>>): FoundFile[] {
  return firstBootPaths.map((path) => files[path] ?? absent);
}

const ignition = JSON.stringify({
  ignition: { version: '3.4.0' },
  storage: { files: [{ path: '/etc/a', mode: 0o600, contents: { source: 'data:,one' } }] },
  systemd: { units: [{ name: 'a.service', enabled: true }] },
});
const cloudConfig =
  '#cloud-config\nwrite_files:\n  - path: /etc/a\n    content: two\n  - path: /etc/b\n    content: $private_ipv4\n';

test('takes apart what lies there; the first place that names a file holds, a copy counts once', () => {
  const found = hostWith({
    '/run/ignition.json': fileOf(ignition),
    '/oem/config.ign': fileOf(ignition),
    '/var/lib/cloud/instance/user-data.txt': fileOf(cloudConfig),
  });
  const { about, files, units } = readFirstBoot(found, values);
  expect(about.sources.map(({ from, format }) => `${from} ${format}`)).toEqual([
    '/run/ignition.json ignition',
    '/var/lib/cloud/instance/user-data.txt cloud-config',
  ]);
  expect(files.map(({ path, content, mode }) => [path, content, mode])).toEqual([
    ['/etc/a', 'one', '600'],
    ['/etc/b', '10.0.0.1', '644'],
  ]);
  expect([...units]).toEqual([['a.service', { verb: 'enable', from: '/run/ignition.json' }]]);
});

test('says of what cannot be compared why', () => {
  const notes = (file: FoundFile) =>
    readFirstBoot(hostWith({ '/oem/config.ign': file }), values).about.sources[0]?.note;
  expect(notes({ kind: 'unreadable' })).toBe('only root may read it');
  expect(notes({ kind: 'link' })).toBe('it is not a regular file');
  expect(notes(fileOf(null))).toContain('packed');
  expect(notes(fileOf('#!/bin/sh\n'))).toContain('script');
  expect(notes(fileOf('Content-Type: multipart/mixed; boundary="x"\n'))).toContain('several parts');
  expect(notes(fileOf('#include\nhttp://example/\n'))).toContain('fetched');
  expect(notes(fileOf('\n'))).toContain('empty');
  expect(notes(fileOf('hello\n'))).toContain('no format');
});

test('never throws, whatever lies there', () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .constantFrom(ignition, cloudConfig)
      .chain((good) => fc.nat(good.length).map((cut) => good.slice(0, cut) + good.slice(cut + 3))),
  );
  fc.assert(
    fc.property(fc.constantFrom(...firstBootPaths), text, (path, content) => {
      const { about } = readFirstBoot(hostWith({ [path]: fileOf(content) }), values);
      expect(about.only.length).toBeLessThanOrEqual(200);
    }),
  );
});

test('a document holds over a change, a change over the first boot; each file stands there once', () => {
  const change = { id: '20261101-abcdef', title: 'Set it', by: 'mara', at: 5 };
  const state = (path: string, text: string) => ({ path, hash: sha256(text), mode: null, owner: null });
  const left = (path: string, text: string) => ({
    path,
    after: { kind: 'file' as const, hash: sha256(text), mode: '644', uid: 0, gid: 0 },
    change,
  });
  const first = readFirstBoot(hostWith({ '/var/lib/cloud/instance/user-data.txt': fileOf(cloudConfig) }), values);
  const files = new Map(
    Object.entries({ '/etc/a': 'doc', '/etc/b': 'other' }).map(([path, text]) => [
      path,
      { found: fileOf(text), readAt: 7, asRoot: false },
    ]),
  );
  const parts = layeredParts(
    [{ name: 'd', revision: 3, wished: { files: [state('/etc/a', 'doc')], units: new Map() } }],
    [left('/etc/a', 'x'), left('/etc/b', 'y'), { ...left('/etc/c', ''), after: { kind: 'absent' } }],
    first,
    { ...unread, files: files.set('/etc/c', { found: absent, readAt: 7, asRoot: false }) },
  );
  expect(parts.map(({ what, says, state, last }) => [what, says.map(({ kind }) => kind), state, last?.id])).toEqual([
    ['/etc/b', ['change', 'first-boot'], 'differs', change.id],
    ['/etc/a', ['document', 'change', 'first-boot'], 'same', change.id],
  ]);
});

test('restores what was left of a file, with what was seen; what cannot be restored says why', () => {
  const wanted = (path: string, content: string, more: object = {}) => ({
    state: { path, hash: sha256(content), mode: '640', owner: { uid: 0, gid: 4 } },
    content,
    lost: '',
    by: 'change' as const,
    ...more,
  });
  const all = [
    wanted('/etc/sysctl.d/a.conf', 'a'),
    wanted('/etc/b', 'b', { by: 'document' }),
    wanted('/etc/c', 'c', { lost: 'it is no longer kept' }),
    wanted('/etc/d', 'd'),
    wanted('/etc/e', 'e'),
  ];
  const seen = [fileOf('now'), fileOf('b'), absent, { kind: 'link' } as const, { kind: 'unreadable' } as const];
  const { draft, leftOut } = restored('web1', all, seen, null);
  expect(draft?.title).toBe('Restore /etc/sysctl.d/a.conf on web1');
  expect(draft?.parts).toMatchObject([
    {
      hosts: ['web1'],
      files: [{ content: 'a', mode: '640', owner: { uid: 0, gid: 4 }, seen: { web1: sha256('now') } }],
      actions: [{ verb: 'restart', unit: 'systemd-sysctl.service' }],
    },
  ]);
  expect(leftOut.map(({ reason }) => reason.message)).toEqual([
    '/etc/b: a document says it',
    '/etc/c: it is no longer kept',
    '/etc/d: it is a link',
    '/etc/e: it cannot be read',
  ]);
  expect(
    restored(
      'web1',
      [wanted('/etc/f', 'f')],
      [{ ...fileOf('f'), state: { kind: 'file', hash: sha256('f'), mode: '640', uid: 0, gid: 4 } } as FoundFile],
      null,
    ).draft,
  ).toBe(null);
});
