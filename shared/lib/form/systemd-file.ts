import { dialects } from '../../formats/settings/line-dialects.ts';
import { readLines } from '../../formats/settings/line-text.ts';
import { readSettings } from '../../formats/settings/settings.ts';
import { directivesOf, pageOf, sectionsOf, type SystemdFile } from '../../formats/systemd-unit/known-directives.ts';
import { cutSection, headerAt } from './cut-section.ts';
import type { FormAdd, FormEntry, Within } from './form.ts';
import type { FormText } from './form-text.ts';
import { SettingsText } from './setting-fields.ts';
import { repeatedSections, severalValues, usualSections } from './systemd-sections.ts';
import { checkFor } from './systemd-values.ts';
import type { Written } from './written.ts';

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

/** Of which kind a file of systemd is, told by its name: the ending of its unit; null when it is none. */
export function systemdKind(path: string): string | null {
  const ending = /\.([a-z]+)(?:\.d\/[^/]+\.conf)?$/.exec(path)?.[1] ?? '';
  return Object.hasOwn(usualSections, ending) ? ending : null;
}

function fileOf(kind: string): SystemdFile {
  if (kind === 'netdev') return kind;
  return kind === 'network' || kind === 'link' ? 'network' : 'unit';
}

/**
 * The sections of a unit file, a drop-in, or a file of networkd. Those that such a file usually has are there even where
 * they are not written, but not in a drop-in, which says little.
 */
export function systemdEntries(text: FormText): Within {
  const kind = systemdKind(text.name) ?? 'service';
  const settings = new SettingsText(text);
  const { sections } = readLines(fileOf(kind) === 'unit' ? dialects.unit : dialects.networkd, text.text);
  const isDropIn = text.name.endsWith('.conf');
  const usual = usualSections[kind] ?? {};
  const written = [...new Set(sections.map(({ label }) => label))].filter(
    (label) => label !== '' && !label.includes('.'),
  );
  const all = [...new Set([...(isDropIn ? [] : Object.keys(usual)), ...written])];
  const entries = all.map((label) => sectionEntry(text, settings, kind, label, !isDropIn));
  const adds: FormAdd[] = [];
  if (kind === 'network')
    for (const [section, { one, key }] of Object.entries(repeatedSections)) {
      const count = written.filter((label) => nameOf(label) === section).length;
      const label = count === 0 ? section : `${section}[${count + 1}]`;
      adds.push({
        id: `${text.name} ${section}`,
        label: `Add a${one.startsWith('a') ? 'n' : ''} ${one}`,
        ask: key,
        hint: section === 'Route' ? 'Where it leads: an address with its prefix, or default.' : null,
        options: section === 'Route' ? ['default'] : [],
        check: checkFor('network', section, key),
        write: (value) => settings.write(`${label}.${key}`, value),
      });
    }
  const missing = sectionsOf(fileOf(kind)).filter((name) => !all.includes(name) && !(name in repeatedSections));
  if (fileOf(kind) === 'unit')
    adds.push({
      id: `${text.name} section`,
      label: 'Add a setting in another section',
      ask: 'Section and setting',
      hint: 'As Service.MemoryMax; its value is filled in then.',
      options: missing.flatMap((section) =>
        words(usual[section] ?? firstOf(section)).map((name) => `${section}.${name}`),
      ),
      check: (value) =>
        /^[A-Z][\w-]*\.[A-Z][\w-]*$/.test(value)
          ? null
          : 'The name of a section, a dot, and a setting, as Service.Nice.',
      write: (value) => settings.write(value, firstValue(fileOf(kind), value)),
    });
  return { entries, adds };
}

function firstOf(section: string): string {
  return section === 'Service' ? 'MemoryMax LimitNOFILE Restart Environment' : section === 'Unit' ? 'After Wants' : '';
}

/** A value that a setting may begin with: one of its few words, else nothing, which systemd takes for its default. */
function firstValue(file: SystemdFile, key: string): string {
  const [section = '', name = ''] = key.split('.');
  return directivesOf(file, section).get(name)?.values?.[0] ?? '';
}

function sectionEntry(
  text: FormText,
  settings: SettingsText,
  kind: string,
  label: string,
  isWhole: boolean,
): FormEntry {
  const section = nameOf(label);
  const file = fileOf(kind);
  const known = directivesOf(file, section);
  const page = pageOf(file, section);
  const start = `${label}.`;
  const written = [...settings.settings.keys()]
    .filter((key) => key.startsWith(start))
    .map((key) => key.slice(start.length));
  const repeated = Object.hasOwn(repeatedSections, section) ? repeatedSections[section] : undefined;
  const usual = words((repeated && kind === 'network' ? repeated.usual : usualSections[kind]?.[section]) ?? '');
  const names = isWhole || repeated ? [...new Set([...usual, ...written])] : written;
  const shownNames = new Set(names);
  const isRepeated = repeated !== undefined && kind === 'network';
  return {
    id: `${text.name} [${label}]`,
    title: `[${section}]`,
    page: page === null ? null : `${page}(5)`,
    note: null,
    line: null,
    fields: names.map((name) => {
      const key = start + name;
      const isList =
        severalValues.has(`${section}.${name}`) || (settings.settings.get(key)?.value.includes('\n') ?? false);
      const few = known.get(name)?.values ?? null;
      return settings.field({
        key,
        label: name,
        kind: isList ? 'list' : 'line',
        hint: known.get(name)?.page === `${page}(5)` ? undefined : known.get(name)?.page,
        options: few ?? [],
        check: checkFor(file, section, name),
        one: name,
        wide: /^(?:Exec|Environment)/.test(name),
      });
    }),
    within: () => ({
      entries: [],
      adds: [
        {
          id: `${text.name} [${label}] setting`,
          label: `Add a setting to [${section}]`,
          ask: 'Name of the setting',
          hint: null,
          options: [...known.keys()].filter((name) => !shownNames.has(name)).toSorted(),
          check: (name) =>
            shownNames.has(name)
              ? `${name} is here already.`
              : /^[A-Za-z][\w-]*$/.test(name)
                ? null
                : 'Letters, digits and dashes, as MemoryMax.',
          write: (name) => settings.write(start + name, firstValue(file, `${section}.${name}`)),
        },
      ],
    }),
    remove: isRepeated
      ? { label: `Remove this ${repeated.one}`, write: () => removeSection(text, section, label) }
      : null,
  };
}

/** `Route[2]` is another section of the name `Route`. */
function nameOf(label: string): string {
  return label.replace(/\[\d+\]$/, '');
}

function removeSection(text: FormText, section: string, label: string): Written {
  const which = Number(/\[(\d+)\]$/.exec(label)?.[1] ?? 1) - 1;
  const from = headerAt(text.text, (line) => line === `[${section}]`, which);
  const to = readLines(dialects.networkd, text.text).sections.find((one) => one.label === label)?.end ?? -1;
  const made = from === -1 || to < from ? text.text : cutSection(text.text, from, to);
  const values = (content: string) => readSettings(text.name, content).settings.map(({ value }) => value);
  const gone = readSettings(text.name, text.text).settings.filter(({ key }) => key.startsWith(`${label}.`)).length;
  if (made === text.text || values(made).length !== values(text.text).length - gone)
    return { code: 'unsupported', message: `[${section}] cannot be taken out by the form`, hint: 'Edit the text.' };
  return text.put(made);
}
