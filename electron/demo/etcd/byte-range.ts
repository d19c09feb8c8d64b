/** Keys from `start` up to but not including `end`; a null end is open, and a single key is its own range. */
export interface ByteRange {
  readonly start: Buffer;
  readonly end: Buffer | null;
}

/** A request's `key` and `range_end` as etcd reads them: no end is one key, a single NUL is everything from the key on. */
export function toRange(key: Buffer, rangeEnd: Buffer): ByteRange {
  if (rangeEnd.length === 0) return { start: key, end: Buffer.concat([key, Buffer.from([0])]) };
  if (rangeEnd.length === 1 && rangeEnd[0] === 0) return { start: key, end: null };
  return { start: key, end: rangeEnd };
}

export function inRange(range: ByteRange, key: Buffer): boolean {
  return key.compare(range.start) >= 0 && (range.end === null || key.compare(range.end) < 0);
}
