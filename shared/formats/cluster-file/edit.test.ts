import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toProblem } from '#shared/contract/problem.ts';
import { setMode, setThresholds } from './edit.ts';
import { parseClusterFile } from './parse.ts';
import { printClusterFile } from './print.ts';

const file = `# The lab, ask Ada.
name: Lab    # short
colour: teal

mode:   observe  # until Monday
health:
    # the build host is full by design
    diskAttentionPercent: 90   # was 85

hosts: [ web1,web2 ]   # flow stays as it is
`;

describe('setMode', () => {
  test('replaces the word alone', () => {
    expect(setMode(file, 'operate')).toBe(file.replace('observe ', 'operate '));
  });

  test.each([
    ['name: x\nhosts: []\n', 'name: x\nmode: operate\nhosts: []\n'],
    ['name: x # c\ncolour: red # d\nhosts: []\n', 'name: x # c\ncolour: red # d\nmode: operate\nhosts: []\n'],
    ['# c\n---\nhosts: []\n', '# c\n---\nmode: operate\nhosts: []\n'],
    ['', 'mode: operate\n'],
    ['# only a comment', '# only a comment\nmode: operate\n'],
    ['name: x', 'name: x\nmode: operate\n'],
    ['mode:\nname: x\n', 'mode: operate\nname: x\n'],
    ['mode: "observe"\n', 'mode: operate\n'],
    ['{name: x, hosts: []}\n', '{name: x, hosts: [], mode: operate}\n'],
    ['name: x\r\nmode: observe\r\n', 'name: x\r\nmode: operate\r\n'],
  ])('in %j', (before, after) => {
    expect(setMode(before, 'operate')).toBe(after);
  });

  test('refuses a file that is not YAML, and leaves it alone', () => {
    expect(() => setMode('mode: observe\nhosts:\n - a\n- b\n  - c\n', 'operate')).toThrow('cannot be edited here');
  });
});

describe('setThresholds', () => {
  test('changes one, adds others, keeps every comment', () => {
    expect(setThresholds(file, { diskAttentionPercent: 80.5, silentSeconds: 9 })).toBe(
      file.replace('90   # was 85\n', '80.5   # was 85\n    silentSeconds: 9\n'),
    );
  });

  test.each([
    ['name: x', 'name: x\nhealth:\n  holdSeconds: 0\n'],
    ['name: x\nhosts:\n  - a\n', 'name: x\nhosts:\n  - a\nhealth:\n  holdSeconds: 0\n'],
    ['health:\nname: x\n', 'health:\n  holdSeconds: 0\nname: x\n'],
    ['health: {}\nname: x\n', 'health: {holdSeconds: 0}\nname: x\n'],
    ['health: { silentSeconds: 9 }\n', 'health: { silentSeconds: 9, holdSeconds: 0 }\n'],
    ['health: {holdSeconds: 5, }\n', 'health: {holdSeconds: 0, }\n'],
  ])('in %j', (before, after) => {
    expect(setThresholds(before, { holdSeconds: 0 })).toBe(after);
  });

  test('nothing to set changes nothing', () => {
    expect(setThresholds(file, {})).toBe(file);
  });

  test('refuses what it cannot do without touching more', () => {
    expect(() => setThresholds('health: &h {silentSeconds: 9}\nssh: *h\n', { silentSeconds: 4 })).not.toThrow();
    expect(() => setThresholds('x: &h {silentSeconds: 9}\nhealth: *h\n', { silentSeconds: 4 })).toThrow(
      'cannot be edited',
    );
    expect(() => setThresholds('- a list\n', { silentSeconds: 4 })).toThrow('cannot be edited here');
  });
});

test('edits of printed files keep every other line', () => {
  const name = fc.stringMatching(/^[a-z]{1,6}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 5 }), fc.integer({ min: 1, max: 100 }), (names, percent) => {
      const hosts = names.map((host) => ({
        name: host,
        address: host,
        port: 22,
        user: 'ada',
        jump: [],
        identityFiles: [],
        labels: { a: 'b' },
      }));
      const before = printClusterFile('n', 'observe', hosts);
      const after = setThresholds(setMode(before, 'operate'), { cpuAttentionPercent: percent });
      const parsed = parseClusterFile(after, 'f');
      expect(parsed.problems).toEqual([]);
      expect(parsed.file).toMatchObject({ mode: 'operate', health: { cpuAttentionPercent: percent } });
      const lines = after.split('\n');
      expect(before.split('\n').every((line) => lines.includes(line) || line === 'mode: observe')).toBe(true);
    }),
    { seed: 8, numRuns: 100 },
  );
}, 60_000);

test('any text is edited or refused with a problem, never damaged', () => {
  const noise = fc.oneof(
    fc.constantFrom(
      'mode',
      'health',
      'name',
      'hosts',
      'observe',
      'silentSeconds',
      ': ',
      ':',
      '\n',
      '\n  ',
      '- ',
      '{',
      '}',
    ),
    fc.constantFrom('#', ' # c', '"', '|', '&a ', '*a', ', ', '\t', '---\n', '\r\n', '9'),
    fc.string({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(noise, { maxLength: 25 }), (parts) => {
      const before = parts.join('');
      let outcome = 'edited';
      try {
        const after = setThresholds(setMode(before, 'operate'), { silentSeconds: 7 });
        const { file: read } = parseClusterFile(after, 'f');
        if (read.mode !== 'operate' || read.health.silentSeconds !== 7) outcome = 'damaged';
      } catch (error) {
        outcome = toProblem(error).code;
      }
      expect(['edited', 'conflict']).toContain(outcome);
    }),
    { seed: 9, numRuns: 800 },
  );
}, 60_000);
