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
    expect(movedIn(draft, plan)).toEqual([{ hosts: ['n1'], path }]);
    expect(movedIn(draft, { ...plan, leftOut: [leftOut('unreachable', 'n2')] })).toEqual([]);
  });
  it('are sorted by their three texts; one that cannot be read is passed over', () => {
    const found = groupMoved(
      draft,
      path,
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
  it('have no base where what was seen is not to be had, and none is told that did not move', () => {
    const found = groupMoved(draft, path, [now('n1', 'file', next), now('n2', 'file', old)], {}, { [next]: 'theirs' });
    expect(found).toEqual([{ hosts: ['n1'], path, base: null, theirs: 'theirs', yours: 'yours', hash: next }]);
  });
  it('are told by each path of a draft that has several, and settled one by one', () => {
    const other = { ...file, path: '/etc/b', content: null };
    const two: ChangeDraft = {
      ...draft,
      parts: [{ hosts: ['n1', 'n2'], files: [file, other], actions: [], validators: [], gates: [] }],
    };
    const plan = { leftOut: [leftOut('stale', 'n1')] } as unknown as ChangePlan;
    expect(movedIn(two, plan).map((moved) => moved.path)).toEqual([path, '/etc/b']);
    const [moved] = groupMoved(two, '/etc/b', [now('n1', 'file', next)], {}, { [next]: 'theirs' });
    expect(moved).toMatchObject({ path: '/etc/b', yours: null });
    if (!moved) return;
    const { parts } = settledDraft(two, moved, null);
    expect(parts.map(({ hosts, files }) => [hosts, files.map(({ seen }) => seen?.['n1'])])).toEqual([
      [['n2'], [old, old]],
      [['n1'], [old, next]],
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
