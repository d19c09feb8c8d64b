import type { CallOutput } from '#shared/contract/calls.ts';
import { type ChangePart, defaultWaves, type UnitStep } from '#shared/contract/change.ts';
import type { HostDrift, RenderedDocument } from '#shared/contract/document.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';
import { suggestedGates } from '#shared/lib/change/suggest.ts';
import type { Clash } from './clashes.ts';
import type { LiveDocument } from './document-record.ts';
import type { HostReading } from './drift/host-reading.ts';
import { isStanding } from './drift/wished-state.ts';

export type Correction = CallOutput<'document.correct'>;

/** What is known of the hosts of the documents that are corrected. */
export interface KnownHosts {
  readonly driftOf: (live: LiveDocument, host: string) => HostDrift;
  readonly renderedFor: (live: LiveDocument, host: string) => RenderedDocument;
  readonly readingOf: (host: string) => HostReading | undefined;
  readonly clashesOf: (name: string) => readonly Clash[];
}

const mostParts = 5000;

/**
 * The draft that brings hosts to what documents say: hosts with the same result share a part, and each file says what was
 * read of it, so that one that moved meanwhile is left alone. Null hosts are all; null draft when there is nothing to do.
 */
export function correctionOf(
  documents: readonly LiveDocument[],
  hosts: readonly string[] | null,
  known: KnownHosts,
): Correction {
  const parts = new Map<string, ChangePart>();
  const leftOut: Correction['leftOut'] = [];
  const chosen = new Set(hosts ?? documents.flatMap((live) => [...live.hosts]));
  for (const host of chosen) {
    const its = documents.filter((live) => live.hosts.has(host));
    if (its.length === 0) leftOut.push({ host, reason: notFor(host, documents) });
    for (const live of its) {
      const drift = known.driftOf(live, host);
      if (drift.state === 'same') continue;
      const reason = whyNot(live, drift, known);
      if (reason) leftOut.push({ host, reason: { ...reason, message: `${live.name}: ${reason.message}`, host } });
      else addPart(parts, live, drift, known);
    }
  }
  if (parts.size > mostParts)
    throw fail('refused', `the correction has ${parts.size} different parts; ${mostParts} is the most`, {
      hint: 'Choose fewer hosts or documents.',
    });
  if (parts.size === 0) return { draft: null, leftOut };
  const [one] = documents;
  const title =
    documents.length === 1 && one
      ? `Bring ${one.name} to revision ${one.revision.revision}`
      : `Bring ${documents.length} documents to what they say`;
  return { draft: { title, parts: [...parts.values()], policy: defaultWaves }, leftOut };
}

function notFor(host: string, documents: readonly LiveDocument[]): Problem {
  const which = documents.length === 1 ? `${documents[0]?.name} is not` : 'none of these documents is';
  return { code: 'not-found', message: `${which} for it`, host };
}

/** Why a host cannot be brought to a document; null when it can. */
function whyNot(live: LiveDocument, drift: HostDrift, known: KnownHosts): Problem | null {
  const clash = known.clashesOf(live.name).find(({ hosts }) => hosts.has(drift.host));
  if (clash)
    return {
      code: 'conflict',
      message: `${clash.other} names ${clash.path} for this host too`,
      hint: 'Narrow the targets of one of them.',
    };
  if (drift.state !== 'differs' && drift.state !== 'missing')
    return drift.reason ?? { code: 'busy', message: 'it was not read yet', hint: 'Check the document first.' };
  const reading = known.readingOf(drift.host);
  for (const { path } of known.renderedFor(live, drift.host).files) {
    const kind = reading?.files.get(path)?.found.kind;
    if (kind === 'link') return { code: 'refused', message: `${path} is a link`, hint: 'Change the file it leads to.' };
    if (kind === 'other') return { code: 'refused', message: `${path} is not a regular file` };
    if (kind === undefined) return { code: 'busy', message: `${path} was not read yet`, hint: 'Check it first.' };
    if (kind === 'unreadable')
      return { code: 'permission', message: `${path} cannot be read`, hint: 'Check it with the password.' };
  }
  return null;
}

function addPart(parts: Map<string, ChangePart>, live: LiveDocument, drift: HostDrift, known: KnownHosts): void {
  const { host } = drift;
  const rendered = known.renderedFor(live, host);
  const filesDiffer = drift.differs.some(({ path }) => path !== null);
  // A part's actions are done where one of its files changes, or where it has none.
  const files = filesDiffer ? rendered.files : [];
  const actions = filesDiffer ? rendered.actions : standingSteps(rendered.actions, drift);
  const key = JSON.stringify([live.name, files, actions]);
  let part = parts.get(key);
  if (!part) {
    part = {
      hosts: [],
      files: files.map((file) => ({ ...file, seen: {} })),
      actions,
      validators: [],
      gates: suggestedGates(actions),
    };
    parts.set(key, part);
  }
  part.hosts.push(host);
  for (const { path, seen } of part.files) {
    const found = known.readingOf(host)?.files.get(path)?.found;
    if (seen) seen[host] = found?.kind === 'file' ? found.state.hash : null;
  }
}

/** Only what makes units stand as they should; nothing is restarted where no file changes. */
function standingSteps(actions: readonly UnitStep[], { differs }: HostDrift): UnitStep[] {
  const units = new Set(differs.map(({ what }) => what));
  return actions.filter(
    ({ verb, unit }) => verb === 'daemon-reload' || (unit !== null && isStanding(verb) && units.has(unit)),
  );
}
