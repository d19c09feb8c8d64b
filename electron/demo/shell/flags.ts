/** The words of a command sorted: options by name with their value ('' for none), and the rest in order. */
export interface Flags {
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
  has(...names: string[]): boolean;
  /** The last value given under any of these names. */
  value(...names: string[]): string | undefined;
  values(...names: string[]): readonly string[];
}

/**
 * Reads `-x`, `-xy`, `-x VALUE`, `--long`, `--long=VALUE` and `--long VALUE`; `taking` names those that take a value.
 * After `--` everything is rest.
 */
export function readFlags(words: readonly string[], taking: readonly string[] = []): Flags {
  const options = new Map<string, string[]>();
  const rest: string[] = [];
  const add = (name: string, value: string) => {
    const values = options.get(name);
    if (values) values.push(value);
    else options.set(name, [value]);
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      rest.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      if (equals >= 0) add(name, word.slice(equals + 1));
      else if (taking.includes(name)) add(name, words[++at] ?? '');
      else add(name, '');
    } else if (word.startsWith('-') && word.length > 1) {
      for (let letter = 1; letter < word.length; letter++) {
        const name = word.charAt(letter);
        if (!taking.includes(name)) {
          add(name, '');
          continue;
        }
        add(name, word.slice(letter + 1) || (words[++at] ?? ''));
        break;
      }
    } else rest.push(word);
  }
  const values = (...names: string[]) => names.flatMap((name) => options.get(name) ?? []);
  return {
    options,
    rest,
    has: (...names) => names.some((name) => options.has(name)),
    value: (...names) => values(...names).at(-1),
    values,
  };
}
