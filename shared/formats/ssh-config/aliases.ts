import type { TextPlace } from '#shared/contract/problem.ts';
import { allBlocks, type SshConfig } from './config-tree.ts';
import { hasWildcard, matchPattern } from './pattern.ts';

/** The names that Host lines spell out, and the patterns that name no single host. */
export interface HostAliases {
  readonly names: readonly { readonly name: string; readonly place: TextPlace }[];
  readonly wildcards: readonly { readonly pattern: string; readonly place: TextPlace }[];
}

/** Lists the hosts a configuration knows by name, each once, in reading order. */
export function hostAliases(config: SshConfig): HostAliases {
  const names = new Map<string, TextPlace>();
  const wildcards = new Map<string, TextPlace>();
  for (const { condition, place } of allBlocks(config.roots)) {
    if (condition.kind !== 'host') continue;
    for (const { text, negated } of condition.patterns) {
      if (negated) continue;
      const into = hasWildcard(text) ? wildcards : names;
      if (!into.has(text)) into.set(text, place);
    }
  }
  return {
    names: [...names].map(([name, place]) => ({ name, place })),
    wildcards: [...wildcards].map(([pattern, place]) => ({ pattern, place })),
  };
}

/** The names that fit any of `patterns`; a pattern with `!` in front takes out what fits it. */
export function selectAliases(aliases: HostAliases, patterns: readonly string[]): string[] {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return aliases.names
    .map((alias) => alias.name)
    .filter(
      (name) =>
        wanted.some((pattern) => matchPattern(name, pattern)) &&
        !unwanted.some((pattern) => matchPattern(name, pattern)),
    );
}
