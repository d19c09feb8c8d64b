import { z } from 'zod';
import { holderId } from '#shared/contract/reboot-lock.ts';
import { fail, type Problem } from '#shared/contract/problem.ts';

/** A counting lock: at most `max` holders, in order. */
export interface Semaphore {
  readonly max: number;
  readonly holders: readonly string[];
}

/** What a value says, or why it cannot be read; only what was read may be written over. */
export type ReadSemaphore = { readonly semaphore: Semaphore } | { readonly problem: Problem };

const mostChars = 262_144;
/** More than any fleet; a number beyond is no number of slots. */
export const slots = z.int().min(0).max(1_000_000);
/** Sorted and without repeats as both programs keep them; Go writes none as null. */
export const holders = z
  .array(holderId)
  .max(10_000)
  .nullable()
  .transform((list) => list ?? [])
  .refine((list) => new Set(list).size === list.length, 'a holder is named twice');

/** Reads a value by its program's own schema; anything else in it than what that program writes is a problem. */
export function readSemaphore(text: string, schema: z.ZodType<Semaphore>, program: string): ReadSemaphore {
  const unreadable = (why: string): ReadSemaphore => ({
    problem: {
      code: 'protocol',
      message: `the value is not what ${program} writes: ${why}`,
      hint: 'It is left alone: nothing is written over it from here. Look at the key, and mend it by hand.',
    },
  });
  if (text.length > mostChars) return unreadable(`it has ${text.length} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable('no JSON');
  }
  const read = schema.safeParse(value);
  if (read.success) return { semaphore: read.data };
  const first = read.error.issues[0];
  return unreadable(`${first?.path.join('.') || 'value'}: ${first?.message.slice(0, 200)}`);
}

/** With one holder more, in order; `busy` when all slots are taken. */
export function withHolder({ max, holders }: Semaphore, id: string): Semaphore {
  if (holders.length >= max) throw fail('busy', `all ${max} slots are taken`);
  return { max, holders: [...holders, id].toSorted(byBytes) };
}

export function withoutHolder({ max, holders }: Semaphore, id: string): Semaphore {
  return { max, holders: holders.filter((one) => one !== id) };
}

/** As Go sorts strings; UTF-16 order differs beyond the basic plane. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
