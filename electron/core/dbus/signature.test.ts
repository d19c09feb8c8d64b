import { describe, expect, it } from 'vitest';
import { parseSignature, parseSingleType } from './signature.ts';

describe('parseSignature', () => {
  it('reads basic types, arrays, structs and dicts', () => {
    expect(parseSignature('sa{sv}as')).toEqual([
      { code: 's' },
      { code: 'a', element: { code: '{', key: 's', value: { code: 'v' } } },
      { code: 'a', element: { code: 's' } },
    ]);
    expect(parseSignature('a(so)')).toEqual([
      { code: 'a', element: { code: '(', fields: [{ code: 's' }, { code: 'o' }] } },
    ]);
    expect(parseSignature('')).toEqual([]);
  });

  it.each(['a', '(', '()', '(s', 's)', '{sv}', 'a{vs}', 'a{s}', 'a{svs}', 'a{sv', 'z', 'é', 'a{}'])(
    'refuses %j',
    (signature) => {
      expect(() => parseSignature(signature)).toThrow(/not a valid signature/);
    },
  );

  it('bounds length and nesting as the specification does', () => {
    expect(parseSignature(`${'a'.repeat(32)}y`)).toHaveLength(1);
    expect(() => parseSignature(`${'a'.repeat(33)}y`)).toThrow(/too deep/);
    expect(parseSignature(`${'('.repeat(32)}y${')'.repeat(32)}`)).toHaveLength(1);
    expect(() => parseSignature(`${'('.repeat(33)}y${')'.repeat(33)}`)).toThrow(/too deep/);
    expect(() => parseSignature('y'.repeat(256))).toThrow(/255/);
  });

  it('takes exactly one type for a variant', () => {
    expect(parseSingleType('as')).toEqual({ code: 'a', element: { code: 's' } });
    expect(() => parseSingleType('ss')).toThrow(/not a valid signature/);
    expect(() => parseSingleType('')).toThrow(/not a valid signature/);
  });
});
