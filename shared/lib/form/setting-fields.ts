import type { Setting } from '../../formats/settings/settings.ts';
import { readSettings, writeSetting } from '../../formats/settings/settings.ts';
import type { Check, FormField } from './form.ts';
import type { FormText } from './form-text.ts';
import type { Written } from './written.ts';
import { anyLine } from './value-rules.ts';

/** How a setting of a file is shown in a form. */
export interface SettingAbout {
  readonly key: string;
  readonly label: string;
  readonly kind: 'line' | 'choice' | 'list' | 'secret';
  readonly hint?: string | undefined;
  readonly options?: readonly string[];
  readonly check?: Check;
  readonly one?: string;
  readonly wide?: boolean;
  /** How a value is written in the file, and read from there; as it is when left out. */
  readonly spell?: { readonly read: (written: string) => string; readonly write: (value: string) => string };
}

/** The settings of a file that are edited one by one; everything else of its text stays byte for byte. */
export class SettingsText {
  readonly #text: FormText;
  readonly settings: ReadonlyMap<string, Setting>;

  constructor(text: FormText) {
    this.#text = text;
    this.settings = new Map(readSettings(text.name, text.text).settings.map((setting) => [setting.key, setting]));
  }

  write(key: string, value: string | null): Written {
    const made = writeSetting(this.#text.name, this.#text.text, key, value);
    return typeof made === 'string' ? this.#text.put(made) : made;
  }

  lineAt(key: string): number | null {
    const setting = this.settings.get(key);
    return setting === undefined || this.#text.above === null ? null : this.#text.above + setting.place.line;
  }

  field(about: SettingAbout): FormField {
    const { key, label, kind, check = anyLine, one = 'value', spell = asItIs } = about;
    const setting = this.settings.get(key);
    const shared = {
      id: `${this.#text.name} ${key}`,
      label,
      hint: about.hint ?? null,
      line: this.lineAt(key),
      check,
      options: about.options ?? [],
    };
    if (kind !== 'list')
      return {
        ...shared,
        kind,
        value: setting === undefined ? null : spell.read(setting.value),
        write: (value) => this.write(key, value === null ? null : spell.write(value)),
      };
    const values = setting === undefined ? [] : setting.value.split('\n');
    const whole = (lines: readonly string[]) => this.write(key, lines.length === 0 ? null : lines.join('\n'));
    return {
      ...shared,
      kind,
      one,
      wide: about.wide ?? false,
      values,
      change: (at, value) => whole(values.flatMap((was, index) => (index === at ? (value ?? []) : was))),
      append: (value) => whole([...values, value]),
    };
  }
}

const asItIs = { read: (written: string) => written, write: (value: string) => value };
