import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addTerm, filterChips, toggleTerm, withoutChip } from './chips.ts';
import { compileFilter } from './compile-filter.ts';
import { completeFilter } from './complete-filter.ts';
import { fieldNames, type HostRecord, numberFields, textFields, unitStates } from './fields.ts';
import { type FilterTerm, operators } from './filter-tree.ts';
import { knownValues } from './known-values.ts';
import { parseFilter } from './parse-filter.ts';
import { printFilter } from './print-filter.ts';

const nowMs = 1_000_000;
const problem = null;
const host = (name: string, more: HostRecord = {}): HostRecord => ({
  identity: {
    name,
    address: '10.0.0.1',
    port: 22,
    user: 'core',
    jump: [],
    labels: { role: 'web', group: 'eu', rack: 'A 3' },
  },
  link: {
    state: 'up',
    reason: '',
    since: 0,
    heardAt: nowMs - 12_000,
    retryAt: null,
    attempts: 0,
    problem,
    sampler: 'awk',
    units: 'dbus',
    unitsReason: '',
    missed: null,
    connection: null,
  },
  facts: {
    readAt: 0,
    os: { id: 'flatcar', variant: '', version: '4593.2.0', pretty: 'Flatcar Container Linux 4593.2.0' },
    family: 'flatcar',
    channel: 'stable',
    hostname: 'localhost',
    kernel: '6.12.1-flatcar',
    architecture: 'x86-64',
    virtualization: '',
    machineId: '',
    bootId: '',
    bootedAt: 0,
    systemd: '257',
    systemState: 'running',
    timezone: 'UTC',
    timeSync: 'yes',
    rebootNeeded: [],
    boots: [],
    disks: [],
    addresses: ['192.168.7.7'],
    cpus: 4,
    elevation: 'sudo',
  },
  load: {
    readAt: 0,
    intervalMs: 2000,
    uptimeS: 7200,
    cpu: 0.815,
    iowait: 0,
    steal: 0,
    load1: 4.5,
    load5: 0,
    load15: 0,
    running: 1,
    memoryTotalBytes: 1000,
    memoryUsedBytes: 250,
    swapTotalBytes: 0,
    swapUsedBytes: 0,
    pressure: { cpu: 1, memory: 2, memoryFull: 0, io: 55, ioFull: 0 },
    netReceiveBps: 0,
    netSendBps: 0,
    diskReadBps: 0,
    diskWriteBps: 0,
    clockOffsetMs: -300,
    latencyMs: 12,
  },
  disks: {
    readAt: 0,
    mounts: [
      {
        mount: '/',
        source: '',
        type: '',
        totalBytes: 100,
        usedBytes: 90,
        freeBytes: 10,
        inodesTotal: 10,
        inodesFree: 5,
        readOnly: false,
      },
      {
        mount: '/usr',
        source: '',
        type: '',
        totalBytes: 100,
        usedBytes: 100,
        freeBytes: 0,
        inodesTotal: 10,
        inodesFree: 0,
        readOnly: true,
      },
    ],
  },
  units: {
    readAt: 0,
    source: 'dbus',
    total: 3,
    active: 1,
    jobs: 0,
    failed: [{ name: 'docker.service', sub: 'failed', since: 0 }],
    loadErrors: [{ name: 'gone.timer', load: 'not-found' }],
  },
  health: {
    state: 'failing',
    since: 0,
    reasons: [{ code: 'unit-failed', state: 'failing', text: '', subject: 'docker.service', since: 0 }],
  },
  ...more,
});
const web1 = host('web-1');
const bare: HostRecord = { identity: { name: 'bare', address: '10.0.0.9', port: 22, user: '', jump: [], labels: {} } };
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
    ['cpu>', 'cpu is compared with a percentage, as 80', 'Write cpu>80'],
    ['cpu:80', 'cpu needs >, <, >=, <= or =', 'Write cpu>80'],
    ['age>10x', 'age is compared with a time, as 10s, 5m, 2h or 3d', 'Write age>10s'],
    ['cpu>80ms', 'cpu is compared with a percentage, as 80', 'Write cpu>80'],
    ['state:failling', 'state is never "failling"', 'Did you mean state:failing?'],
    ['link:', 'link: asks for nothing', 'Write link:idle'],
    ['os>3', 'os is no figure', 'Write os:value'],
    ['chanel:beta', 'there is no field chanel', 'Did you mean channel:beta?'],
    [
      'tier=3',
      'there is no field tier',
      'For a label write label:tier=3; put it in quotes to look for the text itself',
    ],
    ['label:', 'label: names no label', 'Write label:role=web, or label:role'],
    ['label:role=', 'label:role= asks for nothing', 'Write a value, or label:role=""'],
    [
      'unit:sshd=active',
      'the fleet does not know which units are "active"',
      `It knows of ${unitStates.join(', ')}; open a host for all its units`,
    ],
    ['"open', 'a quote is not closed', 'End it with another "'],
    ['name:"open web', 'a quote is not closed', 'End it with another "'],
    ['""', 'there is nothing in these quotes', 'Write a word, or remove them'],
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

const words = fc.string({
  unit: fc.constantFrom('a', 'Z', '-', '"', '\\', ' ', ',', '=', ':', '>', '*', 'é', '\t'),
  minLength: 1,
  maxLength: 6,
});
const values = fc.array(fc.oneof(words, fc.constant('')), { minLength: 1, maxLength: 3 });
const enumerated = fc.constantFrom(...(Object.keys(textFields) as (keyof typeof textFields)[])).chain((field) => {
  const allowed = textFields[field].values;
  const some = allowed ? fc.array(fc.constantFrom<string>(...allowed), { minLength: 1, maxLength: 2 }) : values;
  return fc.record({ kind: fc.constant('text' as const), field: fc.constant(field), values: some });
});
const condition = fc.oneof(
  fc.record({ kind: fc.constant('word' as const), text: words }),
  enumerated,
  fc.record({ kind: fc.constant('label' as const), key: words, values: fc.option(values) }),
  fc.record({
    kind: fc.constant('unit' as const),
    name: words,
    states: fc.option(fc.array(fc.constantFrom<string>(...unitStates), { minLength: 1, maxLength: 2 })),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.constantFrom(...(Object.keys(numberFields) as (keyof typeof numberFields)[])),
    operator: fc.constantFrom(...operators),
    value: fc.oneof(
      fc.integer({ min: 0, max: 1_000_000_000 }),
      fc.constantFrom(0.5, 59.999_999, 3600, 5400, 86_400, 0.000_001),
    ),
  }),
);
const terms: fc.Arbitrary<Pick<FilterTerm, 'negated' | 'condition'>[]> = fc.array(
  fc.record({ negated: fc.boolean(), condition }),
  { maxLength: 6 },
);
const noise = fc.oneof(
  fc.constantFrom(...fieldNames, ...operators, ':', '=', ',', '-', '"', '\\', ' ', '*', '80', '10s', 'role', 'failing'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);

describe('as text', () => {
  test('what is printed reads back as the same terms', () => {
    fc.assert(
      fc.property(terms, (wanted) => {
        const text = printFilter(wanted);
        const { terms: read, errors } = parseFilter(text);
        expect({
          text,
          errors,
          read: read.map(({ negated, condition: one }) => ({ negated, condition: one })),
        }).toEqual({
          text,
          errors: [],
          read: wanted,
        });
        expect(read.map(({ from, to }) => text.slice(from, to)).join(' ')).toBe(text);
      }),
      { seed: 13, numRuns: 2000 },
    );
  }, 60_000);

  test('any text is terms, errors and blanks, and prints to a text that means the same', () => {
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 25 }), (parts) => {
        const text = parts.join('');
        const { terms: read, errors } = parseFilter(text);
        let rest = text;
        for (const { from, to } of [...read, ...errors].toSorted((a, b) => b.from - a.from))
          rest = rest.slice(0, from) + rest.slice(to);
        expect(rest.trim()).toBe('');
        const again = parseFilter(printFilter(read));
        expect(again.errors).toEqual([]);
        expect(compileFilter(again.terms)(web1, nowMs)).toBe(compileFilter(read)(web1, nowMs));
      }),
      { seed: 14, numRuns: 2000 },
    );
  }, 60_000);
});

describe('chips', () => {
  test('show each term as written, with what is wrong', () => {
    expect(filterChips('web  -cpu>80 os>3').map(({ text, problem: wrong }) => [text, wrong])).toEqual([
      ['web', null],
      ['-cpu>80', null],
      ['os>3', 'os is no figure. Write os:value.'],
    ]);
    expect(filterChips('state:failling')[0]?.problem).toBe('state is never "failling". Did you mean state:failing?');
  });

  test('add, remove and toggle keep the rest as written', () => {
    const failing = { negated: false, condition: { kind: 'text', field: 'state', values: ['failing'] } } as const;
    const lost = { negated: false, condition: { kind: 'text', field: 'state', values: ['unreachable'] } } as const;
    expect(addTerm('', failing)).toBe('state:failing');
    expect(addTerm('web  "a b" ', failing)).toBe('web  "a b" state:failing');
    expect(addTerm('health:Failing x', failing)).toBe('health:Failing x');
    expect(toggleTerm('web state:failing mem>3', lost)).toBe('web mem>3 state:unreachable');
    expect(toggleTerm('web state:unreachable  mem>3', lost)).toBe('web mem>3');
    expect(withoutChip('a  b bad:x', 1)).toBe('a bad:x');
    expect(withoutChip('a', 0)).toBe('');
    expect(withoutChip('a', 5)).toBe('a');
  });
});

describe('completeFilter', () => {
  const known = knownValues([web1, host('db 2', { units: undefined as never }), bare]);
  const offers = (text: string): string[] =>
    completeFilter(text, text.length, known).map(
      ({ insert, from, to }) => text.slice(0, from) + insert + text.slice(to),
    );

  test.each([
    ['st', ['state:']],
    ['x la', ['x label:', 'x latency>']],
    ['-cp', ['-cpu>']],
    ['we', ['web-1']],
    ['label:', ['label:group=', 'label:rack=', 'label:role=']],
    ['label:ro', ['label:role=']],
    ['label:rack=', ['label:rack="A 3"']],
    ['label:rack="a', ['label:rack="A 3"']],
    ['label:role=x,w', ['label:role=x,web']],
    ['state:f', ['state:failing']],
    ['state:failing,at', ['state:failing,attention']],
    ['unit:dock', ['unit:docker.service']],
    ['unit:docker.service=f', ['unit:docker.service=failed']],
    ['channel:', ['channel:stable']],
    ['cpu>', []],
    ['nothing:', []],
  ])('%s', (text, wanted) => {
    expect(offers(text)).toEqual(wanted);
  });

  test('an empty text is offered every field, the cursor inside a text its own term', () => {
    expect(completeFilter('', 0, known).map(({ label }) => label.replace(/[:>]$/, ''))).toEqual(fieldNames);
    expect(completeFilter('sta web', 3, known)).toMatchObject([{ insert: 'state:', from: 0, to: 3 }]);
  });

  test('every offer for any text leads to a text without new errors in that place', () => {
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 12 }), fc.nat(60), (parts, cursor) => {
        const text = parts.join('');
        for (const { from, to } of completeFilter(text, cursor, known)) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(text.length);
          expect(from).toBeLessThanOrEqual(to);
        }
      }),
      { seed: 15, numRuns: 1000 },
    );
  }, 60_000);
});
