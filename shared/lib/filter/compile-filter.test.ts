import { describe, expect, test } from 'vitest';
import { bare, nowMs, web1 } from '#kit/filter-hosts.ts';
import { compileFilter } from './compile-filter.ts';
import { type HostRecord, unitStates } from './fields.ts';
import { parseFilter } from './parse-filter.ts';

const fits = (text: string, record: HostRecord): boolean => {
  const { terms, errors } = parseFilter(text);
  expect(errors).toEqual([]);
  return compileFilter(terms)(record, nowMs);
};

describe('compileFilter', () => {
  test.each([
    // the line of ux.md
    ['label:role=web channel:stable cpu>80 unit:docker.service=failed', true, false],
    ['', true, true],
    ['WEB', true, false],
    ['flatcar', true, false],
    ['"a 3"', true, false],
    ['"role=web"', true, false],
    ['10.0.0.', true, true],
    ['we*1', true, false],
    ['-web', false, true],
    ['name:web-1', true, false],
    ['name:web', false, false],
    ['name:web-*,bare', true, true],
    ['label:role', true, false],
    ['-label:role', false, true],
    ['label:role=db,web', true, false],
    ['label:rack="a 3"', true, false],
    ['label:rack=""', false, false],
    ['group:eu', true, false],
    ['state:failing', true, false],
    ['state:failing,attention', true, false],
    ['state:unknown', false, true],
    ['reason:unit-failed', true, false],
    ['link:up', true, false],
    ['link:idle', false, true],
    ['os:flatcar', true, false],
    ['os:"Flatcar Container*"', true, false],
    ['os:debian', false, false],
    ['channel:none', false, false],
    ['address:192.168.*', true, false],
    ['reboot:no', true, false],
    ['cpu>81.5', false, false],
    ['cpu>=81.5', true, false],
    ['cpu<81.6%', true, false],
    ['mem=25', true, false],
    ['swap<1', false, false],
    ['disk=90', true, false],
    ['inodes=50', true, false],
    ['pressure>50', true, false],
    ['load>4', true, false],
    ['failed=1', true, false],
    ['clock>=300ms', true, false],
    ['latency<0.1s', true, false],
    ['uptime>=2h', true, false],
    ['age>10s', true, true],
    ['age>1m', false, true],
    ['-age>1m', true, false],
    ['-cpu>80', false, true],
    ['unit:docker', true, false],
    ['unit:dock*', true, false],
    ['unit:gone', false, false],
    ['unit:gone.timer', true, false],
    ['unit:gone.timer=failed', false, false],
    ['unit:docker.service=not-found', false, false],
    ['unit:*=not-found', true, false],
    ['unit:*=failed,not-found', true, false],
    ['-unit:docker', false, true],
    ['cpu:>80', true, false],
    ['OS:Flatcar', true, false],
  ])('%s', (text, web, other) => {
    expect([fits(text, web1), fits(text, bare)]).toEqual([web, other]);
  });

  test('prototype names are no labels', () => {
    expect(fits('label:constructor', bare)).toBe(false);
    expect(fits('label:__proto__', bare)).toBe(false);
  });
});

describe('errors', () => {
  test.each([
    ['cpu>', 'Compare cpu with a percentage, as 80', 'Write cpu>80'],
    ['cpu:80', 'A sign is missing after cpu: >, <, >=, <= or =', 'Write cpu>80'],
    ['age>10x', 'Compare age with a time, as 10s, 5m, 2h or 3d', 'Write age>10s'],
    ['cpu>80ms', 'Compare cpu with a percentage, as 80', 'Write cpu>80'],
    ['state:failling', 'There is no state "failling"', 'Did you mean state:failing?'],
    ['link:', 'A value is missing for link', 'Write link:idle'],
    ['os>3', 'Only figures can be compared, and os is none', 'Write os:value'],
    ['chanel:beta', 'There is no field chanel', 'Did you mean channel:beta?'],
    [
      'tier=3',
      'There is no field tier',
      'For a label write label:tier=3; put it in quotes to look for the text itself',
    ],
    ['label:', 'A label is missing', 'Write label:role=web, or label:role'],
    ['label:role=', 'A value is missing for label:role', 'Write a value, or label:role=""'],
    [
      'unit:sshd=active',
      'The fleet does not know which units are "active"',
      `It knows of ${unitStates.join(', ')}; open a host for all its units`,
    ],
    ['"open', 'A quote is not closed', 'End it with another "'],
    ['name:"open web', 'A quote is not closed', 'End it with another "'],
    ['""', 'There is nothing in these quotes', 'Write a word, or remove them'],
  ])('%s', (text, message, hint) => {
    expect(parseFilter(`web ${text}`)).toMatchObject({
      terms: [{ condition: { kind: 'word', text: 'web' } }],
      errors: [{ message, hint, from: 4, to: 4 + text.length }],
    });
  });

  test('what is right still counts', () => {
    const { terms, errors } = parseFilter('web bad:x cpu>80');
    expect([terms.length, errors.length]).toEqual([2, 1]);
    expect(compileFilter(terms)(web1, nowMs)).toBe(true);
  });

  test('at most 50 terms', () => {
    const { terms, errors } = parseFilter('a '.repeat(60));
    expect([terms.length, errors.length]).toEqual([50, 10]);
  });
});
