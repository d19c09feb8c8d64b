/** How one kind of file with a setting on each line is written. */
export interface LineDialect {
  /** Characters that make a line a comment when it begins with one. */
  readonly comments: string;
  /** Whether a backslash at the end of a line joins the next one to it. */
  readonly joins: boolean;
  /** What stands between name and value in a line that has no neighbour to be like. */
  readonly between: string;
  /** The section that a line begins; null for other lines. */
  readonly section: (line: string) => string | null;
  /** Whether sections of one name are several things: from the second on they are told by their number. */
  readonly numbers: boolean;
  /** The line that begins a section of this name; null when there can be none. */
  readonly header: (name: string) => string | null;
  /** Where name and value lie in a line that has been trimmed; null when it is no setting. */
  readonly split: (line: string) => Split | null;
  readonly key: (section: string, name: string) => string;
  readonly splitKey: (key: string) => { readonly section: string; readonly name: string };
  readonly isName: (name: string) => boolean;
  readonly indent: (section: string) => string;
  /** Which assignments count when a key has several. */
  readonly repeats: (key: string) => 'all' | 'first' | 'last';
  readonly decode: (raw: string) => string;
  /** Null when the value cannot be written; `was` is what stood there before. */
  readonly encode: (value: string, was: string | null) => string | null;
}

export interface Split {
  readonly name: string;
  readonly nameEnd: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** A part of the file; settings before the first header are in one with an empty label. `end`: where a setting is added. */
export interface LineSection {
  readonly label: string;
  end: number;
}

/** One assignment: `from` and `to` are whole lines, the value lies inside them. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly raw: string;
  readonly section: LineSection;
  readonly line: number;
  readonly column: number;
  readonly indent: string;
  readonly between: string;
  readonly from: number;
  readonly to: number;
  readonly valueFrom: number;
  readonly valueTo: number;
}

export interface LineText {
  readonly entries: readonly Entry[];
  readonly sections: readonly LineSection[];
  readonly strays: readonly { readonly line: number; readonly text: string }[];
}

/** Reads a text line by line, in time that grows with its length only. */
export function readLines(dialect: LineDialect, text: string): LineText {
  const entries: Entry[] = [];
  const strays: { line: number; text: string }[] = [];
  const top: LineSection = { label: '', end: -1 };
  const sections: LineSection[] = [top];
  const counts = new Map<string, number>();
  let section = top;
  let line = 0;
  for (let from = 0, to = 0; from < text.length; from = to) {
    line += 1;
    to = nextLine(text, from);
    const trimmed = text.slice(from, to).trim();
    if (trimmed === '' || dialect.comments.includes(trimmed.charAt(0))) continue;
    const name = dialect.section(trimmed);
    if (name !== null) {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      const label = dialect.numbers && count > 1 ? `${name}[${count}]` : name;
      if (top.end === -1) top.end = from;
      section = { label, end: to };
      sections.push(section);
      continue;
    }
    const first = line;
    const indent = text.slice(from, from + text.slice(from, to).search(/\S/));
    const split = dialect.split(trimmed);
    if (split === null) {
      strays.push({ line, text: trimmed });
      continue;
    }
    const start = from + indent.length;
    let valueTo = start + split.valueTo;
    let piece = text.slice(start + split.valueFrom, valueTo);
    const pieces: string[] = [];
    while (dialect.joins && piece.endsWith('\\') && to < text.length) {
      const next = nextLine(text, to);
      const more = text.slice(to, next).trim();
      line += 1;
      if (more === '' || !dialect.comments.includes(more.charAt(0))) {
        pieces.push(piece.slice(0, -1).trimEnd());
        piece = more;
        valueTo = to + text.slice(to, next).trimEnd().length;
      }
      to = next;
    }
    entries.push({
      key: dialect.key(section.label, split.name),
      value: dialect.decode([...pieces, piece].join(' ').trim()),
      raw: text.slice(start + split.valueFrom, valueTo),
      section,
      line: first,
      column: indent.length + 1,
      indent,
      between: text.slice(start + split.nameEnd, start + split.valueFrom),
      from,
      to,
      valueFrom: start + split.valueFrom,
      valueTo,
    });
    section.end = to;
  }
  if (top.end === -1) top.end = text.length;
  return { entries, sections, strays };
}

function nextLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at + 1;
}
