import { describe, expect, it } from 'vitest';
import { verbsFor } from './unit-verbs.ts';

describe('verbsFor', () => {
  it('offers what changes something', () => {
    expect(verbsFor('active', 'enabled')).toEqual(['restart', 'stop', 'reload', 'disable']);
    expect(verbsFor('failed', 'disabled')).toEqual(['restart', 'start', 'reset-failed', 'enable']);
    expect(verbsFor('inactive', 'static')).toEqual(['restart', 'start']);
    expect(verbsFor('active', '')).toEqual(['restart', 'stop', 'reload', 'enable', 'disable']);
  });
});
