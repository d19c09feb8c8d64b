import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, fromDataUrl, toBase64, toDataUrl, unpacked } from './content.ts';
import { inflate } from './inflate.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 400 }).filter((value) => !value.includes('\0'));

describe('content as it is packed into a text', () => {
  it('reads base64 as Node writes it, and writes it so that Node reads it', () => {
    fc.assert(
      fc.property(text, (value) => {
        const node = Buffer.from(value).toString('base64');
        expect(toBase64(value)).toBe(node);
        expect([...(fromBase64(node) ?? [])]).toStrictEqual([...Buffer.from(value)]);
      }),
    );
  });

  it('unpacks gzip of every level as it was', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 200 }), (value, level, times) => {
        const long = value.repeat(times);
        expect(unpacked(gzipSync(long, { level }), true)).toStrictEqual({ text: long });
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what would unpack to more than a document holds', () => {
    expect(unpacked(gzipSync('a'.repeat(300_000)), true)).toStrictEqual({
      wrong: 'cannot be unpacked: it is larger than 262144 bytes',
    });
  });

  it('never throws on damaged gzip, and never takes it for whole', () => {
    const plain = Buffer.from('quarterdeck '.repeat(40));
    const whole = gzipSync(plain);
    fc.assert(
      fc.property(fc.integer({ min: 10, max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        // The last bits before the checksum mean nothing: then it is whole all the same.
        expect(inflate(damaged, 10_000)).toSatisfy(
          (found: ReturnType<typeof inflate>) => 'wrong' in found || Buffer.compare(found.bytes, plain) === 0,
        );
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => inflate(bytes, 1000) !== undefined));
  });

  it('says a text as a data URL and reads it back', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(fromDataUrl(toDataUrl(value) ?? '', false)).toStrictEqual({ text: value });
      }),
    );
  });

  it('reads the data URLs that other tools write', () => {
    expect(fromDataUrl('data:,hello%20world%0A', false)).toStrictEqual({ text: 'hello world\n' });
    expect(fromDataUrl('data:text/plain;charset=utf-8;base64,aGVsbG8=', false)).toStrictEqual({ text: 'hello' });
    expect(fromDataUrl('data:,grün', false)).toStrictEqual({ text: 'grün' });
    const packed = gzipSync('rack r7\n').toString('base64');
    expect(fromDataUrl(`data:;base64,${packed}`, true)).toStrictEqual({ text: 'rack r7\n' });
    expect(fromDataUrl('data:;base64,/w==', false)).toHaveProperty('wrong');
    expect(fromDataUrl('data:;base64,a', false)).toHaveProperty('wrong');
    expect(fromDataUrl('https://example.net/', false)).toHaveProperty('wrong');
  });
});
