/** One line of a difference; `skipped` stands for equal lines left out and says how many. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'skipped';
  readonly text: string;
}

const around = 3;

/** Lines of a difference with at most three equal ones around each change; empty when all are equal. */
export function contextOnly(
  parts: readonly { readonly value: string; readonly added?: boolean; readonly removed?: boolean }[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  if (!parts.some(({ added, removed }) => added || removed)) return lines;
  parts.forEach((part, index) => {
    const texts = part.value.replace(/\n$/, '').split('\n');
    const kind = part.added ? 'added' : part.removed ? 'removed' : 'same';
    if (kind !== 'same') {
      for (const text of texts) lines.push({ kind, text });
      return;
    }
    const head = index === 0 ? 0 : around;
    const tail = index === parts.length - 1 ? 0 : around;
    const left = texts.length - head - tail;
    if (left <= 1) {
      for (const text of texts) lines.push({ kind, text });
      return;
    }
    for (const text of texts.slice(0, head)) lines.push({ kind, text });
    lines.push({ kind: 'skipped', text: `${left} equal lines` });
    for (const text of texts.slice(texts.length - tail)) lines.push({ kind, text });
  });
  return lines;
}
