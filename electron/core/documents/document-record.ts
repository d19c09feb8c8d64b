import type { DocumentAbout, DocumentRevision, RenderedDocument } from '#shared/contract/document.ts';
import type { ConfigDocument } from '#shared/contract/document.ts';
import type { Problem } from '#shared/contract/problem.ts';
import type { KeptDocument } from './document-store.ts';
import { Rendering } from './rendering.ts';
import { readTargets, type Targets } from './targets.ts';

const mostProblems = 20;

/** A document that is there, ready to be rendered for its hosts. */
export interface LiveDocument {
  readonly name: string;
  readonly document: ConfigDocument;
  readonly revision: DocumentRevision;
  readonly rendering: Rendering;
  readonly targets: Targets;
  /** The hosts it fits now. */
  readonly hosts: Set<string>;
}

/** Takes a document in use; null for one that was removed. */
export function liveDocument(name: string, { document, revision }: KeptDocument): LiveDocument | null {
  if (!document) return null;
  const targets = readTargets(name, document.targets);
  return { name, document, revision, rendering: new Rendering(document), targets, hosts: new Set() };
}

/** Why a document comes to nothing, or to less than it says. */
export function renderProblems(rendered: RenderedDocument): Problem[] {
  return rendered.problems.slice(0, mostProblems);
}

/** How a document is listed; `more` are what its neighbours or the store say of it. */
export function aboutDocument(live: LiveDocument, more: readonly Problem[]): DocumentAbout {
  const { name, document, revision, targets, rendering } = live;
  return {
    name,
    format: document.format,
    targets: document.targets,
    path: document.file?.path ?? null,
    last: revision,
    problems: [...targets.problems, ...renderProblems(rendering.plain), ...more].slice(0, mostProblems),
  };
}
