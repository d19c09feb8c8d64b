import { isOnItsWay } from '#shared/lib/is-connected.ts';
import type { ActionSurroundings } from './unit-actions.ts';

const mostMs = 10_000;

/**
 * Resolves once none of these hosts is on its way to its connection any more, after 10 s at the latest: what is asked as a
 * window opens, or just after a network came back, is asked of all of them. One that failed already is not waited for.
 */
export function onceConnected(
  { records, signal }: Pick<ActionSurroundings, 'records' | 'signal'>,
  hosts: readonly string[],
  longestMs = mostMs,
): Promise<void> {
  const waited = new Set(
    hosts.filter((host) => {
      const { identity, link } = records.record('host', host) ?? {};
      // As its cluster is opened, nothing was heard yet of how a host is connected.
      return link ? isOnItsWay(link) : identity !== undefined;
    }),
  );
  if (waited.size === 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = records.onChange(([kind, host, section, value]) => {
      if (kind !== 'host') return;
      if (section === 'link' ? value === null || isOnItsWay(value) : section !== 'identity' || value !== null) return;
      if (waited.delete(host) && waited.size === 0) done();
    });
    const timer = setTimeout(done, longestMs);
    signal.addEventListener('abort', done);
  });
}
