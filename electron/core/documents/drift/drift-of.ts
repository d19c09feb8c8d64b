import type { HostLink } from '#shared/contract/host.ts';
import type { HostDrift, RenderedDocument } from '#shared/contract/document.ts';
import { isConnected } from '#shared/lib/is-connected.ts';
import type { FoundFile } from '../../changes/read-files.ts';
import type { HostReading } from './host-reading.ts';
import { type StandingVerb, type Wished, type WishedState, wishedOf } from './wished-state.ts';

type Difference = HostDrift['differs'][number];
const mostDifferences = 200;

/** How a host stands to what a document comes to on it, by what was last read. A pure function. */
export function driftOf(
  host: string,
  rendered: RenderedDocument,
  link: HostLink | undefined,
  reading: HostReading,
): HostDrift {
  const wished = wishedOf(rendered);
  const { differs, closed, unknown, absentOnly, readAt } = compare(wished, reading);
  const answer = (state: HostDrift['state'], reason: HostDrift['reason'] = null): HostDrift => ({
    host,
    state,
    differs: differs.slice(0, mostDifferences),
    reason,
    readAt,
  });
  const [wrong] = rendered.problems;
  if (wrong) return answer('unknown', { ...wrong, host });
  if (wished.files.length === 0 && wished.units.size === 0)
    return answer('unknown', {
      code: 'unsupported',
      message: 'it says nothing that a running host could be compared with',
    });
  if (!isConnected(link)) {
    const why = link?.reason || (link ? link.state : 'not tried yet');
    return answer('unreachable', { code: 'unreachable', message: `not connected: ${why}`, host });
  }
  if (differs.length > 0) return answer(absentOnly ? 'missing' : 'differs');
  if (closed.length > 0) {
    const why = reading.rootProblem ?? { code: 'permission' as const, message: 'the login user may not read it' };
    return answer('unreadable', { ...why, message: `${closed.join(', ')}: ${why.message}`, host });
  }
  if (unknown) return answer('unknown', reading.problem ?? { code: 'busy', message: 'not read yet', host });
  return answer('same');
}

function compare({ files, units }: Wished, reading: HostReading) {
  const differs: Difference[] = [];
  const closed: string[] = [];
  let unknown = false;
  let absentOnly = true;
  const times: number[] = [];
  for (const file of files) {
    const read = reading.files.get(file.path);
    if (!read) {
      unknown = true;
      continue;
    }
    times.push(read.readAt);
    if (read.found.kind === 'unreadable') {
      closed.push(file.path);
      continue;
    }
    const how = fileDifference(file, read.found);
    if (how === '') continue;
    differs.push({ what: file.path, how, path: file.path });
    absentOnly &&= read.found.kind === 'absent';
  }
  for (const [unit, verb] of units) {
    const read = reading.units.get(unit);
    if (!read) {
      unknown = true;
      continue;
    }
    times.push(read.readAt);
    const how = unitDifference(verb, read.state);
    if (how === '') continue;
    differs.push({ what: unit, how, path: null });
    absentOnly = false;
  }
  return { differs, closed, unknown, absentOnly, readAt: times.length === 0 ? null : Math.min(...times) };
}

/** In words; empty when the file is as wished. */
export function fileDifference({ hash, mode, owner }: WishedState, found: FoundFile): string {
  if (found.kind === 'absent') return hash === null ? '' : 'is missing';
  if (hash === null) return 'is there, and should not be';
  if (found.kind === 'link') return 'is a symbolic link, not a file';
  if (found.kind !== 'file') return 'is not a regular file';
  const { state } = found;
  const words: string[] = [];
  if (state.hash !== hash) words.push('its text differs');
  if (mode !== null && state.mode !== mode) words.push(`its mode is ${state.mode}, not ${mode}`);
  if (owner && (state.uid !== owner.uid || state.gid !== owner.gid))
    words.push(`it belongs to ${state.uid}:${state.gid}, not ${owner.uid}:${owner.gid}`);
  return words.join('; ');
}

const nothingToEnable: ReadonlySet<string> = new Set([
  'enabled',
  'static',
  'indirect',
  'generated',
  'alias',
  'transient',
]);

/** In words; empty when the unit stands as wished. */
export function unitDifference(verb: StandingVerb, state: string): string {
  const shown = state === '' ? 'there is no such unit' : `it is ${state}`;
  switch (verb) {
    case 'enable':
      return nothingToEnable.has(state) ? '' : `${shown}, and should be enabled`;
    case 'disable':
      return state.startsWith('enabled') ? `${shown}, and should be disabled` : '';
    case 'mask':
      return state === 'masked' ? '' : `${shown}, and should be masked`;
    case 'unmask':
      return state.startsWith('masked') ? `${shown}, and should not be` : '';
    default:
      return verb satisfies never;
  }
}
