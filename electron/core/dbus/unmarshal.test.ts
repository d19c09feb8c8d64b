import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '#shared/contract/problem.ts';
import { marshal } from './marshal.ts';
import { unmarshal } from './unmarshal.ts';
import { variant } from './variant.ts';

const signatures = ['s', 'a(ssssssouso)', 'sa{sv}as', 'v', 'aav', 'a{s(uv)}', 'ayb', 'xtdnqyig', 'a{ya{sa(xv)}}'];

/** Decodes and answers the problem's code; anything but a ProblemError is thrown on. */
function outcome(bytes: Buffer, signature: string, little: boolean): string {
  try {
    unmarshal(bytes, signature, little);
    return 'decoded';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}

describe('unmarshal of hostile bytes', () => {
  it('either decodes random bytes or says that they are malformed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...signatures),
        fc.boolean(),
        (bytes, sig, little) => {
          expect(['decoded', 'protocol']).toContain(outcome(Buffer.from(bytes), sig, little));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('survives any single changed byte and any cut of a true message', () => {
    const row = ['a.service', 'Ä unit', 'loaded', 'active', 'running', '', '/org/u/a', 7, 'restart', '/org/j/7'];
    const signature = 'sa(ssssssouso)a{sv}v';
    const good = marshal(signature, ['x', [row, row], { A: variant('as', ['b']) }, variant('v', variant('x', 1n))]);
    for (let at = 0; at < good.length; at++) {
      expect(outcome(good.subarray(0, at), signature, true)).toBe('protocol');
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const changed = Buffer.from(good);
        changed[at] = value;
        expect(['decoded', 'protocol']).toContain(outcome(changed, signature, true));
      }
    }
  });

  it('replaces invalid UTF-8, in short and in long strings', () => {
    const bytes = marshal('ss', ['abc', 'a string that is longer than the short ones']);
    bytes[5] = 0xff;
    bytes[20] = 0xfe;
    const [short, long] = unmarshal(bytes, 'ss', true);
    expect(short).toBe('a\ufffdc');
    expect(long).toContain('\ufffd');
  });

  it.each<[string, string, string]>([
    ['s', '0400000061626300', 'runs past the end'],
    ['s', '0300000061626364', 'does not end with NUL'],
    ['b', '02000000', 'neither 0 nor 1'],
    ['as', 'ffffffff', 'an array runs past the end'],
    ['ai', '0300000001000000', 'ends inside an element|ends inside a value'],
    ['u', '0100000001', 'left over'],
    ['v', '0161000000', 'not a valid signature'],
    ['v', '02737300000000000000000000', 'not a valid signature'],
  ])('%s of %s: %s', (signature, hex, why) => {
    expect(() => unmarshal(Buffer.from(hex, 'hex'), signature, true)).toThrow(new RegExp(why));
  });

  it('bounds variants inside variants', () => {
    const nested = Buffer.concat([
      ...Array.from({ length: 1000 }, () => Buffer.from('017600', 'hex')),
      Buffer.from('017900', 'hex'),
    ]);
    expect(() => unmarshal(nested, 'v', true)).toThrow(/nested too deep/);
  });

  it('bounds the values that a small message can turn into', () => {
    const many = marshal('ag', [Array.from({ length: 600_000 }, () => '')]);
    expect(many.length).toBeLessThan(2_000_000);
    expect(() => unmarshal(many, 'ag', true)).toThrow(/too many values/);
    const arrays = marshal('aay', [Array.from({ length: 100_000 }, () => [])]);
    expect(() => unmarshal(arrays, 'aay', true)).toThrow(/too many values/);
  });
});
