import { expect, test } from 'vitest';
import { documentName } from '#shared/contract/document.ts';
import { nameFor, recogniseFormat } from './recognise-format.ts';

test.each([
  ['#cloud-config\npackages: []\n', 'cloud-config'],
  ['## template: jinja\n#cloud-config\nwrite_files: []\n', 'cloud-config'],
  ['# ours\nvariant: flatcar\nversion: 1.1.0\n', 'butane'],
  ['{ "ignition": { "version": "3.4.0" } }', 'ignition'],
  ['[Time]\nNTP=10.0.0.1\n', 'file'],
  ['{ "log-driver": "journald" }', 'file'],
  ['', 'file'],
])('recognises %j as %s', (text, format) => {
  expect(recogniseFormat(text)).toBe(format);
});

test('a name made of a path is one that a document may have, or empty', () => {
  expect(nameFor('/etc/sysctl.d/90-Fleet.conf')).toBe('90-fleet.conf');
  expect(nameFor('/etc/ ._')).toBe('');
  for (const path of ['/etc/motd', '/a/Ünïcode file', `/x/${'y'.repeat(300)}`])
    expect(documentName.safeParse(nameFor(path)).success).toBe(true);
});
