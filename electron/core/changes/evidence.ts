import type { HostChange } from '#shared/contract/change.ts';

type Evidence = HostChange['evidence'][number];

const mostEvidence = 120;
const last: ReadonlySet<string> = new Set(['confirmed', 'failed', 'restoring', 'put-back', 'restored', 'not-restored']);

/**
 * Puts what was seen from here and what the host wrote down in one order, each once. The host's clock tells whole seconds:
 * within one, the order is that in which a change goes.
 */
export function mergeEvidence(before: readonly Evidence[], more: readonly Evidence[]): Evidence[] {
  const known = new Set(before.map(keyOf));
  const all = [...before, ...more.filter((one) => !known.has(keyOf(one)))];
  const ordered = all
    .map((one, place) => ({ one, place }))
    .toSorted((a, b) => second(a.one) - second(b.one) || rank(a.one) - rank(b.one) || a.place - b.place)
    .map(({ one }) => one);
  // The first and the newest say most.
  return ordered.length <= mostEvidence ? ordered : [...ordered.slice(0, 20), ...ordered.slice(20 - mostEvidence)];
}

const keyOf = ({ at, step, text }: Evidence) => `${at} ${step} ${text}`;
const second = ({ at }: Evidence) => Math.floor(at / 1000);

function rank({ step }: Evidence): number {
  if (step === 'before') return 0;
  if (step.startsWith('gate ')) return 2;
  return last.has(step) ? 3 : 1;
}
