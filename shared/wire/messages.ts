import { z } from 'zod';
import { problem } from '../contract/problem.ts';
import { change, patchChange } from '../contract/records.ts';
import { subject } from '../contract/streams.ts';
import { clusterId, hostName } from '../contract/ids.ts';

/** Both ends must speak the same number; the view says so plainly and reloads otherwise. */
export const protocolVersion = 2;

/** A message longer than this is refused unread (characters): a plan for a thousand files of their own is one message. */
export const maxMessageChars = 32_000_000;

/** What a view may say to the core. */
export const viewMessage = z.discriminatedUnion('type', [
  /** First message. `cluster` null opens none (first run, or the switcher decides). */
  z.object({ type: z.literal('hello'), protocol: z.int(), cluster: clusterId.nullable() }),
  /** Look at another cluster; answered by a new snapshot. */
  z.object({ type: z.literal('open'), cluster: clusterId.nullable() }),
  /** What is on screen, so that it is read often and the rest seldom. */
  z.object({
    type: z.literal('looking'),
    hosts: z.array(hostName).max(5000),
    focus: hostName.nullable(),
    hidden: z.boolean(),
  }),
  z.object({ type: z.literal('call'), id: z.int(), name: z.string(), input: z.unknown() }),
  z.object({ type: z.literal('cancel'), id: z.int() }),
  /** The patch or snapshot with this number is applied. */
  z.object({ type: z.literal('ack'), seq: z.int() }),
  /** A gap or a bad patch: start over. */
  z.object({ type: z.literal('resync'), reason: z.string().max(500) }),
  z.object({ type: z.literal('stream-open'), id: z.int(), subject }),
  /** This many more characters of stream data may be sent. */
  z.object({ type: z.literal('stream-more'), id: z.int(), chars: z.int().min(1) }),
  z.object({ type: z.literal('stream-close'), id: z.int() }),
]);
export type ViewMessage = z.infer<typeof viewMessage>;

/** What the core says to a view. */
export const coreMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), protocol: z.int(), version: z.string(), session: z.string() }),
  /** Some records of the snapshot numbered seq, which follows: to check all of many hosts at once would hold a view up. */
  z.object({ type: z.literal('snapshot-part'), seq: z.int(), records: z.array(change) }),
  /**
   * Replaces everything the view holds by what this many parts brought and the records left.
   * `now` is the core's clock, to correct ages shown by the view.
   */
  z.object({
    type: z.literal('snapshot'),
    seq: z.int(),
    now: z.number(),
    cluster: clusterId.nullable(),
    parts: z.int().min(0),
    records: z.array(change),
  }),
  /** Follows the message numbered seq - 1. */
  z.object({ type: z.literal('patch'), seq: z.int(), now: z.number(), changes: z.array(patchChange) }),
  z.object({ type: z.literal('result'), id: z.int(), output: z.unknown() }),
  z.object({ type: z.literal('failed'), id: z.int(), problem }),
  z.object({ type: z.literal('stream-item'), id: z.int(), item: z.unknown() }),
  z.object({ type: z.literal('stream-end'), id: z.int(), problem: problem.nullable() }),
]);
export type CoreMessage = z.infer<typeof coreMessage>;

/** The characters a stream may send before the view grants more. */
export const streamWindowChars = 512_000;
