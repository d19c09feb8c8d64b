import type { LayeredPart, LayerSource } from '#shared/contract/document.ts';
import type { AppliedFile } from '../../changes/applied-files.ts';
import { sha256 } from '../../changes/plan-hash.ts';
import { appliedState } from '../drift/applied-drift.ts';
import { fileDifference, unitDifference } from '../drift/drift-of.ts';
import type { HostReading } from '../drift/host-reading.ts';
import type { StandingVerb, Wished, WishedState } from '../drift/wished-state.ts';
import type { FirstBoot, FirstBootFile } from './first-boot.ts';

/** A document for a host, and what it comes to there. */
export interface WishedDocument {
  readonly name: string;
  readonly revision: number;
  readonly wished: Wished;
}

const mostParts = 2000;

/**
 * Each file and unit that something says of a host, once. A document holds as long as it is there; a change holds over the
 * first boot. What differs comes first. A pure function.
 */
export function layeredParts(
  documents: readonly WishedDocument[],
  applied: readonly AppliedFile[],
  firstBoot: FirstBoot,
  reading: HostReading,
): LayeredPart[] {
  const files = new Map<string, { state: WishedState; says: LayerSource[] }>();
  const units = new Map<string, { verb: StandingVerb; says: LayerSource[] }>();
  const sayFile = (state: WishedState, source: LayerSource) => {
    const known = files.get(state.path);
    if (known) known.says.push(source);
    else files.set(state.path, { state, says: [source] });
  };
  const sayUnit = (unit: string, verb: StandingVerb, source: LayerSource) => {
    const known = units.get(unit);
    if (known) known.says.push(source);
    else units.set(unit, { verb, says: [source] });
  };
  for (const { name, revision, wished } of documents) {
    const source: LayerSource = { kind: 'document', name, revision };
    for (const state of wished.files) sayFile(state, source);
    for (const [unit, verb] of wished.units) sayUnit(unit, verb, source);
  }
  for (const file of applied) sayFile(appliedState(file), { kind: 'change', change: file.change });
  for (const file of firstBoot.files) sayFile(firstBootState(file), { kind: 'first-boot', from: file.from });
  for (const [unit, { verb, from }] of firstBoot.units) sayUnit(unit, verb, { kind: 'first-boot', from });
  const last = new Map(applied.map(({ path, change }) => [path, change]));
  const parts = [
    ...[...files].map(([path, { state, says }]): LayeredPart => {
      const standing = fileStanding(state, reading);
      return { what: path, path, says, ...standing, last: last.get(path) ?? null };
    }),
    ...[...units].map(([unit, { verb, says }]): LayeredPart => {
      const read = reading.units.get(unit);
      const how = read ? unitDifference(verb, read.state) : whyUnknown(reading);
      const state = read ? (how === '' ? 'same' : 'differs') : 'unknown';
      return { what: unit, path: null, says, state, how, last: null, readAt: read?.readAt ?? null };
    }),
  ];
  // What a change took away, and is away, is nothing to show.
  const shown = parts.filter(({ path, state }) => !(state === 'same' && path && files.get(path)?.state.hash === null));
  return shown
    .toSorted((a, b) => weights[a.state] - weights[b.state] || (a.what < b.what ? -1 : 1))
    .slice(0, mostParts);
}

const weights: Readonly<Record<LayeredPart['state'], number>> = {
  missing: 0,
  differs: 0,
  unreadable: 1,
  unknown: 2,
  same: 3,
};

/** What a first boot wrote, as something to be compared. */
export function firstBootState({ path, content, mode, owner }: FirstBootFile): WishedState {
  return { path, hash: sha256(content), mode: mode && mode.replace(/^0+(?=.)/, ''), owner };
}

function fileStanding(state: WishedState, reading: HostReading): Pick<LayeredPart, 'state' | 'how' | 'readAt'> {
  const read = reading.files.get(state.path);
  if (!read) return { state: 'unknown', how: whyUnknown(reading), readAt: null };
  const { found, readAt } = read;
  if (found.kind === 'unreadable')
    return { state: 'unreadable', how: reading.rootProblem?.message ?? 'the login user may not read it', readAt };
  const how = fileDifference(state, found);
  if (how === '') return { state: 'same', how, readAt };
  return { state: found.kind === 'absent' ? 'missing' : 'differs', how, readAt };
}

function whyUnknown({ problem }: HostReading): string {
  return problem?.message ?? 'it was not read yet';
}
