import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitWords } from './exit-words.ts';
import { busProperties, shownProperties } from './unit-properties.ts';

describe('unit properties', () => {
  it('read the same from the bus and from systemctl show', () => {
    const bus = busProperties({
      Id: 'a.service',
      NeedDaemonReload: true,
      MainPID: 7,
      MemoryCurrent: 2n ** 64n - 1n,
      CPUUsageNSec: 5_000_000_000n,
      After: ['x.target', 'y.service'],
      Documentation: ['man:a(8)', 'https://example.org/a b'],
    });
    const shown = shownProperties(
      [
        'Id=a.service',
        'NeedDaemonReload=yes',
        'MainPID=7',
        'MemoryCurrent=[not set]',
        'CPUUsageNSec=5000000000',
        'After=x.target y.service',
        'Documentation="man:a(8)" "https://example.org/a b"',
        'Id=second',
        'ExecStart={ path=/bin/a ; argv[]=/bin/a=b ; }',
      ].join('\n'),
    );
    for (const properties of [bus, shown]) {
      expect(properties.text('Id')).toBe('a.service');
      expect(properties.text('NeedDaemonReload')).toBe('yes');
      expect(properties.number('MainPID')).toBe(7);
      expect(properties.number('MemoryCurrent')).toBeNull();
      expect(properties.number('CPUUsageNSec')).toBe(5e9);
      expect(properties.list('After')).toEqual(['x.target', 'y.service']);
      expect(properties.list('Documentation')).toEqual(['man:a(8)', 'https://example.org/a b']);
      expect(properties.text('Missing')).toBe('');
      expect(properties.number('Missing')).toBeNull();
      expect(properties.list('Missing')).toEqual([]);
    }
  });

  it('take every form of a counter that is not kept as null', () => {
    const shown = shownProperties('A=infinity\nB=18446744073709551615\nC=\nD=1e5\nE=-3');
    expect(['A', 'B', 'C', 'D', 'E'].map((name) => shown.number(name))).toEqual([null, null, null, null, -3]);
  });

  it('survive any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', '=', 'A', ' ', '\n', '\u0000', 'é'), maxLength: 80 }),
        (text) => {
          const shown = shownProperties(text);
          expect(shown.list('A').every((each) => typeof each === 'string')).toBe(true);
        },
      ),
    );
  });
});

describe('exitWords', () => {
  it('says how a process ended', () => {
    expect(exitWords(0, 0)).toBe('');
    expect(exitWords(1, 3)).toBe('exited with 3');
    expect(exitWords(2, 9)).toBe('killed by signal 9 (SIGKILL)');
    expect(exitWords(3, 11)).toBe('killed by signal 11 (SIGSEGV), with a core dump');
    expect(exitWords(2, 64)).toBe('killed by signal 64');
  });
});
