import { z } from 'zod';
import { changePlan, type ChangePlan, plannedStep, type PlannedStep } from '#shared/contract/change.ts';
import { fail } from '#shared/contract/problem.ts';
import type { EntriesByKey, JournalStore } from './journal-store.ts';
import { joinLongText, longText, putLongText } from './long-text.ts';
import { isWhole } from './plan-hash.ts';

/** As plans were written first: whole in one key, each text in its own. */
const first = z.object({
  v: z.literal(1),
  plan: changePlan.omit({ contents: true }),
  contents: z.array(z.string()),
});

const head = z.object({
  v: z.literal(2),
  plan: changePlan.pick({ id: true, title: true, by: true, at: true, policy: true, hash: true }),
  body: longText,
  texts: longText,
});

/** What a plan says, step by step. What steps do beside their files is nearly always the same, and is there once. */
const body = z.object({
  courses: z.array(plannedStep.omit({ hosts: true, files: true })),
  steps: z.array(plannedStep.pick({ hosts: true, files: true }).extend({ course: z.int().min(0) })),
  unchanged: changePlan.shape.unchanged,
  leftOut: changePlan.shape.leftOut,
  waves: changePlan.shape.waves,
  /** The texts by their hash, and how long each is in the one text that holds them all. */
  contents: z.array(z.tuple([z.string(), z.int().min(0)])),
});

/** Where the parts of a plan lie below the change's own keys. */
interface PlanKeys {
  readonly plan: string;
  readonly body: string;
  readonly texts: string;
  readonly content: (hash: string) => string;
}

/** Writes what a plan is made of, of whatever size, and answers the value of its first key, which makes it one. */
export async function putPlan(store: JournalStore, keys: PlanKeys, plan: ChangePlan): Promise<string> {
  const { id, title, by, at, policy, hash, steps, unchanged, leftOut, waves } = plan;
  const contents = Object.entries(plan.contents);
  const said: z.infer<typeof body> = {
    ...foldCourses(steps),
    unchanged,
    leftOut,
    waves,
    contents: contents.map(([name, text]) => [name, text.length]),
  };
  const written: z.infer<typeof head> = {
    v: 2,
    plan: { id, title, by, at, policy, hash },
    texts: await putLongText(store, keys.texts, contents.map(([, text]) => text).join('')),
    body: await putLongText(store, keys.body, JSON.stringify(said)),
  };
  return JSON.stringify(written);
}

/** A plan that was read, and whether it is not the one that was written down at first. */
export interface ReadPlan {
  readonly plan: ChangePlan;
  readonly altered: boolean;
}

/** Reads a plan back; `protocol` for anything that does not hold, by the key it stands at. */
export function readPlan(id: string, entries: EntriesByKey, keys: PlanKeys): ReadPlan {
  const value = json(entries.get(keys.plan)?.value ?? '', keys.plan);
  if (first.shape.v.safeParse((value as { v?: unknown } | null)?.v).success) return readFirst(id, entries, keys, value);
  const told = checked(head, value, keys.plan);
  const joined = joinLongText(entries, keys.body, told.body);
  const saidAsWritten = json(joined.text, keys.body);
  const said = checked(body, saidAsWritten, keys.body);
  const texts = joinLongText(entries, keys.texts, told.texts);
  const contents: Record<string, string> = {};
  let from = 0;
  for (const [hash, length] of said.contents) {
    contents[hash] = texts.text.slice(from, from + length);
    from += length;
  }
  if (said.steps.some(({ course }) => course >= said.courses.length))
    throw fail('protocol', `${keys.body} in the journal: a step without its course`);
  const plan = { ...told.plan, ...unfolded(said), contents };
  // Both fit their schemas; what is hashed is what was written, without what a newer Quarterdeck adds in reading.
  const written = { ...(value as z.infer<typeof head>).plan, ...unfolded(saidAsWritten as z.infer<typeof body>) };
  return { plan, altered: !joined.whole || !texts.whole || !isWhole(id, written, contents) };
}

/** The steps whole again, and the rest as it is. */
function unfolded({ courses, steps, unchanged, leftOut, waves }: z.infer<typeof body>) {
  const whole = steps.map(({ course, ...step }) => ({ ...step, ...courses[course] }) as PlannedStep);
  return { steps: whole, unchanged, leftOut, waves };
}

function readFirst(id: string, entries: EntriesByKey, keys: PlanKeys, value: unknown): ReadPlan {
  const stored = checked(first, value, keys.plan);
  const contents: Record<string, string> = {};
  for (const hash of stored.contents) {
    const content = entries.get(keys.content(hash));
    if (!content) throw fail('protocol', `the journal lacks ${keys.content(hash)}`);
    contents[hash] = content.value;
  }
  const written = (value as z.infer<typeof first>).plan;
  return { plan: { ...stored.plan, contents }, altered: !isWhole(id, written, contents) };
}

/** The steps with what they do beside their files told once for all that do the same. */
function foldCourses(steps: readonly PlannedStep[]): Pick<z.infer<typeof body>, 'courses' | 'steps'> {
  const places = new Map<string, number>();
  const courses: z.infer<typeof body>['courses'] = [];
  const folded = steps.map(({ hosts, files, ...course }) => {
    const name = JSON.stringify(course);
    const place = places.get(name) ?? courses.push(course) - 1;
    places.set(name, place);
    return { hosts, files, course: place };
  });
  return { courses, steps: folded };
}

function json(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fail('protocol', `${key} in the journal is not JSON`, { hint: 'Somebody else wrote there; see who.' });
  }
}

function checked<T extends z.ZodType>(schema: T, value: unknown, key: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw fail('protocol', `${key} in the journal: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`, {
    hint: 'It was written by a newer Quarterdeck, or by something else.',
  });
}
