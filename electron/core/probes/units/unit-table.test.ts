import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Unit } from '#shared/contract/unit.ts';
import type { ListedUnit } from './listed-unit.ts';
import { UnitTable } from './unit-table.ts';

const row = (name: string, active = 'active', more: Partial<ListedUnit> = {}): ListedUnit => ({
  name,
  description: `The ${name}`,
  load: 'loaded',
  active,
  sub: 'running',
  job: '',
  ...more,
});

describe('UnitTable', () => {
  it('asks once since when units that were found failed have been so, and believes only the past', () => {
    const table = new UnitTable(() => 1000);
    table.replace([row('old', 'failed'), row('fine')]);
    expect(table.takeUndated(10)).toEqual(['old']);
    expect(table.takeUndated(10)).toEqual([]);
    table.date('old', 'failed', 2000);
    expect(table.units().map(({ since }) => since)).toEqual([null, null]);
    table.date('old', 'failed', 400);
    table.date('fine', 'failed', 400);
    expect(table.units().map(({ since }) => since)).toEqual([400, null]);
    table.change('fine', { active: 'failed' });
    expect(table.takeUndated(10)).toEqual([]);
    table.date('fine', 'failed', 400);
    expect(table.units().map(({ since }) => since)).toEqual([400, 1000]);
  });

  it('holds a unit that is the same on two hosts once, and tells them apart when one changes', () => {
    const [here, there] = [new UnitTable(() => 5), new UnitTable(() => 5)];
    here.replace([row('a')]);
    there.replace([row('a')]);
    expect(here.units()[0]).toBe(there.units()[0]);
    here.change('a', { active: 'failed' });
    expect(here.units()[0]?.active).toBe('failed');
    expect(there.units()[0]?.active).toBe('active');
  });

  it('has no time for a state that was simply found; what comes up or changes before our eyes has one', () => {
    let now = 100;
    const table = new UnitTable(() => now);
    table.replace([row('a'), row('b', 'inactive')]);
    now = 200;
    table.put(row('new'));
    table.put(row('loaded', 'inactive'));
    table.put(row('b', 'active'));
    table.put(row('a', 'active', { sub: 'exited' }));
    const since = Object.fromEntries(table.units().map((unit) => [unit.name, unit.since]));
    expect(since).toEqual({ a: null, b: 200, new: 200, loaded: null });
  });

  it('gives the whole list first, then what changed', () => {
    let now = 100;
    const table = new UnitTable(() => now);
    table.replace([row('a'), row('b')]);
    expect(table.take()).toEqual({
      reset: true,
      changed: [
        { ...row('a'), since: null },
        { ...row('b'), since: null },
      ],
      removed: [],
    });
    now = 200;
    table.change('a', { active: 'failed', sub: 'failed' });
    table.change('unknown', { active: 'failed' });
    table.remove('b');
    expect(table.take()).toEqual({
      reset: false,
      changed: [{ ...row('a', 'failed', { sub: 'failed' }), since: 200 }],
      removed: ['b'],
    });
    table.replace([row('a', 'failed', { sub: 'failed' })]);
    expect(table.take()).toEqual({ reset: false, changed: [], removed: [] });
  });

  it('lets a replica that applies the items stay equal', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const active = fc.constantFrom('active', 'failed', 'inactive');
    const rows = fc.uniqueArray(fc.tuple(name, active), { selector: ([each]) => each });
    const act = fc.oneof(
      fc.record({ kind: fc.constant('replace' as const), rows }),
      fc.record({ kind: fc.constant('change' as const), name, active }),
      fc.record({ kind: fc.constant('put' as const), name, active }),
      fc.record({ kind: fc.constant('remove' as const), name }),
      fc.record({ kind: fc.constant('take' as const) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let now = 0;
        const table = new UnitTable(() => ++now);
        const replica = new Map<string, Unit>();
        const take = () => {
          const { reset, changed, removed } = table.take();
          if (reset) replica.clear();
          for (const unit of changed) replica.set(unit.name, unit);
          for (const gone of removed) replica.delete(gone);
        };
        for (const each of acts) {
          if (each.kind === 'replace') table.replace(each.rows.map(([one, state]) => row(one, state)));
          else if (each.kind === 'change') table.change(each.name, { active: each.active });
          else if (each.kind === 'put') table.put(row(each.name, each.active));
          else if (each.kind === 'remove') table.remove(each.name);
          else take();
        }
        take();
        const byName = (one: Unit, other: Unit) => (one.name < other.name ? -1 : 1);
        expect([...replica.values()].sort(byName)).toEqual(table.units().sort(byName));
      }),
    );
  });

  it('sums up for the row', () => {
    const table = new UnitTable(() => 5);
    table.replace([
      row('a', 'active', { job: 'restart' }),
      row('b', 'failed', { sub: 'failed' }),
      row('c', 'inactive', { load: 'not-found' }),
      row('d', 'active', { load: 'not-found' }),
      row('e', 'inactive', { load: 'bad-setting' }),
    ]);
    expect(table.summary(7, 'dbus')).toEqual({
      readAt: 7,
      source: 'dbus',
      total: 5,
      active: 2,
      jobs: 1,
      failed: [{ name: 'b', sub: 'failed', since: null }],
      loadErrors: [
        { name: 'd', load: 'not-found' },
        { name: 'e', load: 'bad-setting' },
      ],
    });
  });
});
