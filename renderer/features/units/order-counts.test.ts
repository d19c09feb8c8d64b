import { expect, it } from 'vitest';
import { type CountedUnit, orderCounts, unitsByState } from './order-counts.ts';

const counted = (name: string, states: Record<string, number>): CountedUnit => ({
  name,
  description: `about ${name}`,
  hosts: 3,
  states,
  jobs: 0,
});
const units = [
  counted('web10.service', { active: 3 }),
  counted('web2.service', { active: 2, inactive: 1 }),
  counted('zed.service', { active: 2, failed: 1 }),
];

it('lists the failed first, then by name, filtered by words and by a state of any host', () => {
  const names = (text: string, state: string | null) => orderCounts(units, { text, state }).map(({ name }) => name);
  expect(names('', null)).toEqual(['zed.service', 'web2.service', 'web10.service']);
  expect(names('ABOUT web', null)).toEqual(['web2.service', 'web10.service']);
  expect(names('', 'inactive')).toEqual(['web2.service']);
});

it('counts units by the states that any host has', () => {
  expect(unitsByState(units)).toEqual([
    ['failed', 1],
    ['active', 3],
    ['inactive', 1],
  ]);
});
