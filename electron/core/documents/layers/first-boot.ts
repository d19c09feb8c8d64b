import { z } from 'zod';
import type { ConfigDocument, HostFirstBoot } from '#shared/contract/document.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { orderSteps } from '#shared/lib/document/order-steps.ts';
import { readBundle } from '#shared/lib/document/read-bundle.ts';
import { recogniseFormat } from '#shared/lib/document/recognise-format.ts';
import type { HostValues } from '#shared/lib/document/render-document.ts';
import type { FoundFile } from '../../changes/read-files.ts';
import { isStanding, type StandingVerb } from '../drift/wished-state.ts';
import { provisionPlaces, resultPlaces } from './provision-places.ts';

/** A file that a first boot wrote. */
export interface FirstBootFile {
  readonly path: string;
  readonly content: string;
  readonly mode: string | null;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly from: string;
}

/** What a host was told at its first boot, taken apart. */
export interface FirstBoot {
  readonly about: HostFirstBoot;
  readonly files: readonly FirstBootFile[];
  readonly units: ReadonlyMap<string, { readonly verb: StandingVerb; readonly from: string }>;
}

/** Everything that is looked at on a host. */
export const firstBootPaths: readonly string[] = [...provisionPlaces, ...resultPlaces];

const mostNotes = 200;
const mostFiles = 200;
const closed = 'only root may read it';

/** Takes apart what was found at `firstBootPaths`, in their order. The first place that names a file holds. Never throws. */
export function readFirstBoot(found: readonly FoundFile[], values: HostValues): FirstBoot {
  const sources: HostFirstBoot['sources'] = [];
  const only: HostFirstBoot['only'] = [];
  const files = new Map<string, FirstBootFile>();
  const units = new Map<string, { verb: StandingVerb; from: string }>();
  const seen = new Set<string>();
  for (const [at, from] of provisionPlaces.entries()) {
    const file = found[at];
    if (!file || file.kind === 'absent') continue;
    if (file.kind !== 'file') {
      sources.push({ from, format: null, note: file.kind === 'unreadable' ? closed : 'it is not a regular file' });
      continue;
    }
    // One folder may be known under two names.
    if (seen.has(file.state.hash)) continue;
    seen.add(file.state.hash);
    const format = file.text === null ? null : recogniseFormat(file.text);
    if (file.text === null || format === null || format === 'file') {
      sources.push({ from, format: null, note: whyNotCompared(file.text) });
      continue;
    }
    sources.push({ from, format, note: '' });
    const note = (what: string, why: string, line: number) => {
      if (only.length < mostNotes) only.push({ from, what: cleanLine(what, 300), why: cleanLine(why, 500), line });
    };
    const document: ConfigDocument = { name: 'first-boot', format, targets: '', file: null, content: file.text };
    const { bundle, findings } = readBundle(document, values);
    for (const one of bundle.files)
      if (!files.has(one.path) && files.size < mostFiles)
        files.set(one.path, { path: one.path, content: one.content, mode: one.mode, owner: one.owner, from });
    for (const { verb, unit } of orderSteps(bundle, null, []))
      if (unit !== null && isStanding(verb) && !units.has(unit)) units.set(unit, { verb, from });
    for (const { name, place } of bundle.users)
      note(`account ${name}`, 'accounts and their keys are made at the first boot, and are not compared', place.line);
    for (const { what, why, line } of bundle.firstBoot) note(what, why, line);
    for (const { level, problem } of findings)
      if (level !== 'info') note(problem.message, problem.hint ?? 'it is not compared', problem.place?.line ?? 1);
  }
  const result = resultPlaces.map((_, at) => resultWords(found[provisionPlaces.length + at])).find(Boolean) ?? null;
  return { about: { sources, only, result, problem: null }, files: [...files.values()], units };
}

function whyNotCompared(text: string | null): string {
  if (text === null) return 'it is packed, not text, or larger than 256 KiB, and is not compared';
  if (text.startsWith('#!')) return 'it is a script: what it did cannot be compared';
  if (/^(content-type|mime-version):/i.test(text)) return 'it is made of several parts, and is not compared';
  if (text.startsWith('#include')) return 'it only names where the rest was fetched from';
  return text.trim() === '' ? 'it is empty' : 'it is in no format that is understood here';
}

const ignitionResult = z.object({
  provisioningDate: z.string().max(100).optional(),
  userConfigProvided: z.boolean().optional(),
});

function resultWords(found: FoundFile | undefined): string {
  if (found?.kind !== 'file' || found.text === null) return '';
  let value: unknown;
  try {
    value = JSON.parse(found.text);
  } catch {
    return '';
  }
  const parsed = ignitionResult.safeParse(value);
  if (!parsed.success) return '';
  const { provisioningDate, userConfigProvided } = parsed.data;
  const when = provisioningDate === undefined ? '' : ` on ${cleanLine(provisioningDate, 40)}`;
  const what =
    userConfigProvided === undefined ? '' : userConfigProvided ? ' with a config of its own' : ' without a config';
  return `Ignition ran${when}${what}`;
}
