import { defaultWaves, type UnitStep, type WishedFile } from '#shared/contract/change.ts';
import type { Problem } from '#shared/contract/problem.ts';
import { suggestedGates, suggestedSteps } from '#shared/lib/change/suggest.ts';
import type { FoundFile } from '../../changes/read-files.ts';
import type { Correction } from '../correct.ts';
import { fileDifference } from '../drift/drift-of.ts';
import type { WishedState } from '../drift/wished-state.ts';

/** What holds for a file; `lost` says why its text is not to be had, and is empty when it is. */
export interface Wanted {
  readonly state: WishedState;
  readonly content: string | null;
  readonly lost: string;
  readonly by: 'document' | 'change' | 'first-boot';
}

/** The draft that puts files of a host back, with what was found of each, so that one that moves meanwhile is left alone. */
export function restored(
  host: string,
  wanted: readonly Wanted[],
  found: readonly FoundFile[],
  rootProblem: Problem | null,
): Correction {
  const leftOut: Correction['leftOut'] = [];
  const files: WishedFile[] = [];
  for (const [at, { state, content, lost, by }] of wanted.entries()) {
    const now = found[at] ?? { kind: 'unreadable' };
    const { path, mode, owner } = state;
    const why = whyNot(now, lost, by, rootProblem);
    if (why) leftOut.push({ host, reason: { ...why, message: `${path}: ${why.message}`, host } });
    else if (fileDifference(state, now) !== '')
      files.push({
        path,
        content,
        mode: mode?.padStart(3, '0') ?? null,
        owner,
        seen: { [host]: now.kind === 'file' ? now.state.hash : null },
      });
  }
  if (files.length === 0) return { draft: null, leftOut };
  const actions = stepsAfter(files);
  const what = files.length === 1 ? (files[0]?.path ?? '') : `${files.length} files`;
  const part = { hosts: [host], files, actions, validators: [], gates: suggestedGates(actions) };
  return { draft: { title: `Restore ${what} on ${host}`.slice(0, 200), parts: [part], policy: defaultWaves }, leftOut };
}

/** Each step once, systemd's reading of its files first. */
function stepsAfter(files: readonly WishedFile[]): UnitStep[] {
  const steps = new Map(files.flatMap(({ path }) => suggestedSteps(path)).map((step) => [JSON.stringify(step), step]));
  return [...steps.values()].toSorted((a, b) => Number(a.unit !== null) - Number(b.unit !== null));
}

function whyNot(now: FoundFile, lost: string, by: Wanted['by'], rootProblem: Problem | null): Problem | null {
  if (by === 'document')
    return { code: 'refused', message: 'a document says it', hint: 'Correct it by that document.' };
  if (lost !== '') return { code: 'not-found', message: lost, hint: 'Adopt what the host has, or edit the file.' };
  if (now.kind === 'link') return { code: 'refused', message: 'it is a link', hint: 'Change the file it leads to.' };
  if (now.kind === 'other') return { code: 'refused', message: 'it is not a regular file' };
  if (now.kind !== 'unreadable') return null;
  return rootProblem ?? { code: 'permission', message: 'it cannot be read', hint: 'Give the password for sudo.' };
}
