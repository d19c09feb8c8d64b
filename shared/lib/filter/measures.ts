import type { NumberFieldAbout } from './fields.ts';

type Measure = NumberFieldAbout['measure'];

/** How many of the measure's own unit each suffix is; the empty suffix is what a bare number means. */
const suffixes: Readonly<Record<Measure, Readonly<Record<string, number>>>> = {
  percent: { '': 1, '%': 1 },
  count: { '': 1 },
  seconds: { '': 1, s: 1, m: 60, min: 60, h: 3600, d: 86_400 },
  milliseconds: { '': 1, ms: 1, s: 1000 },
};

/** Suffixes to print with, greatest first. */
const printed: Readonly<Record<Measure, readonly string[]>> = {
  percent: [''],
  count: [''],
  seconds: ['d', 'h', 'm', 's'],
  milliseconds: ['ms'],
};

/** What to write for a measure, for messages. */
export const measureExamples: Readonly<Record<Measure, string>> = {
  percent: 'a percentage, as 80',
  count: 'a number, as 4',
  seconds: 'a time, as 10s, 5m, 2h or 3d',
  milliseconds: 'a time in milliseconds, as 250ms',
};

/** The value in the measure's own unit, at most six decimals; null when the text is no such figure. */
export function readFigure(text: string, measure: Measure): number | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?|\.\d{1,6})([a-z%]*)$/i.exec(text);
  const unit =
    match && Object.hasOwn(suffixes[measure], match[2]?.toLowerCase() ?? '')
      ? suffixes[measure][match[2]?.toLowerCase() ?? '']
      : undefined;
  if (!match || unit === undefined) return null;
  const value = Math.round(Number(match[1]) * unit * 1e6) / 1e6;
  return value <= 1e9 ? value : null;
}

/** The shortest text that reads back as `value`. */
export function printFigure(value: number, measure: Measure): string {
  for (const suffix of printed[measure]) {
    const unit = suffixes[measure][suffix] ?? 1;
    if (value % unit === 0 && (value !== 0 || unit === 1)) return `${value / unit}${suffix}`;
  }
  return `${value}${printed[measure].at(-1) ?? ''}`;
}
