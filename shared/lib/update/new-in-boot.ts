/** A message of a journal: who wrote it, and what. */
export interface BootMessage {
  readonly from: string;
  readonly text: string;
}

/** Messages that are alike but for numbers, ids and names of the moment. */
export interface MessageTemplate {
  /** `sshd: error: kex # of #`. */
  readonly template: string;
  readonly count: number;
  /** One of them, as it was written. */
  readonly example: string;
}

const longest = 300;

/** A message with everything that differs from time to time replaced by `#`. */
export function templateOf({ from, text }: BootMessage): string {
  const alike = text
    .slice(0, longest * 2)
    .replaceAll(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '#')
    .replaceAll(/\b0x[0-9a-f]+\b/gi, '#')
    .replaceAll(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '#')
    .replaceAll(/\b(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}\b/gi, '#')
    // Hex digits alone are an id only where a number is among them: `dead` and `feed` are words.
    .replaceAll(/\b(?=[a-f]*\d)[0-9a-f]{7,}\b/gi, '#')
    .replaceAll(/\d+/g, '#')
    .replaceAll(/#(?:[.:,/-]#)+/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${from.replaceAll(/\d+/g, '#')}: ${alike}`.slice(0, longest);
}

/** Templates of this boot that the boot before did not have, the most frequent first. */
export function newTemplates(before: Iterable<BootMessage>, now: Iterable<BootMessage>): MessageTemplate[] {
  const known = new Set<string>();
  for (const message of before) known.add(templateOf(message));
  const found = new Map<string, { count: number; example: string }>();
  for (const message of now) {
    const template = templateOf(message);
    if (known.has(template)) continue;
    const same = found.get(template);
    if (same) same.count++;
    else found.set(template, { count: 1, example: `${message.from}: ${message.text}`.slice(0, longest) });
  }
  return [...found]
    .map(([template, told]) => ({ template, ...told }))
    .toSorted((a, b) => b.count - a.count || (a.template < b.template ? -1 : 1));
}
