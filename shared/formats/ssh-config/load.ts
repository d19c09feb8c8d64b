import type { Problem } from '#shared/contract/problem.ts';
import { problemAt } from '../text-problem.ts';
import type { ConfigFile, SshConfig } from './config-tree.ts';
import { parseSshConfig } from './parse.ts';

/** A file with its text. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the files that one Include pattern names, in lexical order; none is no error. The pattern is anchored as ssh
 * does it (an absolute path, or one that begins with `~`) and may hold `*`, `?` and `[…]`.
 */
export type ReadIncluded = (pattern: string) => Promise<readonly SourceText[]>;

/** The user's file (includes relative to `~/.ssh`) or the system's (relative to `/etc/ssh`). */
export interface ConfigRoot extends SourceText {
  readonly owner: 'user' | 'system';
}

/** Files deeper than this are not read: OpenSSH's own limit. */
const maxDepth = 16;
const maxFiles = 1000;

/** Parses the roots in order and all that they include. */
export async function loadSshConfig(roots: readonly ConfigRoot[], read: ReadIncluded): Promise<SshConfig> {
  const problems: Problem[] = [];
  const files = new Set<string>();
  let count = 0;

  const load = async (source: SourceText, owner: ConfigRoot['owner'], depth: number): Promise<ConfigFile> => {
    files.add(source.file);
    const parsed = parseSshConfig(source.text, source.file);
    problems.push(...parsed.problems);
    for (const block of parsed.blocks)
      for (const item of block.items) {
        if (item.kind !== 'include') continue;
        const report = (message: string): void => {
          problems.push(problemAt(item.place.file, item.place.line, item.place.column ?? 1, message));
        };
        const included: ConfigFile[] = [];
        for (const pattern of item.patterns) {
          const anchored = anchor(pattern, owner);
          if (anchored === null) report('a system-wide file cannot include from a home folder');
          else if (depth >= maxDepth) report(`includes are nested more than ${maxDepth} deep; this one is not read`);
          else
            for (const found of await read(anchored)) {
              if (++count > maxFiles) {
                if (count === maxFiles + 1) report(`more than ${maxFiles} files are included; the rest is not read`);
                break;
              }
              included.push(await load(found, owner, depth + 1));
            }
        }
        item.files = included;
      }
    return parsed;
  };

  const loaded: ConfigFile[] = [];
  for (const root of roots) loaded.push(await load(root, root.owner, 0));
  return { roots: loaded, problems, files: [...files] };
}

function anchor(pattern: string, owner: ConfigRoot['owner']): string | null {
  if (pattern.startsWith('~')) return owner === 'user' ? pattern : null;
  if (pattern.startsWith('/') || /^[A-Za-z]:[\\/]/.test(pattern)) return pattern;
  return owner === 'user' ? `~/.ssh/${pattern}` : `/etc/ssh/${pattern}`;
}
