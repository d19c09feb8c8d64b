import { expect, test } from 'vitest';
import { channelDraft } from './channel-draft.ts';

test('hosts of both families are parts of one draft, each with the path that is its own', () => {
  const edit = (host: string, home: string, content = 'GROUP=beta\n', seen: string | null = 'a'.repeat(64)) => ({
    host,
    path: `/etc/${home}/update.conf`,
    content,
    seen,
  });
  const edits = [
    edit('f1', 'flatcar'),
    edit('c1', 'coreos'),
    edit('f2', 'flatcar', 'GROUP=beta\n', null),
    edit('f3', 'flatcar', '# ours\nGROUP=beta\n'),
  ];
  const draft = channelDraft({ kind: 'set-channel', channel: 'beta' }, edits);
  expect(draft?.parts.map(({ hosts, files }) => [hosts, files[0]?.path, files[0]?.seen])).toEqual([
    [['f1', 'f2'], '/etc/flatcar/update.conf', { f1: 'a'.repeat(64), f2: null }],
    [['c1'], '/etc/coreos/update.conf', { c1: 'a'.repeat(64) }],
    [['f3'], '/etc/flatcar/update.conf', { f3: 'a'.repeat(64) }],
  ]);
  for (const { actions } of draft?.parts ?? [])
    expect(actions).toEqual([{ verb: 'restart', unit: 'update-engine.service' }]);
  expect(channelDraft({ kind: 'set-channel', channel: 'beta' }, [])).toBe(null);
});
