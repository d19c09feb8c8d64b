import { parse as parseToml, TomlError } from 'smol-toml';
import { LineCounter, parseAllDocuments } from 'yaml';
import type { Problem } from '#shared/contract/problem.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { languageOf } from '#shared/lib/file-language.ts';
import { readJson } from './json-tree/read.ts';
import { checkSystemdFile } from './systemd-unit/check.ts';
import { inOrder, problemAt } from './text-problem.ts';

/**
 * Why a host's file cannot be read by what it is for, told by its path, with the first line that is wrong; null when it can,
 * or when it is no format that is known here. Milder than an editor: what a host's programs take is no error.
 */
export function parseError(path: string, text: string): Problem | null {
  const language = languageOf(path);
  switch (language) {
    case 'json': {
      const { broken, problems } = readJson(text, path);
      return broken ? (inOrder(problems)[0] ?? problemAt(path, 1, 1, 'not JSON')) : null;
    }
    case 'yaml':
      return yamlError(path, text);
    case 'toml':
      return tomlError(path, text);
    case 'network':
    case 'netdev': {
      const wrong = checkSystemdFile(language, text).filter(({ level }) => level === 'error');
      return (
        inOrder(wrong.map(({ problem }) => ({ ...problem, place: { line: 1, ...problem.place, file: path } })))[0] ??
        null
      );
    }
    default:
      return null;
  }
}

/** All documents of the file: programs read files of several. */
function yamlError(path: string, text: string): Problem | null {
  const lines = new LineCounter();
  // Keys named twice are taken by most programs.
  const documents = parseAllDocuments(text, {
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
    lineCounter: lines,
  });
  const errors = (Array.isArray(documents) ? documents : []).flatMap((document) => document.errors);
  const [first] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (!first) return null;
  const { line, col } = lines.linePos(first.pos[0]);
  return problemAt(
    path,
    Math.max(line, 1),
    Math.max(col, 1),
    `not YAML: ${cleanLine(first.message.slice(0, 400), 200)}`,
  );
}

function tomlError(path: string, text: string): Problem | null {
  try {
    parseToml(text, { integersAsBigInt: true });
    return null;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [words = ''] = error.message.replace('Invalid TOML document: ', '').split('\n');
    return problemAt(path, error.line, error.column, `not TOML: ${cleanLine(words, 200)}`);
  }
}
