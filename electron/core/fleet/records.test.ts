import { expect, test } from 'vitest';
import type { Change } from '#shared/contract/records.ts';
import { Records } from './records.ts';

const user = (name: string) => ({ name });

test('an equal value is dropped, a different one is told', () => {
  const records = new Records();
  const told: Change[] = [];
  records.onChange((change) => told.push(change));
  expect(records.publish('app', '', 'user', user('a'))).toBe(true);
  expect(records.publish('app', '', 'user', user('a'))).toBe(false);
  expect(records.publish('app', '', 'user', user('b'))).toBe(true);
  expect(told).toEqual([
    ['app', '', 'user', { name: 'a' }],
    ['app', '', 'user', { name: 'b' }],
  ]);
});

test('removing a record removes each of its sections and then the record', () => {
  const records = new Records();
  records.publish('app', '', 'user', user('a'));
  records.publish('app', '', 'demo', { available: true, starting: false });
  const told: Change[] = [];
  records.onChange((change) => told.push(change));
  records.remove('app', '');
  expect(told.map(([, , section, value]) => [section, value])).toEqual([
    ['user', null],
    ['demo', null],
  ]);
  expect(records.ids('app')).toEqual([]);
  expect(records.all()).toEqual([]);
});

test('of a list by host is told which hosts changed, and nothing of them when it is another list', () => {
  const records = new Records();
  const told: (string[] | null)[] = [];
  records.onChange((_, hosts) => told.push(hosts && [...hosts]));
  const publish = (...hosts: [host: string, state: 'same' | 'differs'][]) =>
    records.publish(
      'document',
      'ntp',
      'drift',
      hosts.map(([host, state]) => ({ host, state, differs: [], reason: null, readAt: 1 })),
    );
  publish(['a', 'same'], ['b', 'same']);
  expect(publish(['a', 'same'], ['b', 'same'])).toBe(false);
  publish(['a', 'same'], ['b', 'differs']);
  publish(['b', 'differs'], ['a', 'same']);
  publish(['b', 'differs']);
  expect(publish()).toBe(true);
  expect(publish()).toBe(false);
  expect(told).toEqual([null, ['b'], null, null, null]);
});
