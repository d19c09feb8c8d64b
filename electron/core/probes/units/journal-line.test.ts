import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journalLine } from '#shared/contract/unit.ts';
import { parseJournalLine } from './journal-line.ts';
import { LineReader } from './line-reader.ts';

const entry = { __CURSOR: 's=1;i=2', __REALTIME_TIMESTAMP: '1790000000123456', MESSAGE: 'hello' };
const parse = (more: Record<string, unknown>) => parseJournalLine(JSON.stringify({ ...entry, ...more }));

describe('parseJournalLine', () => {
  it('reads a line', () => {
    expect(parse({ PRIORITY: '3', SYSLOG_IDENTIFIER: 'sshd', _COMM: 'x', _PID: '7' })).toEqual({
      at: 1790000000123.456,
      priority: 3,
      identifier: 'sshd',
      pid: '7',
      text: 'hello',
      cursor: 's=1;i=2',
    });
  });

  it('fills in what is absent', () => {
    expect(parse({ _COMM: 'cron', SYSLOG_PID: '8', PRIORITY: 'high' })).toMatchObject({
      priority: 6,
      identifier: 'cron',
      pid: '8',
    });
    expect(parse({ MESSAGE: undefined })?.text).toBe('');
  });

  it('reads bytes, repeated fields and messages that are too long', () => {
    expect(parse({ MESSAGE: [27, 91, 49, 109, 255, 10, 98] })?.text).toBe('␛[1m\ufffd\nb');
    expect(parse({ MESSAGE: ['first', 'second'] })?.text).toBe('first');
    expect(parse({ MESSAGE: [[104, 105], 'second'] })?.text).toBe('hi');
    expect(parse({ MESSAGE: null })?.text).toMatch(/longer than/);
    expect(parse({ MESSAGE: '\u001b]0;owned\u0007\u202e' })?.text).toBe('␛]0;owned␇\ufffd');
  });

  it('refuses what is no line of a journal', () => {
    expect(parseJournalLine('-- No entries --')).toBeNull();
    expect(parseJournalLine('{"a":')).toBeNull();
    expect(parse({ __REALTIME_TIMESTAMP: 'now' })).toBeNull();
    expect(parse({ __CURSOR: 5 })).toBeNull();
    expect(parse({ MESSAGE: { nested: true } })).toBeNull();
  });

  it('gives null or a line that fits the contract, whatever the host says', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.integer({ min: -5, max: 300 })), fc.jsonValue());
    const record = fc.record(
      { MESSAGE: value, PRIORITY: value, SYSLOG_IDENTIFIER: value, _COMM: value, _PID: value, __CURSOR: value },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(record, fc.boolean(), (fields, whole) => {
        const line = parseJournalLine(JSON.stringify(whole ? { ...entry, ...fields } : fields));
        expect(line === null || journalLine.safeParse(line).success).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('LineReader', () => {
  it('gives whole lines however the stream is cut', () => {
    const lines = ['', 'one', 'x'.repeat(50), 'ü', ''];
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 20 }), (cuts) => {
        const reader = new LineReader(100);
        const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const found = edges.flatMap((edge, index) => reader.push(bytes.subarray(edge, edges[index + 1] ?? edge)));
        expect(found.map(String)).toEqual(lines);
      }),
    );
  });

  it('skips and counts lines that are too long', () => {
    const reader = new LineReader(10);
    const found = ['short\n123456', '7890', '1234567890\nafter\n', `${'y'.repeat(11)}\nlast\n`].flatMap((part) =>
      reader.push(Buffer.from(part)),
    );
    expect(found.map(String)).toEqual(['short', 'after', 'last']);
    expect(reader.skipped).toBe(2);
  });
});
