import type { Problem } from '#shared/contract/problem.ts';
import type { LiveDocument } from './document-record.ts';

/** Another document that names the same path for some of the same hosts. */
export interface Clash {
  readonly path: string;
  readonly other: string;
  readonly hosts: ReadonlySet<string>;
}

/** Which documents get in each other's way, by name. */
export function findClashes(documents: readonly LiveDocument[]): Map<string, Clash[]> {
  const byPath = new Map<string, LiveDocument[]>();
  for (const live of documents) {
    for (const path of new Set(live.rendering.plain.files.map((file) => file.path))) {
      const known = byPath.get(path);
      if (known) known.push(live);
      else byPath.set(path, [live]);
    }
  }
  const clashes = new Map<string, Clash[]>();
  for (const [path, named] of byPath) {
    if (named.length < 2) continue;
    for (const mine of named) {
      for (const other of named) {
        if (mine === other) continue;
        const hosts = new Set([...mine.hosts].filter((host) => other.hosts.has(host)));
        if (hosts.size === 0) continue;
        clashes.set(mine.name, [...(clashes.get(mine.name) ?? []), { path, other: other.name, hosts }]);
      }
    }
  }
  return clashes;
}

/** A clash in words. */
export function clashProblem({ path, other, hosts }: Clash): Problem {
  const some = [...hosts].slice(0, 3).join(', ');
  const whom = hosts.size === 1 ? some : `${hosts.size} hosts (${some}${hosts.size > 3 ? ', …' : ''})`;
  return {
    code: 'conflict',
    message: `${path} is also named by ${other} for ${whom}`,
    hint: 'Narrow the targets of one of them, or take the path out of it.',
  };
}
