import { z } from 'zod';

/**
 * What Nebraska's REST interface says, by its own names. Go writes null for empty lists and unset texts, so that every
 * list and text may be it; what is longer than the server itself allows is refused.
 */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .nullish()
    .transform((value) => value ?? '');
const id = z.string().min(1).max(256);
const noId = id
  .or(z.literal(''))
  .nullish()
  .transform((value) => value || null);
const count = z.int().min(0).max(1_000_000_000);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const moment = z
  .string()
  .max(60)
  .nullish()
  .transform((value) => {
    const at = value ? Date.parse(value) : Number.NaN;
    return Number.isFinite(at) && at > 0 ? at : null;
  });
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

export const wireConfig = z.object({ auth_mode: z.string().min(1).max(40), nebraska_version: text(100) });

export const wirePackage = z.object({
  id,
  type: count,
  version: z.string().max(255),
  url: text(2000),
  filename: text(1000),
  description: text(10_000),
  size: z
    .union([z.string().max(40), z.number()])
    .nullish()
    .transform((value) => (/^\d{1,15}$/.test(String(value)) ? Number(value) : null)),
  created_ts: moment,
  channels_blacklist: listOf(id),
  arch: count,
});
export type WirePackage = z.infer<typeof wirePackage>;

export const wireChannel = z.object({
  id,
  name: z.string().max(1000),
  color: text(100),
  application_id: id,
  package_id: noId,
  package: z.object({ version: z.string().max(255) }).nullish(),
  arch: count,
});
export type WireChannel = z.infer<typeof wireChannel>;

export const wireGroup = z.object({
  id,
  name: z.string().max(1000),
  description: text(10_000),
  application_id: id,
  channel_id: noId,
  track: text(1000),
  rollout_in_progress: flag,
  policy_updates_enabled: flag,
  policy_safe_mode: flag,
  policy_office_hours: flag,
  policy_timezone: text(100),
  policy_period_interval: text(100),
  policy_max_updates_per_period: z.int().min(-1_000_000_000).max(1_000_000_000),
  policy_update_timeout: text(100),
});
export type WireGroup = z.infer<typeof wireGroup>;

export const wireApp = z.object({
  id,
  product_id: noId,
  name: z.string().max(1000),
  description: text(10_000),
  instances: z.object({ count }).nullish(),
});
export type WireApp = z.infer<typeof wireApp>;

export const wireStats = z.object({
  total: count,
  undefined: count,
  update_granted: count,
  error: count,
  complete: count,
  installed: count,
  downloaded: count,
  downloading: count,
  onhold: count,
});
export const wireVersions = listOf(z.object({ version: z.string().max(255), instances: count }));

export const wireInstance = z.object({
  id,
  ip: text(100),
  alias: text(1000),
  oem: text(255),
  application: z
    .object({
      group_id: noId,
      version: text(255),
      status: z.int().nullish(),
      last_check_for_updates: moment,
      last_update_granted_ts: moment,
      last_update_version: text(255),
      update_in_progress: flag,
    })
    .nullish(),
});
export type WireInstance = z.infer<typeof wireInstance>;

export const wireActivity = z.object({
  created_ts: moment,
  class: z.int(),
  severity: z.int(),
  version: text(255),
  application_name: text(1000),
  group_name: text(1000),
  channel_name: text(1000),
  instance_id: text(256),
});

/** One page of a list: how many there are in all, and the items under the list's own name. */
export const pageOf = <T extends z.ZodType>(name: string, item: T) =>
  z
    .object({ totalCount: count.optional(), total: count.optional(), [name]: listOf(item) })
    .transform((page) => {
      const { totalCount, total } = page as { totalCount?: number; total?: number };
      return { total: totalCount ?? total, items: (page as Record<string, unknown>)[name] as z.output<T>[] };
    })
    .refine(({ total }) => total !== undefined, 'says no total');
