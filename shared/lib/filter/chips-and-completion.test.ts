import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bare, makeHost, web1 } from '#kit/filter-hosts.ts';
import { addTerm, filterChips, toggleTerm, withoutChip } from './chips.ts';
import { completeFilter } from './complete-filter.ts';
import { fieldNames } from './fields.ts';
import { operators } from './filter-tree.ts';
import { knownValues } from './known-values.ts';

const noise = fc.oneof(
  fc.constantFrom(...fieldNames, ...operators, ':', '=', ',', '-', '"', '\\', ' ', '*', '80', '10s', 'role', 'failing'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

describe('chips', () => {
  test('show each term as written, with what is wrong', () => {
    expect(filterChips('web  -cpu>80 os>3').map(({ text, problem: wrong }) => [text, wrong])).toEqual([
      ['web', null],
      ['-cpu>80', null],
      ['os>3', 'Only figures can be compared, and os is none. Write os:value.'],
    ]);
    expect(filterChips('state:failling')[0]?.problem).toBe('There is no state "failling". Did you mean state:failing?');
  });

  test('add, remove and toggle keep the rest as written', () => {
    const failing = { negated: false, condition: { kind: 'text', field: 'state', values: ['failing'] } } as const;
    const lost = { negated: false, condition: { kind: 'text', field: 'state', values: ['unreachable'] } } as const;
    expect(addTerm('', failing)).toBe('state:failing');
    expect(addTerm('web  "a b" ', failing)).toBe('web  "a b" state:failing');
    expect(addTerm('health:Failing x', failing)).toBe('health:Failing x');
    expect(toggleTerm('web state:failing mem>3', lost)).toBe('web mem>3 state:unreachable');
    expect(toggleTerm('web state:unreachable  mem>3', lost)).toBe('web mem>3');
    expect(withoutChip('a  b bad:x', 1)).toBe('a bad:x');
    expect(withoutChip('a', 0)).toBe('');
    expect(withoutChip('a', 5)).toBe('a');
  });
});

describe('completeFilter', () => {
  const known = knownValues([web1, makeHost('db 2', { units: undefined as never }), bare]);
  const offers = (text: string): string[] =>
    completeFilter(text, text.length, known).map(
      ({ insert, from, to }) => text.slice(0, from) + insert + text.slice(to),
    );

  test.each([
    ['st', ['state:']],
    ['x la', ['x label:', 'x latency>']],
    ['-cp', ['-cpu>']],
    ['we', ['web-1']],
    ['label:', ['label:group=', 'label:rack=', 'label:role=']],
    ['label:ro', ['label:role=']],
    ['label:rack=', ['label:rack="A 3"']],
    ['label:rack="a', ['label:rack="A 3"']],
    ['label:role=x,w', ['label:role=x,web']],
    ['state:f', ['state:failing']],
    ['state:failing,at', ['state:failing,attention']],
    ['unit:dock', ['unit:docker.service']],
    ['unit:docker.service=f', ['unit:docker.service=failed']],
    ['channel:', ['channel:stable']],
    ['cpu>', []],
    ['nothing:', []],
  ])('%s', (text, wanted) => {
    expect(offers(text)).toEqual(wanted);
  });

  test('an empty text is offered every field, the cursor inside a text its own term', () => {
    expect(completeFilter('', 0, known).map(({ label }) => label.replace(/[:>]$/, ''))).toEqual(fieldNames);
    expect(completeFilter('sta web', 3, known)).toMatchObject([{ insert: 'state:', from: 0, to: 3 }]);
  });

  test('every offer for any text leads to a text without new errors in that place', () => {
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 12 }), fc.nat(60), (parts, cursor) => {
        const text = parts.join('');
        for (const { from, to } of completeFilter(text, cursor, known)) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(text.length);
          expect(from).toBeLessThanOrEqual(to);
        }
      }),
      { seed: 15, numRuns: 1000 },
    );
  }, 60_000);
});
