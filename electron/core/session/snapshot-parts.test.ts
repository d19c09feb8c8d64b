import { expect, test } from 'vitest';
import type { Change } from '#shared/contract/records.ts';
import { partChars, snapshotParts } from './snapshot-parts.ts';

function named(length: number): Change {
  return ['app', '', 'user', { name: 'x'.repeat(length) }];
}

test('a small fleet is all rest', () => {
  const records = [named(1), named(2)];
  expect(snapshotParts(records)).toEqual({ parts: [], rest: records });
});

test('parts hold every record once, in order, and none is longer than it has to be', () => {
  const records = Array.from({ length: 100 }, (_, index) => named(index * 100));
  const { parts, rest } = snapshotParts(records);
  expect([...parts, rest].flat()).toEqual(records);
  expect(parts.length).toBeGreaterThan(5);
  for (const part of parts) expect(JSON.stringify(part.slice(0, -1)).length).toBeLessThan(partChars + 200);
});

test('a record longer than a part stands alone', () => {
  const records = [named(partChars), named(partChars), named(1)];
  expect(snapshotParts(records)).toEqual({ parts: [[records[0]], [records[1]]], rest: [records[2]] });
});
