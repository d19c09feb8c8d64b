import type { RecordOf } from '#shared/contract/records.ts';
import { isRollOut } from '#shared/lib/change/roll-out.ts';
import type { HostInRollOut } from '#shared/lib/update/condition.ts';

type ChangeRecords = ReadonlyMap<string, RecordOf<'change'>>;

const isOpen: ReadonlySet<string> = new Set(['planned', 'running', 'paused']);
/** By what the records of changes were, so that asking for many hosts looks through them once. */
const known = new WeakMap<ChangeRecords, ReadonlyMap<string, HostInRollOut>>();

/** The roll-out that a host is in and that is not over; of several, the newest. */
export function rollOutOf(changes: ChangeRecords, name: string): HostInRollOut | null {
  let found = known.get(changes);
  if (!found) known.set(changes, (found = gather(changes)));
  return found.get(name) ?? null;
}

function gather(changes: ChangeRecords): ReadonlyMap<string, HostInRollOut> {
  const found = new Map<string, HostInRollOut>();
  const oldestFirst = [...changes].toSorted(([, a], [, b]) => (a.about?.at ?? 0) - (b.about?.at ?? 0));
  for (const [id, { about, progress, hosts }] of oldestFirst) {
    if (!about || !progress || !hosts || !isRollOut(about) || !isOpen.has(progress.state)) continue;
    const { text, wave, soaksUntil } = progress;
    const state = progress.state as HostInRollOut['state'];
    for (const host of hosts) found.set(host.host, { id, title: about.title, state, text, wave, soaksUntil, host });
  }
  return found;
}
