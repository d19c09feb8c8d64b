import type { Stored } from './history.ts';
import type { RangeRequest } from './messages.ts';

/** A key in etcd's own field names. */
export interface WireKeyValue {
  readonly key: Buffer;
  readonly value?: Buffer;
  readonly create_revision: number;
  readonly mod_revision: number;
  readonly version: number;
  readonly lease: string;
}

export interface RangeAnswer {
  readonly kvs: WireKeyValue[];
  readonly more: boolean;
  readonly count: number;
}

export function wireKeyValue(kv: Stored, keysOnly = false): WireKeyValue {
  return {
    key: kv.key,
    ...(keysOnly ? {} : { value: kv.value }),
    create_revision: kv.createRevision,
    mod_revision: kv.modRevision,
    version: kv.version,
    lease: kv.lease,
  };
}

const order: Record<RangeRequest['sort_target'], (a: Stored, b: Stored) => number> = {
  Key: (a, b) => a.key.compare(b.key),
  Version: (a, b) => a.version - b.version,
  Create: (a, b) => a.createRevision - b.createRevision,
  Mod: (a, b) => a.modRevision - b.modRevision,
  Value: (a, b) => a.value.compare(b.value),
};

/** Filters, sorts and cuts what a range found; `count` stays that of the whole range. */
export function rangeAnswer(found: readonly Stored[], request: RangeRequest): RangeAnswer {
  const count = found.length;
  if (request.count_only) return { kvs: [], more: false, count };
  const within = (value: number, min: string, max: string) =>
    (Number(min) === 0 || value >= Number(min)) && (Number(max) === 0 || value <= Number(max));
  let kept = found.filter(
    (kv) =>
      within(kv.modRevision, request.min_mod_revision, request.max_mod_revision) &&
      within(kv.createRevision, request.min_create_revision, request.max_create_revision),
  );
  // A target other than the key sorts ascending even when no order is asked for.
  if (request.sort_order !== 'None' || request.sort_target !== 'Key') kept = kept.toSorted(order[request.sort_target]);
  if (request.sort_order === 'Descend') kept.reverse();
  const limit = Number(request.limit);
  const more = limit > 0 && kept.length > limit;
  return { kvs: (more ? kept.slice(0, limit) : kept).map((kv) => wireKeyValue(kv, request.keys_only)), more, count };
}
