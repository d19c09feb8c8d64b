import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nowMs, web1 } from '#kit/filter-hosts.ts';
import { compileFilter } from './compile-filter.ts';
import { fieldNames, numberFields, textFields, unitStates } from './fields.ts';
import { type FilterTerm, operators } from './filter-tree.ts';
import { parseFilter } from './parse-filter.ts';
import { printFilter } from './print-filter.ts';

const words = fc.string({
  unit: fc.constantFrom('a', 'Z', '-', '"', '\\', ' ', ',', '=', ':', '>', '*', 'é', '\t'),
  minLength: 1,
  maxLength: 6,
});
const values = fc.array(fc.oneof(words, fc.constant('')), { minLength: 1, maxLength: 3 });
const enumerated = fc.constantFrom(...(Object.keys(textFields) as (keyof typeof textFields)[])).chain((field) => {
  const allowed = textFields[field].values;
  const some = allowed ? fc.array(fc.constantFrom<string>(...allowed), { minLength: 1, maxLength: 2 }) : values;
  return fc.record({ kind: fc.constant('text' as const), field: fc.constant(field), values: some });
});
const condition = fc.oneof(
  fc.record({ kind: fc.constant('word' as const), text: words }),
  enumerated,
  fc.record({ kind: fc.constant('label' as const), key: words, values: fc.option(values) }),
  fc.record({
    kind: fc.constant('unit' as const),
    name: words,
    states: fc.option(fc.array(fc.constantFrom<string>(...unitStates), { minLength: 1, maxLength: 2 })),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.constantFrom(...(Object.keys(numberFields) as (keyof typeof numberFields)[])),
    operator: fc.constantFrom(...operators),
    value: fc.oneof(
      fc.integer({ min: 0, max: 1_000_000_000 }),
      fc.constantFrom(0.5, 59.999_999, 3600, 5400, 86_400, 0.000_001),
    ),
  }),
);
const terms: fc.Arbitrary<Pick<FilterTerm, 'negated' | 'condition'>[]> = fc.array(
  fc.record({ negated: fc.boolean(), condition }),
  { maxLength: 6 },
);
const noise = fc.oneof(
  fc.constantFrom(...fieldNames, ...operators, ':', '=', ',', '-', '"', '\\', ' ', '*', '80', '10s', 'role', 'failing'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

describe('as text', () => {
  test('what is printed reads back as the same terms', () => {
    fc.assert(
      fc.property(terms, (wanted) => {
        const text = printFilter(wanted);
        const { terms: read, errors } = parseFilter(text);
        expect({
          text,
          errors,
          read: read.map(({ negated, condition: one }) => ({ negated, condition: one })),
        }).toEqual({
          text,
          errors: [],
          read: wanted,
        });
        expect(read.map(({ from, to }) => text.slice(from, to)).join(' ')).toBe(text);
      }),
      { seed: 13, numRuns: 2000 },
    );
  }, 60_000);

  test('any text is terms, errors and blanks, and prints to a text that means the same', () => {
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 25 }), (parts) => {
        const text = parts.join('');
        const { terms: read, errors } = parseFilter(text);
        let rest = text;
        for (const { from, to } of [...read, ...errors].toSorted((a, b) => b.from - a.from))
          rest = rest.slice(0, from) + rest.slice(to);
        expect(rest.trim()).toBe('');
        const again = parseFilter(printFilter(read));
        expect(again.errors).toEqual([]);
        expect(compileFilter(again.terms)(web1, nowMs)).toBe(compileFilter(read)(web1, nowMs));
      }),
      { seed: 14, numRuns: 2000 },
    );
  }, 60_000);
});
