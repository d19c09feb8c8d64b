import { closest } from '#shared/lib/closest.ts';
import { type Finding, Findings } from '../finding.ts';
import { shown } from '../text-problem.ts';

const mostLines = 20_000;
const strategies = ['etcd-lock', 'reboot', 'off'];

/** Keys that update_engine and locksmithd read, on Flatcar and Container Linux. */
export const updateConfKeys = [
  'GROUP',
  'SERVER',
  'PCR_POLICY_SERVER',
  'DOWNLOAD_USER',
  'DOWNLOAD_PASSWORD',
  'MACHINE_ALIAS',
  'REBOOT_STRATEGY',
  'LOCKSMITHD_REBOOT_WINDOW_START',
  'LOCKSMITHD_REBOOT_WINDOW_LENGTH',
  'LOCKSMITHD_ENDPOINT',
  'LOCKSMITHD_ETCD_KEYFILE',
  'LOCKSMITHD_ETCD_CERTFILE',
  'LOCKSMITHD_ETCD_CAFILE',
  'LOCKSMITHD_ETCD_USERNAME',
  'LOCKSMITHD_ETCD_PASSWORD',
  'LOCKSMITHD_GROUP',
  'LOCKSMITHD_DEBUG',
  'REBOOT_WINDOW_START',
  'REBOOT_WINDOW_LENGTH',
];

interface Entry {
  readonly value: string;
  readonly line: number;
  readonly column: number;
}

/** What of an update.conf would not be read as it is meant: its reader takes KEY=value as it stands, blanks and all. Never throws. */
export function checkUpdateConf(text: string): Finding[] {
  const findings = new Findings('update.conf');
  const seen = new Map<string, Entry>();
  for (const [at, row] of text.split('\n', mostLines).entries()) {
    if (findings.full) break;
    const content = row.trim();
    if (content === '' || content.startsWith('#')) continue;
    const place = { line: at + 1, column: row.length - row.trimStart().length + 1 };
    const equals = row.indexOf('=');
    if (equals < 1) {
      findings.error(place, `${shown(content)} is passed over`, 'Write KEY=value.');
      continue;
    }
    const key = row.slice(0, equals);
    const name = key.trim();
    const value = row.slice(equals + 1);
    if (key !== name)
      findings.error(place, `blanks around ${shown(name)} make it another key`, `Write ${name}= at the very left.`);
    if (value !== value.trim())
      findings.error(place, `blanks around the value of ${name} are taken as part of it`, 'Leave them out.');
    if (!updateConfKeys.includes(name)) {
      const near = closest(name, updateConfKeys);
      findings.warning(place, `${shown(name)} is read by nobody`, near === null ? undefined : `Did you mean ${near}?`);
    }
    const before = seen.get(name);
    if (before) findings.warning(place, `${name} is set in line ${before.line} already`, 'Keep one of the two.');
    const entry = { ...place, column: equals + 2, value: unquoted(value.trim()) };
    seen.set(name, entry);
    checkValue(findings, name, entry);
  }
  for (const prefix of ['LOCKSMITHD_', '']) checkWindow(findings, seen, prefix);
  return findings.list();
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}

function checkValue(findings: Findings, name: string, { value, ...place }: Entry): void {
  if (value === '' && ['GROUP', 'REBOOT_STRATEGY', 'SERVER'].includes(name)) {
    findings.error(place, `${name} is empty`, 'Leave the line out for what the system has by itself.');
    return;
  }
  switch (name) {
    case 'REBOOT_STRATEGY':
      if (value === 'best-effort')
        findings.warning(place, 'best-effort is known before locksmith 0.6 only', `One of ${strategies.join(', ')}.`);
      else if (!strategies.includes(value))
        findings.error(place, `locksmith does not know ${shown(value)}`, `One of ${strategies.join(', ')}.`);
      break;
    case 'GROUP':
      if (!/^[\w.-]+$/.test(value))
        findings.error(place, `${shown(value)} cannot be a group`, 'As stable, beta or alpha.');
      break;
    case 'SERVER':
      if (value !== 'disabled' && !/^https?:\/\/[^\s/]+/.test(value))
        findings.error(place, `${shown(value)} is no address`, 'An address with https://, or disabled.');
      break;
    default:
      break;
  }
}

function checkWindow(findings: Findings, seen: ReadonlyMap<string, Entry>, prefix: string): void {
  const start = seen.get(`${prefix}REBOOT_WINDOW_START`);
  const length = seen.get(`${prefix}REBOOT_WINDOW_LENGTH`);
  if (start && !/^(?:(?:mon|tue|wed|thu|fri|sat|sun) )?(?:[01]?\d|2[0-3]):[0-5]\d$/i.test(start.value))
    findings.error(start, `${shown(start.value)} is no beginning of a window`, 'As 02:30, or Sat 02:30.');
  if (length && !/^(?:\d+(?:\.\d+)?(?:h|m|s))+$/.test(length.value))
    findings.error(length, `${shown(length.value)} is no length of a window`, 'As 90m, 1h or 2h30m.');
  const alone = start && !length ? start : length && !start ? length : null;
  if (alone)
    findings.error(
      alone,
      'a window needs a beginning and a length',
      `Set both ${prefix}REBOOT_WINDOW_START and …_LENGTH.`,
    );
}
