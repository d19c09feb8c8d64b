import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookUpConf, parseUpdateConf } from './parse.ts';

describe('update.conf', () => {
  it('is read as update_engine reads it', () => {
    const text = 'GROUP="beta"\nSERVER=https://x/?a=b\n# A=1\n SPACED = 1\n=x\n';
    expect([...parseUpdateConf('/etc/flatcar/update.conf', text).values]).toEqual([
      ['GROUP', 'beta'],
      ['SERVER', 'https://x/?a=b'],
      ['# A', '1'],
      [' SPACED ', ' 1'],
    ]);
  });

  it('decides each key by the first file that has it, an empty value included', () => {
    const own = parseUpdateConf('/etc', 'GROUP=beta\nEMPTY=');
    const vendor = parseUpdateConf('/usr', 'GROUP=stable\nSERVER=https://x\nEMPTY=no');
    expect(lookUpConf([own, vendor], 'GROUP')).toEqual({ value: 'beta', source: '/etc' });
    expect(lookUpConf([own, vendor], 'SERVER')).toEqual({ value: 'https://x', source: '/usr' });
    expect(lookUpConf([own, vendor], 'EMPTY')).toEqual({ value: '', source: '/etc' });
    expect(lookUpConf([own, vendor], 'OTHER')).toBeNull();
  });

  it('never throws', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 500 }), (text) => {
        expect(parseUpdateConf('x', text).path).toBe('x');
      }),
    );
  });
});
