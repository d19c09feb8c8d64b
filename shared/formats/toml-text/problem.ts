import { parse, TomlError } from 'smol-toml';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { tooLong } from '../text-problem.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** What of a TOML text cannot be read; null when all of it can. */
export function tomlProblem(source: string): { place: Place; message: string } | null {
  const long = tooLong('toml', source);
  if (long) return { place: { line: 1, column: 1 }, message: long.message };
  try {
    parse(source, { integersAsBigInt: 'asNeeded' });
    return null;
  } catch (error) {
    const lines = source.split('\n').length;
    if (!(error instanceof TomlError)) return { place: { line: 1, column: 1 }, message: 'it cannot be read as TOML' };
    const place = { line: Math.min(Math.max(error.line, 1), lines), column: Math.max(error.column, 1) };
    const words = (error.message.split('\n', 1)[0] ?? '').replace(/^Invalid TOML document: /, '');
    return { place, message: `not TOML: ${cleanLine(words, 200)}` };
  }
}
