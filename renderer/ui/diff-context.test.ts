import { describe, expect, it } from 'vitest';
import { contextOnly } from './diff-context.ts';

const lines = (count: number) => `${Array.from({ length: count }, (_, index) => `l${index}`).join('\n')}\n`;
const kinds = (parts: Parameters<typeof contextOnly>[0]) => contextOnly(parts).map(({ kind }) => kind);

describe('contextOnly', () => {
  it('is empty when nothing differs', () => {
    expect(contextOnly([{ value: lines(5) }])).toEqual([]);
    expect(contextOnly([])).toEqual([]);
  });

  it('keeps three equal lines before and after a change and counts the rest', () => {
    const found = contextOnly([
      { value: lines(10) },
      { value: 'old\n', removed: true },
      { value: 'new\n', added: true },
      { value: lines(9) },
    ]);
    expect(found.map(({ kind }) => kind)).toEqual([
      'skipped',
      'same',
      'same',
      'same',
      'removed',
      'added',
      'same',
      'same',
      'same',
      'skipped',
    ]);
    expect(found[0]?.text).toBe('7 equal lines');
    expect(found.at(-1)?.text).toBe('6 equal lines');
  });

  it('leaves out nothing where leaving out would save nothing', () => {
    expect(kinds([{ value: 'a\n', added: true }, { value: lines(7) }, { value: 'b\n', added: true }])).toHaveLength(9);
    expect(kinds([{ value: 'a\n', added: true }, { value: lines(8) }, { value: 'b\n', added: true }])).toHaveLength(9);
  });
});
