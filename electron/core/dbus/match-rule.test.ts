import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatchRule } from './bus.ts';
import { fitsMatchRule, formatMatchRule, parseMatchRule } from './match-rule.ts';

const signal = (more: Partial<Parameters<typeof fitsMatchRule>[1]>) => ({
  type: 'signal',
  path: '/org/freedesktop/systemd1/unit/a',
  interface: 'org.freedesktop.DBus.Properties',
  member: 'PropertiesChanged',
  arg0: () => 'org.freedesktop.systemd1.Unit',
  ...more,
});

describe('match rules', () => {
  it('are written as AddMatch takes them', () => {
    expect(formatMatchRule({ sender: 'a.b', pathNamespace: '/x', arg0: "it's" })).toBe(
      "type='signal',sender='a.b',path_namespace='/x',arg0='it'\\''s'",
    );
  });

  it('are read back as they were written', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0'));
    const rules = fc.record(
      { sender: value, path: value, pathNamespace: value, interface: value, member: value, arg0: value },
      { requiredKeys: [] },
    ) as fc.Arbitrary<MatchRule>;
    fc.assert(
      fc.property(rules, (rule) => {
        expect(parseMatchRule(formatMatchRule(rule))).toEqual(rule);
      }),
    );
  });

  it('are refused when they are not for signals or not understood', () => {
    expect(parseMatchRule("type='method_call'")).toBeNull();
    expect(parseMatchRule("arg1='x'")).toBeNull();
    expect(parseMatchRule("type='signal")).toBeNull();
    expect(parseMatchRule('')).toEqual({});
    expect(parseMatchRule('type=signal, member=Foo')).toEqual({ member: 'Foo' });
  });

  it('never hang or throw on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", ',', '=', '\\', 'a', ' '), maxLength: 60 }), (text) => {
        expect(typeof parseMatchRule(text)).toBe('object');
      }),
    );
  });

  it('fit by every part they name', () => {
    const rule: MatchRule = {
      pathNamespace: '/org/freedesktop/systemd1/unit',
      interface: 'org.freedesktop.DBus.Properties',
      arg0: 'org.freedesktop.systemd1.Unit',
    };
    expect(fitsMatchRule(rule, signal({}))).toBe(true);
    expect(fitsMatchRule(rule, signal({ path: '/org/freedesktop/systemd1/unit' }))).toBe(true);
    expect(fitsMatchRule(rule, signal({ path: '/org/freedesktop/systemd1/units' }))).toBe(false);
    expect(fitsMatchRule(rule, signal({ interface: 'x' }))).toBe(false);
    expect(fitsMatchRule(rule, signal({ arg0: () => 'org.freedesktop.systemd1.Service' }))).toBe(false);
    expect(fitsMatchRule({ pathNamespace: '/' }, signal({}))).toBe(true);
    expect(fitsMatchRule({ member: 'Other' }, signal({}))).toBe(false);
    expect(fitsMatchRule({}, signal({ type: 'call' }))).toBe(false);
  });
});
