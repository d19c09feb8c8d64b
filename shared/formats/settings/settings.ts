import { fail, type Problem, ProblemError } from '../../contract/problem.ts';
import { boundedProblems, shown, tooLong } from '../text-problem.ts';
import { formatOf, type SettingsFormat } from './format-of.ts';
import { readJsonSettings, writeJsonSetting } from './json-settings.ts';
import { dialects } from './line-dialects.ts';
import { readLineSettings, writeLineSetting } from './line-settings.ts';
import { readTomlSettings, writeTomlSetting } from './toml-settings.ts';
import { readYamlSettings, writeYamlSetting } from './yaml-settings.ts';

/** One setting of a file. Values that come in several assignments of one key have a line for each. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  /** Counted from 1. */
  readonly place: { readonly line: number; readonly column: number };
  /** How many lines of the file name it, where these are more than one. */
  readonly repeated?: number;
}

/** What a file says, as far as it can be read; without a format nothing is read. */
export interface FileSettings {
  readonly format: SettingsFormat | null;
  readonly settings: readonly Setting[];
  readonly problems: readonly Problem[];
}

/** The most characters that are read. */
const mostChars = 262_144;

/** Reads the settings of a structured file; its path, and where that says nothing its text, tells the format. Never throws. */
export function readSettings(path: string, text: string): FileSettings {
  const long = tooLong(path, text, mostChars);
  if (long) return { format: null, settings: [], problems: [long] };
  const format = formatOf(path, text);
  if (format === null) {
    const hint = 'Compare it as a whole, or edit its text.';
    const message = 'no settings are known in this kind of file';
    return { format, settings: [], problems: [{ code: 'unsupported', message, hint }] };
  }
  const read = readAs(format, path, text);
  return { format, settings: read.settings, problems: boundedProblems(read.problems, 20) };
}

/**
 * The text with one setting changed, added, or with null removed; every other byte stays as it is. The result is read again
 * before it is given out: what cannot be written so that it says exactly this and nothing else is a Problem instead.
 */
export function writeSetting(path: string, text: string, key: string, value: string | null): string | Problem {
  const before = readSettings(path, text);
  const { format } = before;
  const first = before.problems[0];
  if (format === null) return first ?? { code: 'unsupported', message: 'no settings are known in this kind of file' };
  if (first && before.settings.length === 0) return first;
  const wanted = value === null || format === 'assignments' ? value : value.replaceAll(/^[ \t]+|[ \t]+$/g, '');
  try {
    const written = writeAs(format, text, key, wanted);
    return agrees(before, readSettings(path, written), key, wanted)
      ? written
      : fail('unsupported', `${shown(key)} cannot be written as ${shown(wanted ?? 'nothing')} here`, {
          hint: 'Edit the text of the file.',
        }).problem;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

function readAs(format: SettingsFormat, path: string, text: string): Omit<FileSettings, 'format'> {
  switch (format) {
    case 'json':
      return readJsonSettings(path, text);
    case 'yaml':
      return readYamlSettings(path, text);
    case 'toml':
      return readTomlSettings(path, text);
    default:
      return readLineSettings(dialects[format], path, text);
  }
}

function writeAs(format: SettingsFormat, text: string, key: string, value: string | null): string {
  switch (format) {
    case 'json':
      return writeJsonSetting(text, key, value);
    case 'yaml':
      return writeYamlSetting(text, key, value);
    case 'toml':
      return writeTomlSetting(text, key, value);
    default:
      return writeLineSetting(dialects[format], text, key, value);
  }
}

/** Whether only this setting is another one. What it lies in may come or go with it: `{}`, or an empty list. */
function agrees(before: FileSettings, after: FileSettings, key: string, value: string | null): boolean {
  const around = (other: string) => key.startsWith(`${other}.`) || key.startsWith(`${other}[`);
  const others = ({ settings }: FileSettings) =>
    new Map(settings.filter((one) => one.key !== key && !around(one.key)).map((one) => [one.key, one.value]));
  const was = others(before);
  const is = others(after);
  const found = after.settings.find((one) => one.key === key)?.value ?? null;
  if (found !== value || was.size !== is.size || after.problems.length > before.problems.length) return false;
  for (const [other, text] of was) if (is.get(other) !== text) return false;
  return true;
}
