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
