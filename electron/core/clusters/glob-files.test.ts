import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fitsSegment, globFiles } from './glob-files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-glob-'));
  for (const name of ['a.conf', 'b.conf', '.hidden.conf', 'c.txt']) writeFileSync(join(folder, name), '');
  for (const name of ['x1', 'x2']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'in.conf'), '');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('finds files in lexical order and leaves hidden ones out', async () => {
  expect(await globFiles(`${folder}/*.conf`)).toEqual([join(folder, 'a.conf'), join(folder, 'b.conf')]);
  expect(await globFiles(`${folder}/x[0-9]/*.conf`)).toEqual([join(folder, 'x1/in.conf'), join(folder, 'x2/in.conf')]);
  expect(await globFiles(`${folder}/.h*`)).toEqual([join(folder, '.hidden.conf')]);
  expect(await globFiles(`${folder}/none*/x`)).toEqual([]);
  expect(await globFiles(`${folder}/plain`)).toEqual([join(folder, 'plain')]);
});

test.each([
  ['a1', 'a[0-9]', true],
  ['ab', 'a[0-9]', false],
  ['ab', 'a[!0-9]', true],
  ['a]', 'a[]]', true],
  ['a-', 'a[x-]', true],
  ['a*', 'a\\*', true],
  ['ab', 'a\\*', false],
  ['a[', 'a[', true],
  ['abcb', '*b', true],
])('%s fits %s: %s', (name, segment, fits) => {
  expect(fitsSegment(name, segment)).toBe(fits);
});
