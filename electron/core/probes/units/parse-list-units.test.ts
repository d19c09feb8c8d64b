import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '#shared/contract/problem.ts';
import { listedUnits } from './listed-unit.ts';
import { parseListUnits } from './parse-list-units.ts';

describe('parseListUnits', () => {
  it('reads the JSON of systemd 246 and later, with and without jobs', () => {
    const text = JSON.stringify([
      {
        unit: 'a.service',
        load: 'loaded',
        active: 'active',
        sub: 'running',
        job: 'restart',
        description: 'Ä\u001b[1m',
      },
      { unit: 'b.service', load: 'not-found', active: 'inactive', sub: 'dead', description: '' },
      { unit: 5 },
    ]);
    expect(parseListUnits(`${text}\n`)).toEqual([
      { name: 'a.service', description: 'Ä␛[1m', load: 'loaded', active: 'active', sub: 'running', job: 'restart' },
      { name: 'b.service', description: '', load: 'not-found', active: 'inactive', sub: 'dead', job: '' },
    ]);
    expect(parseListUnits('[]')).toEqual([]);
    expect(parseListUnits('')).toEqual([]);
  });

  it('reads the columns of older ones', () => {
    const text = [
      '  a.service                 loaded    active   running   The unit  a',
      '● b.service                 not-found inactive dead      b.service',
      'dev-disk-by\\x2did.device   loaded    active   plugged',
      '',
      'LOAD   = Reflects whether the unit definition was properly loaded.',
      '3 loaded units listed.',
    ].join('\n');
    expect(parseListUnits(text)).toEqual([
      { name: 'a.service', description: 'The unit  a', load: 'loaded', active: 'active', sub: 'running', job: '' },
      { name: 'b.service', description: 'b.service', load: 'not-found', active: 'inactive', sub: 'dead', job: '' },
      { name: 'dev-disk-by\\x2did.device', description: '', load: 'loaded', active: 'active', sub: 'plugged', job: '' },
    ]);
  });

  it('says so when it is no list', () => {
    expect(() => parseListUnits('[{"unit":')).toThrow(/broken list/);
    expect(() => parseListUnits('bash: warning')).toThrow(/no list of units/);
  });

  it('never throws anything but a problem', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.json());
    fc.assert(
      fc.property(text, (each) => {
        let outcome: unknown = null;
        try {
          parseListUnits(each);
        } catch (error) {
          outcome = error;
        }
        expect(outcome === null || outcome instanceof ProblemError).toBe(true);
      }),
    );
  });
});

describe('listedUnits', () => {
  it('takes rows of a(ssssssouso) and leaves out what is no row', () => {
    const good = ['a', 'A\nb', 'loaded', 'active', 'running', '', '/p', 3, 'start', '/j'];
    expect(listedUnits([good, 'text', [], ['', ...good.slice(1)], ['x'.repeat(300), ...good.slice(1)]])).toEqual([
      { name: 'a', description: 'A b', load: 'loaded', active: 'active', sub: 'running', job: 'start' },
    ]);
    expect(listedUnits('text')).toEqual([]);
    expect(listedUnits(undefined)).toEqual([]);
  });
});
