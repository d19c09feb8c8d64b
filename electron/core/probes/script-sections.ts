import { cleanLine } from '#shared/lib/clean-text.ts';

const mostLines = 2000;
const mostText = 400_000;
const longestLine = 500;
/** The JSON of all boots is one line. */
const longestOf: Readonly<Record<string, number>> = {
  boots: 20_000,
  ostree: 200_000,
  bootc: 100_000,
  node: 180_000,
  kured: 180_000,
};

/** A host script's output by section; unknown sections are kept, lines are cleaned and cut, to 500 characters where nothing longer is expected. */
export interface ScriptSections {
  /** False when the last line never came: the script was cut off, and what is missing is not known. */
  readonly complete: boolean;
  lines(section: string): readonly string[];
  has(section: string): boolean;
  /** The value of `key=` in a section, empty when absent. */
  value(section: string, key: string): string;
}

/** Reads `== NAME` sections; anything may stand in them, nothing is believed. */
export function scriptSections(output: Uint8Array): ScriptSections {
  const text = Buffer.from(output.buffer, output.byteOffset, Math.min(output.byteLength, mostText)).toString('utf8');
  const sections = new Map<string, string[]>();
  let present: string[] = [];
  let longest = longestLine;
  let complete = false;
  let count = 0;
  for (const raw of text.split('\n')) {
    if (++count > mostLines) break;
    const heading = /^== ([a-z.-]{1,30})$/.exec(raw)?.[1];
    if (heading === undefined) {
      if (raw !== '') present.push(cleanLine(raw, longest));
      continue;
    }
    complete = heading === 'end';
    present = sections.get(heading) ?? [];
    longest = longestOf[heading] ?? longestLine;
    sections.set(heading, present);
  }
  const lines = (section: string) => sections.get(section) ?? [];
  return {
    complete,
    lines,
    has: (section) => sections.has(section),
    value: (section, key) =>
      lines(section)
        .find((line) => line.startsWith(`${key}=`))
        ?.slice(key.length + 1)
        .trim() ?? '',
  };
}
