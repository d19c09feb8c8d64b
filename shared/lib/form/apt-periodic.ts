import { lineEndOf } from '../../formats/settings/edits.ts';
import { nothingWithin, type Check, type FormEntry } from './form.ts';
import type { FormText } from './form-text.ts';
import { anyLine, clock, wholeNumber } from './value-rules.ts';
import type { Written } from './written.ts';

interface AptAbout {
  readonly key: string;
  readonly label: string;
  readonly hint?: string;
  readonly options?: readonly string[];
  readonly check?: Check;
}

const days = 'Days between; 0 is never.';
const truth = ['true', 'false'];
const periodic: readonly AptAbout[] = [
  { key: 'APT::Periodic::Update-Package-Lists', label: 'Read the package lists', hint: days, check: wholeNumber },
  { key: 'APT::Periodic::Unattended-Upgrade', label: 'Upgrade by itself', hint: days, check: wholeNumber },
  { key: 'APT::Periodic::Download-Upgradeable-Packages', label: 'Download before', hint: days, check: wholeNumber },
  { key: 'APT::Periodic::AutocleanInterval', label: 'Clean the cache', hint: days, check: wholeNumber },
];
const unattended: readonly AptAbout[] = [
  { key: 'Unattended-Upgrade::Automatic-Reboot', label: 'Restart where it is needed', options: truth },
  { key: 'Unattended-Upgrade::Automatic-Reboot-WithUsers', label: 'Restart with users logged in', options: truth },
  {
    key: 'Unattended-Upgrade::Automatic-Reboot-Time',
    label: 'Restart at',
    hint: 'Or the word now.',
    check: rebootTime,
  },
  { key: 'Unattended-Upgrade::Remove-Unused-Dependencies', label: 'Remove what is not used', options: truth },
  { key: 'Unattended-Upgrade::Mail', label: 'Mail to', check: anyLine },
];

/** What a value between double quotes cannot hold. */
const unsafe = /["\\\r\n\0]/;

function rebootTime(value: string): string | null {
  return value === 'now' ? null : clock(value);
}

/** What apt does by itself, from those lines that say one thing each; what stands in braces is left to the text. */
export function aptEntry(text: FormText): FormEntry {
  const isPeriodic = /auto-upgrades$|periodic$/.test(text.name);
  return {
    id: text.name,
    title: text.name,
    page: null,
    note: null,
    line: text.above === null ? null : text.above + 1,
    fields: (isPeriodic ? periodic : unattended).map(({ key, label, hint = null, options = [], check = anyLine }) => {
      const found = findLine(text.text, key);
      return {
        id: `${text.name} ${key}`,
        label,
        hint,
        kind: options.length > 0 ? 'choice' : 'line',
        options,
        check: (value) => (unsafe.test(value) ? 'Without double quotes and backslashes.' : check(value)),
        line: found && text.above !== null ? text.above + found.line : null,
        value: found?.value ?? null,
        write: (value) => writeLine(text, key, value),
      };
    }),
    within: nothingWithin,
    remove: null,
  };
}

interface Found {
  readonly value: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly valueFrom: number;
}

/** The last line that says a setting, outside of comments. */
function findLine(text: string, key: string): Found | null {
  let found: Found | null = null;
  let from = 0;
  let inComment = false;
  for (const [at, line] of text.split('\n').entries()) {
    const said = inComment ? null : /^([ \t]*([\w:-]+)[ \t]+")([^"\\]*)"[ \t]*;/.exec(line);
    if (said && said[2] === key)
      found = {
        value: said[3] ?? '',
        line: at + 1,
        from,
        to: Math.min(text.length, from + line.length + 1),
        valueFrom: from + (said[1]?.length ?? 0),
      };
    const opens = line.lastIndexOf('/*');
    const closes = line.lastIndexOf('*/');
    if (opens !== closes) inComment = opens > closes;
    from += line.length + 1;
  }
  return found;
}

function writeLine(text: FormText, key: string, value: string | null): Written {
  const was = text.text;
  const found = findLine(was, key);
  if (value !== null && unsafe.test(value))
    return { code: 'invalid-input', message: `${key} takes no double quotes, backslashes or line ends` };
  if (value === null) return text.put(found ? was.slice(0, found.from) + was.slice(found.to) : was);
  if (found) return text.put(was.slice(0, found.valueFrom) + value + was.slice(found.valueFrom + found.value.length));
  const end = lineEndOf(was);
  return text.put(`${was}${was === '' || was.endsWith('\n') ? '' : end}${key} "${value}";${end}`);
}
