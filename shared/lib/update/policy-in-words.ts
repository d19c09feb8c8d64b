import type { RebootPolicy } from '../../contract/reboot.ts';
import type { UpdatePolicy } from '../../contract/update-policy.ts';
import { printWaveSizes } from '../change/wave-sizes.ts';
import { dayNames, type RebootWindow } from '../reboot/window.ts';

/** A policy in one sentence: `stable · 2 at a time · Sat 02:00–06:00 Europe/Rome · pause after 1 failure · automatic`. */
export function policyInWords(policy: UpdatePolicy): string {
  const { target, waves, spreadOver, soakS, failureBudget, packages, automatic, paused, gates, reboot } = policy;
  const parts = [
    targetInWords(target),
    `${reboot.atOnce} at a time`,
    reboot.rate && `at most ${reboot.rate.hosts} per ${period(reboot.rate.perS)}`,
    waves.length > 1 && `waves of ${printWaveSizes(waves)}`,
    spreadOver !== null && `spread over ${spreadOver}`,
    windowsInShort(reboot.windows),
    reboot.lock === 'cluster' && `under the reboot lock${reboot.lockGroup === '' ? '' : ` of ${reboot.lockGroup}`}`,
    soakS > 0 && `${period(soakS)} between waves`,
    gates.length > 0 && `${gates.length} ${gates.length === 1 ? 'check' : 'checks'}`,
    failureBudget === 0 ? 'pause after 1 failure' : `pause after ${failureBudget + 1} failures`,
    packages === 'security' && 'of packages security updates alone',
    automatic ? 'automatic' : 'by hand',
    paused && 'paused',
  ];
  return parts.filter((part) => typeof part === 'string').join(' · ');
}

/** What hosts follow: the channel, or the version they are kept at. */
export function targetInWords(target: UpdatePolicy['target']): string {
  switch (target.kind) {
    case 'channel':
      return target.channel;
    case 'version':
      return `pinned at ${target.version}`;
    case 'offered':
      return 'what is offered';
    default:
      return target satisfies never;
  }
}

/** `Sat and Sun 02:00–06:00 Europe/Rome`; `at any time` where there is no window. */
export function windowsInShort(windows: RebootPolicy['windows']): string {
  if (!windows) return 'at any time';
  return `${windows.windows.map(windowInShort).join(', ')} ${windows.timeZone}`;
}

/** A number of seconds as it is said of rates and waits: `h`, `30 min`, `2 h`, `day`, `week`. */
export function period(seconds: number): string {
  for (const [unit, length] of units)
    if (seconds % length === 0)
      return seconds === length && unit !== 's' ? unit : `${seconds / length} ${plural(unit)}`;
  return `${seconds} s`;
}

const units = [
  ['week', 604_800],
  ['day', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

function plural(unit: string): string {
  return unit === 'week' || unit === 'day' ? `${unit}s` : unit;
}

function windowInShort({ days, from, lengthMs }: RebootWindow): string {
  const minutes = Math.round(lengthMs / 60_000);
  if (minutes >= 10_080) return 'always';
  if (days.length === 7 && minutes === 1440) return 'every day, all day';
  const until = clock((from + minutes) % 1440);
  const later = Math.floor((from + minutes) / 1440);
  const after = later > 1 || (later === 1 && (from + minutes) % 1440 > from) ? ` ${later} d later` : '';
  return `${daysInShort(days)} ${clock(from)}–${until}${after}`;
}

/** `daily`, `Mon–Fri`, `Sat and Sun`, `Mon, Wed and Fri`. */
export function daysInShort(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length === 7) return 'daily';
  const names = sorted.map((day) => dayNames[day] ?? '');
  const [first = 0] = sorted;
  const isRun = sorted.every((day, at) => day === first + at);
  if (isRun && names.length > 2) return `${names[0]}–${names.at(-1)}`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
