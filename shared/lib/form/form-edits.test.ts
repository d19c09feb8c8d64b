import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allEntries, allFields, difference, documentOf, ignition, inButane, inCloud } from '#kit/forms.ts';
import type { ConfigDocument } from '../../contract/document.ts';
import type { FormField } from './form.ts';
import { readForm } from './read-form.ts';
import type { Written } from './written.ts';

const words = fc.string({ maxLength: 12, unit: 'grapheme-ascii' });
const documents = [inButane(), inCloud(), documentOf('ignition', ignition)].map((one) => [one.format, one] as const);

const files = [
  [
    '/etc/systemd/network/10-a.network',
    '# lan\n[Match]\nName=eth0\n\n[Network]\nAddress=10.0.0.2/24\n# two\nAddress=10.0.0.3/24\n\n[Route]\nGateway=10.0.0.1\n[Route]\nDestination=10.1.0.0/16\n',
  ],
  ['/etc/systemd/network/20-b.netdev', '[NetDev]\nName=b0 \n; why\nKind=bond\n'],
  [
    '/etc/systemd/system/a.timer',
    '[Timer]\n# nightly\nOnCalendar=daily\nOnCalendar=\nOnCalendar=hourly\n[Install]\nWantedBy=timers.target',
  ],
  ['/etc/flatcar/update.conf', '# ours\nGROUP=stable\nREBOOT_STRATEGY="off"\nMACHINE_ALIAS=a\n'],
  [
    '/etc/zincati/config.d/55.toml',
    '# ours\n[updates]\nstrategy = "periodic" # calm\n\n[[updates.periodic.window]]\ndays = ["Sat"]\nstart_time = "02:30"\nlength_minutes = 180\n',
  ],
  ['/etc/apt/apt.conf.d/50unattended-upgrades', '// ours\nUnattended-Upgrade::Automatic-Reboot "false"; // calm\n'],
].map(([path = '', text = '']) => [path, documentOf('file', text, path)] as const);

type Value = string | null | readonly string[];
const valueOf = (field: FormField): Value => (field.kind === 'list' ? field.values : field.value);
const nothing = (field: FormField): Value => (field.kind === 'list' ? [] : null);
const trimmed = (value: Value): Value =>
  typeof value === 'string' ? value.trim() : (value?.map((one) => one.trim()) ?? null);

/** All that a form says but what one field says, and the whole text of a unit, which its settings are parts of. */
function others(document: ConfigDocument, but: FormField): [string, Value][] {
  return allFields(document)
    .filter(({ id, kind }) => id !== but.id && kind !== 'block')
    .map((field): [string, Value] => [field.id, valueOf(field)])
    .filter(([, value]) => value !== null && value.length > 0);
}

function edit(field: FormField, value: string | null): Written {
  if (field.kind !== 'list') return field.write(value);
  return value === null ? field.change(field.values.length - 1, null) : field.append(value);
}

function wishedOf(field: FormField, value: string | null): Value {
  if (field.kind !== 'list') return value;
  return value === null ? field.values.slice(0, -1) : [...field.values, value];
}

const commentLines = (text: string) => text.split('\n').filter((line) => /^\s*(?:#|;|\/\/)/.test(line));
// One value looks like a comment and is none.
const commentsBehind = (text: string) =>
  text
    .replace('# not a comment', '')
    .split('\n')
    .flatMap((line) => /\S\s+((?:#|\/\/).*)$/.exec(line)?.[1] ?? []);

describe('whatever is edited', () => {
  it.each([...documents, ...files])('reads back as it was written, and nothing else changed (%s)', (_, document) => {
    // Names and masks decide what else is shown.
    const fields = allFields(document).filter(
      ({ kind, label }) => kind !== 'block' && label !== 'Name' && label !== 'Masked',
    );
    let wrote = 0;
    fc.assert(
      fc.property(fc.constantFrom(...fields.map(({ id }) => id)), words, fc.boolean(), (id, typed, takeOut) => {
        const field = fields.find((one) => one.id === id);
        if (!field) return;
        const value = takeOut ? null : (field.options[0] ?? typed);
        if (takeOut && valueOf(field) === null) return;
        if (takeOut && field.kind === 'list' && field.values.length === 0) return;
        const made = edit(field, value);
        if (typeof made !== 'string') return;
        wrote += 1;
        const after = { ...document, content: made };
        const again = allFields(after).find(({ id }) => id === field.id);
        expect(trimmed(again ? valueOf(again) : nothing(field))).toEqual(trimmed(wishedOf(field, value)));
        expect(others(after, field)).toEqual(others(document, field));
        const { gone } = difference(document.content, made);
        expect(gone.length).toBeLessThanOrEqual(takeOut ? 4 : 1);
        const kept = [...commentLines(document.content), ...(takeOut ? [] : commentsBehind(document.content))];
        for (const comment of kept) expect(made).toContain(comment);
      }),
      { numRuns: 400 },
    );
    expect(wrote).toBeGreaterThan(60);
  });

  it.each(documents)('adds by lines that come only, and removes what was added (%s)', (_, document) => {
    const inner = allEntries(document).map(({ within }) => within());
    const adds = [...readForm(document).parts, ...inner].flatMap((one) => one.adds);
    const names = [
      'eve',
      'new.service',
      '99-new.network',
      '10-new.conf',
      'default',
      'Nice',
      'Service.Nice',
      '10.0.0.9/24',
      'beta',
      'periodic',
    ];
    for (const one of adds) {
      const name = names.find((each) => one.check(each) === null) ?? 'eve';
      const made = one.write(name);
      if (typeof made !== 'string') throw new Error(`${one.label}: ${made.message}`);
      const { gone } = difference(document.content, made);
      // A list that is one line of JSON becomes a longer line.
      expect([one.label, ...(document.format === 'ignition' ? [] : gone)]).toEqual([one.label]);
      for (const comment of commentLines(document.content)) expect(made).toContain(comment);
    }
    expect(adds.length).toBeGreaterThan(3);
  });

  it.each([...documents, ...files])(
    'answers with words, never with a fault, whatever is in the text (%s)',
    (_, document) => {
      fc.assert(
        fc.property(fc.nat(document.content.length), fc.nat(12), words, fc.nat(), (at, cut, put, which) => {
          const content = document.content.slice(0, at) + put + document.content.slice(at + cut);
          const broken = { ...document, content };
          const fields = allFields(broken);
          const field = fields[which % Math.max(1, fields.length)];
          const made = field ? edit(field, 'x') : '';
          expect(typeof made === 'string' || made.message !== '').toBe(true);
        }),
        { numRuns: 200 },
      );
    },
  );
});
