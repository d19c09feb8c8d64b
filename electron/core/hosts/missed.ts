import type { HostFacts } from '#shared/contract/host.ts';

/** What a host was when it was last heard. */
export interface LastHeard {
  readonly at: number;
  readonly bootId: string | null;
}

const plain = (bootId: string) => bootId.replaceAll('-', '');

/** A length of time in words: `41 s`, `3 min`, `2 h 5 min`. */
export function inWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** What was missed while a host was away: how long, and how often it booted meanwhile as far as its journal tells. */
export function missedWords(
  before: LastHeard,
  backAt: number,
  bootId: string | null,
  boots: HostFacts['boots'],
): string {
  const offline = `offline ${inWords(backAt - before.at)}`;
  if (bootId === null || before.bootId === null || plain(bootId) === plain(before.bootId)) return offline;
  const then = boots.find((boot) => plain(boot.bootId) === plain(before.bootId ?? ''));
  const now = boots.find((boot) => plain(boot.bootId) === plain(bootId));
  const times = then && now ? now.index - then.index : 0;
  if (times < 1) return `${offline}; rebooted`;
  return `${offline}; rebooted ${times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`}`;
}
