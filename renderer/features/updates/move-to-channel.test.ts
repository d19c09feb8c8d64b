import { expect, test } from 'vitest';
import type { ComparedFile } from '#shared/contract/change.ts';
import { moveToChannel } from './move-to-channel.ts';

const path = '/etc/flatcar/update.conf';
const file = (host: string, kind: ComparedFile['kind'], hash = ''): ComparedFile => ({
  host,
  kind,
  hash,
  mode: '644',
  owner: '0:0',
  modifiedAt: null,
  reason: null,
});

test('writes the channel and leaves the rest of each file as it is', () => {
  const texts = { a: '# ours\nGROUP=stable\nREBOOT_STRATEGY=off\n', b: 'GROUP=beta\n' };
  const files = [file('h1', 'file', 'a'), file('h2', 'file', 'a'), file('h3', 'file', 'b'), file('h4', 'absent')];
  const { draft, leftOut } = moveToChannel(path, 'beta', [...files, file('h5', 'link')], texts);
  expect(draft?.parts.map((part) => [part.hosts, part.files[0]?.content, part.files[0]?.seen])).toEqual([
    [['h1', 'h2'], '# ours\nGROUP=beta\nREBOOT_STRATEGY=off\n', { h1: 'a', h2: 'a' }],
    [['h4'], 'GROUP=beta\n', { h4: null }],
  ]);
  expect(draft?.parts[0]?.actions).toContainEqual({ verb: 'restart', unit: 'update-engine.service' });
  expect(leftOut).toEqual([
    { host: 'h3', why: 'it follows beta already' },
    { host: 'h5', why: `${path} is no plain file there` },
  ]);
});

test('a channel that update_engine would not take is written nowhere', () => {
  const { draft, leftOut } = moveToChannel(path, 'a b', [file('h1', 'absent')], {});
  expect(draft).toBe(null);
  expect(leftOut).toHaveLength(1);
});
