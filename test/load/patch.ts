/**
 * What the window pays to read and check what is new of a change over many hosts: a patch of some of them, against all.
 * Usage: npm run load -- patch [--hosts 500] [--times 1000].
 */
import { z } from 'zod';
import type { HostChange } from '#shared/contract/change.ts';
import { coreMessage } from '#shared/wire/messages.ts';
import { percentile } from './measure.ts';
import { loadOptions } from './options.ts';

const { hosts, times } = loadOptions({ hosts: 500, times: 1000 });
// A window may compile no check: its policy for scripts forbids it.
z.config({ jitless: true });
const changed = Math.ceil(hosts / 20);

const all = Array.from({ length: hosts }, (_, index): HostChange => {
  const evidence = ['begun', 'backed-up', 'armed', 'written', 'applied'].map((step) => ({
    at: index,
    step,
    text: 'as planned',
  }));
  const name = `node-${index}`;
  const now = { text: '', attempt: 1, startedAt: 1, endedAt: null, accepted: null };
  return { host: name, wave: index % 5, state: 'verifying', evidence, ...now };
});

const whole = costOf(['change', '20261130-000001', 'hosts', all]);
const items = costOf(['change', '20261130-000001', 'hosts', all.slice(0, changed), 'items']);
console.log(`\n${changed} of ${hosts} hosts changed, ${times} times, middle of all`);
console.log(
  `all hosts come: ${whole.toFixed(2)} ms; only those: ${items.toFixed(2)} ms, ${(whole / items).toFixed(1)} times less\n`,
);
/** Milliseconds to read a patch of one change as the window does. */
function costOf(change: unknown[]): number {
  const text = JSON.stringify({ type: 'patch', seq: 1, now: 1, changes: [change] });
  const took = Array.from({ length: times }, () => {
    const from = performance.now();
    const read = coreMessage.safeParse(JSON.parse(text));
    if (!read.success) throw new Error(read.error.message);
    return performance.now() - from;
  });
  return percentile(took, 0.5);
}
