import { expect, test } from 'vitest';
import { recordedLog } from '#kit/recorded-log.ts';
import { JournalMirror } from './journal-mirror.ts';
import type { StoredEntry } from './journal-store.ts';

const entry = (key: string, value = ''): StoredEntry => ({ key, value, created: 1, modified: 1 });

test('a change whose texts are there before its plan is still being written: nothing is said of it', () => {
  const log = recordedLog();
  const mirror = new JournalMirror(log);
  const news = { reset: true, revision: 1, changed: [entry('changes/20261101-aaaaaa/contents/x', 'text')], gone: [] };
  expect([...mirror.take(news)]).toEqual(['20261101-aaaaaa']);
  expect(mirror.stored('20261101-aaaaaa')).toBeNull();
  expect(log.surprises).toEqual([]);
  expect(mirror.unfinished('20261101')).toEqual([]);
  expect(mirror.unfinished('20261102')).toEqual(['20261101-aaaaaa']);
});

test('a plan that cannot be read is told by the log, and the others are shown all the same', () => {
  const log = recordedLog([/in the journal/]);
  const mirror = new JournalMirror(log);
  const changed = [entry('changes/20261101-bbbbbb/plan', 'nonsense'), entry('changes/20261101-bbbbbb/progress', '{}')];
  mirror.take({ reset: true, revision: 1, changed, gone: [] });
  expect(mirror.all()).toEqual([]);
  expect(mirror.unfinished('20261201')).toEqual([]);
});

test('what is gone is forgotten, with a reset everything that is not told again', () => {
  const mirror = new JournalMirror(recordedLog());
  mirror.take({ reset: true, revision: 1, changed: [entry('changes/a/owner'), entry('changes/b/owner')], gone: [] });
  expect([...mirror.take({ reset: false, revision: 2, changed: [], gone: ['changes/a/owner'] })]).toEqual(['a']);
  expect([...mirror.take({ reset: true, revision: 3, changed: [entry('changes/c/owner')], gone: [] })]).toEqual([
    'b',
    'c',
  ]);
  expect([mirror.stored('a'), mirror.stored('b')]).toEqual([null, null]);
});
