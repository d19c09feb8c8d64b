import { describe, expect, it } from 'vitest';
import type { ActivityEntry } from '#shared/contract/activity.ts';
import { activityCsv, activityJson } from './export-activity.ts';

const entry: ActivityEntry = {
  seq: 1,
  at: Date.UTC(2026, 10, 22, 12),
  actor: 'ops',
  cluster: 'lab',
  host: 'web-1',
  kind: 'ask',
  what: 'ask',
  command: '=cmd|"x"\necho, hi',
  exitCode: 0,
  durationMs: null,
  outcome: 'ok',
  detail: '',
  hash: 'ab',
};

describe('export', () => {
  it('writes CSV that a spreadsheet reads back and does not run', () => {
    const [head, ...rest] = activityCsv([entry]).split('\r\n');
    expect(head).toBe('seq,at,actor,cluster,host,kind,what,command,exitCode,durationMs,outcome,detail,hash');
    expect(rest.join('\r\n')).toBe(
      `1,2026-11-22T12:00:00.000Z,ops,lab,web-1,ask,ask,"'=cmd|""x""\necho, hi",0,,ok,,ab\r\n`,
    );
  });

  it('writes JSON that is the entries', () => {
    expect(JSON.parse(activityJson([entry, entry]))).toEqual([entry, entry]);
    expect(JSON.parse(activityJson([]))).toEqual([]);
  });
});
