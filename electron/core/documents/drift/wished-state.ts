import type { UnitStep } from '#shared/contract/change.ts';
import type { RenderedDocument } from '#shared/contract/document.ts';
import { sha256 } from '../../changes/plan-hash.ts';

/** A file as a document wishes it; null hash: it is not to be there; null mode or owner: whatever is there. */
export interface WishedState {
  readonly path: string;
  readonly hash: string | null;
  readonly mode: string | null;
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** The part of unit steps that stays when they are done, and so can be compared. */
export type StandingVerb = 'enable' | 'disable' | 'mask' | 'unmask';

/** What can be compared of a rendered document with a host. */
export interface Wished {
  readonly files: readonly WishedState[];
  readonly units: ReadonlyMap<string, StandingVerb>;
}

const known = new WeakMap<RenderedDocument, Wished>();

/** Hashed once, however many hosts share the answer. */
export function wishedOf(rendered: RenderedDocument): Wished {
  const before = known.get(rendered);
  if (before) return before;
  const units = new Map<string, StandingVerb>();
  for (const { verb, unit } of rendered.actions) if (unit !== null && isStanding(verb)) units.set(unit, verb);
  const files = rendered.files.map(({ path, content, mode, owner }) => ({
    path,
    hash: content === null ? null : sha256(content),
    mode: mode && mode.replace(/^0+(?=.)/, ''),
    owner,
  }));
  const wished = { files, units };
  known.set(rendered, wished);
  return wished;
}

export function isStanding(verb: UnitStep['verb']): verb is StandingVerb {
  return verb === 'enable' || verb === 'disable' || verb === 'mask' || verb === 'unmask';
}
