import { describe, expect, it } from 'vitest';
import type { Unit } from '#shared/contract/unit.ts';
import { countActive, orderUnits } from './unit-order.ts';
import { withUnits } from './use-units.ts';

const unit = (name: string, active = 'active'): Unit => ({
  name,
  active,
  description: `About ${name}`,
  load: 'loaded',
  sub: 'running',
  job: '',
  since: 0,
});
const units = [unit('b10.service'), unit('b9.service'), unit('a.timer'), unit('z.service', 'failed')];
const any = { type: 'all', text: '', active: null };

describe('orderUnits', () => {
  it('puts what failed first and counts numbers as people do', () => {
    expect(orderUnits(units, any).map(({ name }) => name)).toEqual([
      'z.service',
      'a.timer',
      'b9.service',
      'b10.service',
    ]);
  });

  it('filters by type, text and state together', () => {
    expect(orderUnits(units, { type: 'service', text: 'ABOUT B', active: null })).toHaveLength(2);
    expect(orderUnits(units, { ...any, active: 'failed' }).map(({ name }) => name)).toEqual(['z.service']);
  });

  it('counts states without the state that is asked for', () => {
    expect([...countActive(units, { ...any, active: 'failed' })]).toEqual([
      ['failed', 1],
      ['active', 3],
    ]);
  });
});

describe('withUnits', () => {
  it('replaces on reset, else changes and removes', () => {
    const first = withUnits(null, { reset: true, changed: units, removed: [] });
    const second = withUnits(first, { reset: false, changed: [unit('a.timer', 'inactive')], removed: ['b9.service'] });
    expect(second.size).toBe(3);
    expect(second.get('a.timer')?.active).toBe('inactive');
    expect(withUnits(second, { reset: true, changed: [], removed: [] }).size).toBe(0);
  });
});
