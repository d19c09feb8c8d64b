/** One step into nested settings: the name in a mapping, or the place in a list from 0. */
export type KeyStep = string | number;

const bare = /^[^\s.[\]"=:,#{}]+$/;

/** `a.b[0]."c.d"`. */
export function printKey(steps: readonly KeyStep[]): string {
  let text = '';
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += (text === '' ? '' : '.') + (bare.test(step) ? step : JSON.stringify(step));
  }
  return text;
}

/** The steps of a key as `printKey` writes it; null when it is none. */
export function readKey(key: string): KeyStep[] | null {
  const steps: KeyStep[] = [];
  const step = /(?:^|\.)(?:("(?:[^"\\]|\\.)*")|([^\s.[\]"=:,#{}]+))|\[(\d{1,6})\]/y;
  while (step.lastIndex < key.length) {
    const [found, quoted, word, place] = step.exec(key) ?? [];
    if (found === undefined) return null;
    if (place !== undefined) steps.push(Number(place));
    else if (word !== undefined) steps.push(word);
    else {
      try {
        steps.push(String(JSON.parse(quoted ?? '')));
      } catch {
        return null;
      }
    }
  }
  return steps.length > 0 && printKey(steps) === key ? steps : null;
}
