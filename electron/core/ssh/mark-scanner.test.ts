import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MarkScanner } from './mark-scanner.ts';

const mark = '0123456789abcdef0123456789abcdef';

it('finds the mark behind any bytes, in whatever packets they come', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('', mark.slice(0, 31), `${mark.slice(0, 10)}x`),
      fc.integer({ min: 0, max: 255 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }),
      (bytes, almost, code, cuts) => {
        const output = Buffer.concat([bytes, Buffer.from(almost)]);
        const stream = Buffer.concat([output, Buffer.from(`${mark} ${code}\nrest`)]);
        const scanner = new MarkScanner(mark);
        const seen: Buffer[] = [];
        let ending: string | null = null;
        for (let at = 0, n = 0; at < stream.length && ending === null; n++) {
          const size = cuts[n % cuts.length] ?? 1;
          const told = scanner.feed(stream.subarray(at, at + size));
          at += size;
          seen.push(told.data);
          ({ ending } = told);
        }
        expect(ending).toBe(` ${code}`);
        expect(Buffer.concat(seen).equals(output)).toBe(true);
      },
    ),
    { seed: 20_261_122, numRuns: 2000 },
  );
});

it('does not wait for ever for the line to end', () => {
  expect(new MarkScanner(mark).feed(Buffer.from(`${mark}${'x'.repeat(50)}`)).ending).toBe('');
});

it('gives back what it held when no mark comes', () => {
  const scanner = new MarkScanner(mark);
  const { data } = scanner.feed(Buffer.from('some output'));
  expect(Buffer.concat([data, scanner.rest()]).toString()).toBe('some output');
});
