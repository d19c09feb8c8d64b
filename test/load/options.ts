import { parseArgs } from 'node:util';

/**
 * A load script's options from the command line, whole numbers all: those that `defaults` names, each with its default.
 * Where there are seconds, `--minutes 10` says the same as `--seconds 600`. Ends the process for any other word.
 */
export function loadOptions<const T extends Readonly<Record<string, number>>>(defaults: T): Record<keyof T, number> {
  const names = [...Object.keys(defaults), ...('seconds' in defaults ? ['minutes'] : [])];
  const found: Record<string, number> = { ...defaults };
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    for (const [name, text] of Object.entries(parseArgs({ options }).values)) {
      if (!/^\d{1,6}$/.test(String(text))) throw new Error(`--${name} takes a whole number, not “${String(text)}”`);
      if (name === 'minutes') found['seconds'] = Number(text) * 60;
      else found[name] = Number(text);
    }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}. Options: --${names.join(' N, --')} N.`);
    process.exit(2);
  }
  return found as Record<keyof T, number>;
}
