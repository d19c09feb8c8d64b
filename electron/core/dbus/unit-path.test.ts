import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitFromPath, unitPath } from './unit-path.ts';

const root = '/org/freedesktop/systemd1/unit/';

describe('unit paths', () => {
  it('are escaped as systemd does', () => {
    expect(unitPath('sshd.service')).toBe(`${root}sshd_2eservice`);
    expect(unitPath('dev-disk-by\\x2did.device')).toBe(`${root}dev_2ddisk_2dby_5cx2did_2edevice`);
    expect(unitPath('1a.scope')).toBe(`${root}_31a_2escope`);
    expect(unitPath('user@1000.service')).toBe(`${root}user_401000_2eservice`);
  });

  it('lead back to the unit', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(name, (unit) => {
        expect(unitFromPath(unitPath(unit))).toBe(unit);
      }),
    );
  });

  it('are null for other paths', () => {
    expect(unitFromPath('/org/freedesktop/systemd1')).toBeNull();
    expect(unitFromPath(`${root}a_2`)).toBeNull();
    expect(unitFromPath(`${root}a/b`)).toBeNull();
    expect(unitFromPath(root)).toBeNull();
  });
});
