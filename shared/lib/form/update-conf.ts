import { nothingWithin, type FormEntry } from './form.ts';
import type { FormText } from './form-text.ts';
import { type SettingAbout, SettingsText } from './setting-fields.ts';
import { anyLine, duration, groupName, server, windowStart } from './value-rules.ts';

/** What is wrong with a window of which only one half is said; null when nothing is. */
export function halfWindow(start: string | null, length: string | null): string | null {
  if ((start === null) === (length === null)) return null;
  return `The restart window has no ${start === null ? 'begin' : 'length'}; locksmith takes both or neither.`;
}

/** How a host is restarted for an update, as locksmith names it. */
export const rebootStrategies = ['reboot', 'etcd-lock', 'off'];

const usual: readonly SettingAbout[] = [
  {
    key: 'GROUP',
    label: 'Channel or group',
    kind: 'line',
    check: groupName,
    options: ['stable', 'beta', 'alpha', 'lts'],
  },
  {
    key: 'SERVER',
    label: 'Update server',
    kind: 'line',
    check: server,
    hint: 'The word disabled turns updates off.',
    options: ['disabled'],
  },
  {
    key: 'REBOOT_STRATEGY',
    label: 'Restart for an update',
    kind: 'choice',
    options: rebootStrategies,
    hint: 'reboot: at once; etcd-lock: one after another by a lock; off: not by itself.',
  },
  {
    key: 'LOCKSMITHD_REBOOT_WINDOW_START',
    label: 'Restart window begins',
    kind: 'line',
    check: windowStart,
    hint: 'In the time zone of the host. It needs a length too.',
  },
  {
    key: 'LOCKSMITHD_REBOOT_WINDOW_LENGTH',
    label: 'Restart window lasts',
    kind: 'line',
    check: duration,
    hint: 'Less than a day, or than a week where it begins on a day of the week.',
  },
];

/** The settings of update-engine and locksmith on Flatcar and Container Linux, the usual ones first. */
export function updateConfEntry(text: FormText): FormEntry {
  const settings = new SettingsText(text);
  const known = new Set(usual.map(({ key }) => key));
  const said = (key: string) => settings.settings.get(key)?.value ?? null;
  const others = [...settings.settings.keys()].filter((key) => !known.has(key));
  return {
    id: text.name,
    title: text.name,
    page: null,
    note: halfWindow(said('LOCKSMITHD_REBOOT_WINDOW_START'), said('LOCKSMITHD_REBOOT_WINDOW_LENGTH')),
    line: text.above === null ? null : text.above + 1,
    fields: [
      ...usual.map((about) => settings.field(about)),
      ...others.map((key) =>
        settings.field({ key, label: key, kind: /PASSWORD/.test(key) ? 'secret' : 'line', check: anyLine }),
      ),
    ],
    within: nothingWithin,
    remove: null,
  };
}
