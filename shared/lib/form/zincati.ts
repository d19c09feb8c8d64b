import { type FormEntry, type FormField, nothingWithin } from './form.ts';
import type { FormText } from './form-text.ts';
import { type SettingAbout, SettingsText } from './setting-fields.ts';
import { appendTable, removeTable, writeToml } from './toml-text.ts';
import { anyLine, clock, groupName, timeZone, wariness, webAddress, weekday, wholeNumber } from './value-rules.ts';

type Spelling = 'text' | 'bare' | 'texts';
type TomlAbout = SettingAbout & { readonly spelling: Spelling };

const usual: readonly TomlAbout[] = [
  { key: 'updates.enabled', label: 'Updates', kind: 'choice', options: ['true', 'false'], spelling: 'bare' },
  {
    key: 'updates.strategy',
    label: 'When it restarts',
    kind: 'choice',
    options: ['immediate', 'periodic', 'fleet_lock'],
    hint: 'immediate: once an update is there; periodic: in the windows below; fleet_lock: when the lock server allows it.',
    spelling: 'text',
  },
  {
    key: 'updates.fleet_lock.base_url',
    label: 'Lock server',
    kind: 'line',
    check: webAddress,
    hint: 'For the strategy fleet_lock.',
    spelling: 'text',
  },
  {
    key: 'updates.periodic.time_zone',
    label: 'Time zone of the windows',
    kind: 'line',
    check: timeZone,
    options: ['UTC', 'localtime'],
    spelling: 'text',
  },
  { key: 'identity.group', label: 'Group', kind: 'line', check: groupName, spelling: 'text' },
  {
    key: 'identity.rollout_wariness',
    label: 'How late it takes an update',
    kind: 'line',
    check: wariness,
    spelling: 'bare',
  },
  {
    key: 'updates.allow_downgrade',
    label: 'Older versions',
    kind: 'choice',
    options: ['true', 'false'],
    spelling: 'bare',
  },
];

const list = 'updates.periodic.window';
const ofWindow = (key: string): readonly TomlAbout[] => [
  {
    key: `${key}.days`,
    label: 'Days',
    kind: 'list',
    one: 'day',
    check: weekday,
    options: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
    spelling: 'texts',
  },
  { key: `${key}.start_time`, label: 'Begins at', kind: 'line', check: clock, spelling: 'text' },
  { key: `${key}.length_minutes`, label: 'Lasts minutes', kind: 'line', check: wholeNumber, spelling: 'bare' },
];

/** A fragment of the settings of zincati, which updates Fedora CoreOS. */
export function zincatiEntry(text: FormText): FormEntry {
  const settings = new SettingsText(text);
  const count = windowsIn([...settings.settings.keys()]);
  const windows = Array.from({ length: count }, (_, at): FormEntry => {
    const key = `${list}[${at}]`;
    return {
      id: `${text.name} ${key}`,
      title: `Window ${at + 1}`,
      page: null,
      note: null,
      line: settings.lineAt(`${key}.start_time`),
      fields: ofWindow(key).map((about) => tomlField(text, settings, about)),
      within: nothingWithin,
      remove: { label: `Remove window ${at + 1}`, write: () => removeTable(text, list, at) },
    };
  });
  return {
    id: text.name,
    title: text.name,
    page: null,
    note: null,
    line: text.above === null ? null : text.above + 1,
    fields: usual.map((about) => tomlField(text, settings, about)),
    within: () => ({
      entries: windows,
      adds: [
        {
          id: `${text.name} ${list}`,
          label: 'Add a window',
          ask: 'Day of the week',
          hint: 'It begins at 02:00 and lasts an hour until it is told otherwise.',
          options: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
          check: weekday,
          write: (day) =>
            appendTable(text, list, [`days = [${JSON.stringify(day)}]`, 'start_time = "02:00"', 'length_minutes = 60']),
        },
      ],
    }),
    remove: null,
  };
}

function windowsIn(keys: readonly string[]): number {
  return Math.max(0, ...keys.map((key) => 1 + Number(/^updates\.periodic\.window\[(\d{1,4})\]/.exec(key)?.[1] ?? -1)));
}

function tomlField(text: FormText, settings: SettingsText, about: TomlAbout): FormField {
  const { spelling, key, label, kind, check = anyLine, one = 'value' } = about;
  const written = settings.settings.get(key)?.value;
  const shared = {
    id: `${text.name} ${key}`,
    label,
    hint: about.hint ?? null,
    line: settings.lineAt(key),
    check,
    options: about.options ?? [],
  };
  if (kind === 'list') {
    const values = written === undefined ? [] : textsIn(written);
    const whole = (days: readonly string[]) =>
      writeToml(text, key, days.length === 0 ? null : `[${days.map((day) => JSON.stringify(day)).join(', ')}]`);
    return {
      ...shared,
      kind,
      one,
      wide: false,
      values,
      change: (at, value) => whole(values.flatMap((was, index) => (index === at ? (value ?? []) : was))),
      append: (value) => whole([...values, value]),
    };
  }
  return {
    ...shared,
    kind,
    value: written === undefined ? null : spelling === 'bare' ? written : (textsIn(`[${written}]`)[0] ?? written),
    write: (value) => writeToml(text, key, value === null || spelling === 'bare' ? value : JSON.stringify(value)),
  };
}

/** The texts of a list as it is spelled when it is read. */
function textsIn(spelled: string): string[] {
  try {
    const read: unknown = JSON.parse(spelled);
    return Array.isArray(read) ? read.map(String) : [];
  } catch {
    return [];
  }
}
