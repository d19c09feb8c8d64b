import type { Change } from '#shared/contract/records.ts';

/** A part ends with the record that makes it this long; a window checks so much in a fraction of a frame. */
export const partChars = 64_000;

/** Cuts a snapshot, in order, into parts that a view checks one after the other; `rest` is less than a part. */
export function snapshotParts(records: readonly Change[]): { readonly parts: Change[][]; readonly rest: Change[] } {
  const parts: Change[][] = [];
  let rest: Change[] = [];
  let chars = 0;
  for (const record of records) {
    rest.push(record);
    chars += JSON.stringify(record).length;
    if (chars < partChars) continue;
    parts.push(rest);
    rest = [];
    chars = 0;
  }
  return { parts, rest };
}
