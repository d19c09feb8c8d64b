import { fail } from '../../contract/problem.ts';
import { lineEndOf } from '../../formats/settings/edits.ts';
import { readSettings, writeSetting } from '../../formats/settings/settings.ts';
import { findTomlLines } from '../../formats/settings/toml-lines.ts';
import { cutSection, headerAt } from './cut-section.ts';
import type { FormText } from './form-text.ts';
import { type Written, written } from './written.ts';

/** The text with a setting changed; a table that is not there yet is begun at the end. */
export function writeToml(text: FormText, key: string, value: string | null): Written {
  const made = writeSetting(text.name, text.text, key, value);
  if (typeof made === 'string') return text.put(made);
  const table = key.slice(0, key.lastIndexOf('.'));
  if (value === null || made.code !== 'unsupported' || !/^[\w-]+(?:\.[\w-]+)*$/.test(table)) return made;
  const begun = withLines(text.text, [`[${table}]`]);
  const again = writeSetting(text.name, begun, key, value);
  return typeof again === 'string' ? text.put(again) : made;
}

/** The text with one more table in a list of tables, its lines as they are given. */
export function appendTable(text: FormText, list: string, lines: readonly string[]): Written {
  const made = withLines(text.text, [`[[${list}]]`, ...lines]);
  return sound(text, made, lines.length);
}

/** The text without one table of a list of tables. */
export function removeTable(text: FormText, list: string, at: number): Written {
  const key = `${list}[${at}]`;
  const table = findTomlLines(text.text).tables.find((one) => one.key === key);
  const from = headerAt(text.text, (line) => line.startsWith(`[[${list}]]`), at);
  if (!table || from === -1) return { code: 'unsupported', message: `${key} cannot be taken out by the form` };
  const gone = readSettings(text.name, text.text).settings.filter((one) => one.key.startsWith(`${key}.`));
  return sound(text, cutSection(text.text, from, table.end), -gone.length);
}

/** The text once it can be read and has so many settings more. */
function sound(text: FormText, made: string, more: number): Written {
  return written(() => {
    const before = readSettings(text.name, text.text);
    const after = readSettings(text.name, made);
    if (after.problems.length > 0 || after.settings.length !== before.settings.length + more)
      throw fail('unsupported', 'the form cannot write this here', { hint: 'Edit the text.' });
    return text.put(made);
  });
}

function withLines(text: string, lines: readonly string[]): string {
  const end = lineEndOf(text);
  const open = text === '' || text.endsWith('\n') ? '' : end;
  const gap = text === '' || /\n\r?\n$/.test(text) ? '' : end;
  return text + open + gap + lines.map((line) => line + end).join('');
}
