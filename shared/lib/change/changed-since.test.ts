import { expect, test } from 'vitest';
import type { ChangeHistory } from '#shared/contract/change.ts';
import { changedSince, lastChangeOf } from './changed-since.ts';

const entry = (id: string, left: [string | null, string[]][]): ChangeHistory[number] => ({
  id,
  title: id,
  by: 'ada',
  at: 0,
  hosts: left.flatMap(([, hosts]) => hosts),
  left: left.map(([hash, hosts]) => ({ hash, hosts })),
});
const history = [
  entry('20260102-aaaaaa', [
    ['new', ['web1', 'web2']],
    [null, ['web3']],
  ]),
  entry('20260101-bbbbbb', [['old', ['web1', 'web2', 'web3', 'web4']]]),
];

test('the newest change of a host is named; whether its file is still what that left is told', () => {
  const of = (host: string, hash: string | null) => {
    const last = lastChangeOf(history, host, { hash });
    return last && [last.change.id.slice(-1), last.since];
  };
  expect(of('web1', 'new')).toEqual(['a', false]);
  // What an older change left is not what the newest one did.
  expect(of('web1', 'old')).toEqual(['a', true]);
  expect(of('web1', null)).toEqual(['a', true]);
  expect(of('web3', null)).toEqual(['a', false]);
  expect(of('web4', 'old')).toEqual(['b', false]);
  expect(of('web5', 'old')).toBeNull();
  // Of a file that could not be read nothing is said.
  expect(lastChangeOf(history, 'web1', null)?.since).toBe(false);
});

test('over many hosts, by the change that was written over', () => {
  const file = (host: string, hash: string | null) => ({ host, hash, modifiedAt: 7 });
  const found = changedSince(history, [file('web1', 'by hand'), file('web2', 'new'), file('web4', null)]);
  expect([...found].map(([id, files]) => [id.slice(-1), files.map(({ host }) => host)])).toEqual([
    ['a', ['web1']],
    ['b', ['web4']],
  ]);
});
