import { describe, expect, it } from 'vitest';
import { type ChangeDraft, type ChangePlan, type ComparedFile, defaultWaves } from '../../contract/change.ts';
import { groupMoved, movedIn, settledDraft } from './moved-hosts.ts';

const path = '/etc/app.conf';
const [old, next] = ['a'.repeat(64), 'b'.repeat(64)];
const file = { path, content: 'yours', mode: null, owner: null, seen: { n1: old, n2: old, n3: null, n4: old } };
const draft: ChangeDraft = {
  title: 'x',
  parts: [{ hosts: ['n1', 'n2', 'n3', 'n4'], files: [file], actions: [], validators: [], gates: [] }],
  policy: defaultWaves,
};
const now = (host: string, kind: ComparedFile['kind'], hash = ''): ComparedFile => ({
  host,
  kind,
  hash,
  mode: '',
  owner: '',
  modifiedAt: null,
  reason: null,
});
const leftOut = (code: 'stale' | 'unreachable', host: string) => ({ host, reason: { code, message: 'x' } });

describe('hosts whose file moved on', () => {
  it('are those that a plan left out as stale', () => {
    const plan = { leftOut: [leftOut('stale', 'n1'), leftOut('unreachable', 'n2')] } as unknown as ChangePlan;
    expect(movedIn(draft, plan)).toEqual({ hosts: ['n1'], path });
    expect(movedIn(draft, { ...plan, leftOut: [leftOut('unreachable', 'n2')] })).toBeNull();
  });
  it('are sorted by their three texts; one that cannot be read is passed over', () => {
    const found = groupMoved(
      draft,
      [
        now('n1', 'file', next),
        now('n2', 'file', next),
        now('n3', 'file', next),
        now('n4', 'absent'),
        now('n5', 'failed'),
      ],
      { [old]: 'base' },
      { [next]: 'theirs' },
    );
    expect(found).toEqual([
      { hosts: ['n1', 'n2'], path, base: 'base', theirs: 'theirs', yours: 'yours', hash: next },
      { hosts: ['n3'], path, base: '', theirs: 'theirs', yours: 'yours', hash: next },
      { hosts: ['n4'], path, base: 'base', theirs: '', yours: 'yours', hash: null },
    ]);
  });
  it('get a part of their own with what stands there now as seen', () => {
    const moved = { hosts: ['n2'], path, base: '', theirs: '', yours: '', hash: next };
    const { parts } = settledDraft(draft, moved, 'both');
    expect(parts.map(({ hosts, files }) => [hosts, files[0]?.content, files[0]?.seen])).toEqual([
      [['n1', 'n3', 'n4'], 'yours', file.seen],
      [['n2'], 'both', { n2: next }],
    ]);
  });
});
