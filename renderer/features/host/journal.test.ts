import { describe, expect, it } from 'vitest';
import type { JournalLine } from '#shared/contract/unit.ts';
import { filterLines, noJournal, withLines } from './journal.ts';

const line = (cursor: string, priority = 6, text = cursor): JournalLine => ({
  at: 0,
  priority,
  identifier: 'sshd',
  pid: '1',
  text,
  cursor,
});

describe('withLines', () => {
  it('adds each line once, also when a reconnect sends the last ones again', () => {
    const once = withLines(noJournal, { lines: [line('a'), line('b')], dropped: 0 });
    const twice = withLines(once, { lines: [line('b'), line('c')], dropped: 2 });
    expect(twice.lines.map(({ cursor }) => cursor)).toEqual(['a', 'b', 'c']);
    expect(twice.dropped).toBe(2);
  });

  it('holds at most 5,000 lines', () => {
    const lines = Array.from({ length: 6000 }, (_, index) => line(`${index}`));
    const { lines: held } = withLines(noJournal, { lines, dropped: 0 });
    expect(held).toHaveLength(5000);
    expect(held.at(-1)?.cursor).toBe('5999');
  });
});

describe('filterLines', () => {
  it('keeps what is grave enough and holds the text', () => {
    const lines = [line('a', 3, 'Disk failed'), line('b', 6, 'disk ok'), line('c', 3, 'other')];
    expect(filterLines(lines, 4, 'DISK').map(({ cursor }) => cursor)).toEqual(['a']);
    expect(filterLines(lines, 7, 'sshd')).toHaveLength(3);
  });
});
