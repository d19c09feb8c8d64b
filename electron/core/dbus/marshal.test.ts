import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusValue } from './bus.ts';
import { marshal } from './marshal.ts';
import { unmarshal } from './unmarshal.ts';
import { variant } from './variant.ts';

interface Typed {
  readonly signature: string;
  readonly value: BusValue;
}

const path = fc.array(fc.stringMatching(/^[A-Za-z0-9_]{1,6}$/), { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((value) => !value.includes('\0'));
const basics: Readonly<Record<string, fc.Arbitrary<BusValue>>> = {
  y: fc.integer({ min: 0, max: 255 }),
  b: fc.boolean(),
  n: fc.integer({ min: -0x8000, max: 0x7fff }),
  q: fc.integer({ min: 0, max: 0xffff }),
  i: fc.integer(),
  u: fc.integer({ min: 0, max: 0xffff_ffff }),
  x: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  t: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  d: fc.double({ noNaN: true }),
  s: text,
  o: path,
  g: fc.constantFrom('', 'a{sv}', '(ii)s'),
};

/** Values of one signature: arrays need equal types, so the signature is drawn first. */
function valueOf(signature: string): fc.Arbitrary<BusValue> {
  const basic = basics[signature];
  if (basic) return basic;
  if (signature === 'ay') return fc.uint8Array({ maxLength: 20 });
  if (signature === 'v') return typed(1).map(({ signature: inner, value }) => variant(inner, value));
  if (signature.startsWith('a{s')) {
    return fc.dictionary(text, valueOf(signature.slice(3, -1)), { maxKeys: 4, noNullPrototype: true });
  }
  if (signature.startsWith('a')) return fc.array(valueOf(signature.slice(1)), { maxLength: 5 });
  return fc.tuple(...split(signature.slice(1, -1)).map(valueOf));
}

function split(signatures: string): string[] {
  return signatures === '' ? [] : signatures.split(',');
}

function signatureOf(depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(...Object.keys(basics), 'v', 'ay');
  if (depth === 0) return leaf;
  const inner = signatureOf(depth - 1);
  // Commas keep struct fields apart for valueOf; only structs of leaves are drawn, so one level of them is enough.
  const struct = fc.array(leaf, { minLength: 1, maxLength: 4 }).map((fields) => `(${fields.join(',')})`);
  return fc.oneof(
    leaf,
    struct,
    inner.map((each) => `a${each}`),
    inner.map((each) => `a{s${each}}`),
  );
}

function typed(depth: number): fc.Arbitrary<Typed> {
  return signatureOf(depth).chain((signature) =>
    valueOf(signature).map((value) => ({ signature: signature.replaceAll(',', ''), value })),
  );
}

describe('marshal', () => {
  it('writes the bytes of the specification', () => {
    expect(marshal('ys', [7, 'foo']).toString('hex')).toBe('0700000003000000666f6f00');
    expect(marshal('ys', [7, 'foo'], false).toString('hex')).toBe('0700000000000003666f6f00');
    // From the specification: an array of one int64 has 4 bytes of length, 4 of padding, then 8.
    expect(marshal('ax', [[5n]], false).toString('hex')).toBe('00000008000000000000000000000005');
    expect(marshal('ax', [[]], false).toString('hex')).toBe('0000000000000000');
    expect(marshal('v', [variant('u', 1)]).toString('hex')).toBe('0175000001000000');
  });

  it('reads back what it wrote, in both byte orders', () => {
    fc.assert(
      fc.property(fc.array(typed(3), { maxLength: 4 }), fc.boolean(), (arguments_, little) => {
        const signature = arguments_.map((one) => one.signature).join('');
        fc.pre(signature.length <= 255);
        const values = arguments_.map((one) => one.value);
        expect(unmarshal(marshal(signature, values, little), signature, little)).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps dict keys of other types and hostile key names', () => {
    const back = (signature: string, value: BusValue) => unmarshal(marshal(signature, [value]), signature, true)[0];
    expect(back('a{us}', { 5: 'five' })).toEqual({ 5: 'five' });
    expect(back('a{ts}', { '18446744073709551615': 'max' })).toEqual({ '18446744073709551615': 'max' });
    expect(back('a{by}', { true: 1 })).toEqual({ true: 1 });
    const hostile = back('a{ss}', JSON.parse('{"__proto__":"mine"}') as BusValue) as Record<string, string>;
    expect(Object.keys(hostile)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(hostile)).toBeNull();
  });

  it.each<[string, BusValue]>([
    ['y', 256],
    ['y', -1],
    ['i', 1.5],
    ['u', 1n],
    ['t', -1n],
    ['x', 2n ** 63n],
    ['x', 1],
    ['b', 1],
    ['s', 5],
    ['s', 'a\0b'],
    ['o', 'not/a/path'],
    ['o', '/trailing/'],
    ['g', 'z'],
    ['as', 'text'],
    ['(ss)', ['one']],
    ['v', 'bare'],
    ['a{sv}', []],
  ])('refuses a %s of %s', (signature, value) => {
    expect(() => marshal(signature, [value])).toThrow(/does not fit|not a valid signature/);
  });

  it('refuses a wrong number of arguments', () => {
    expect(() => marshal('ss', ['one'])).toThrow(/2 arguments/);
  });
});
