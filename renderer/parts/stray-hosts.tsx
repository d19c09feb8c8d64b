import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../state/console.ts';
import { printRoute } from '../state/routes.ts';
import { count } from '../words/amounts.ts';
import './drift.css';

const shownHosts = 6;

/** Hosts where a file that a change wrote, and no document names, is otherwise now; renders only when those change. */
export function useStrayHosts(): readonly string[] {
  const { replica } = useConsole();
  const joined = useStore(replica.store, ({ records: { host } }) => {
    const names: string[] = [];
    for (const [name, { applied }] of host) if (applied && applied.differs.length > 0) names.push(name);
    return names.toSorted().join(' ');
  });
  return useMemo(() => (joined === '' ? [] : joined.split(' ')), [joined]);
}

/** Says where such files are, with the way to see them; nothing where there are none. */
export function StrayHosts({ cluster }: { readonly cluster: string }) {
  const hosts = useStrayHosts();
  if (hosts.length === 0) return null;
  return (
    <p className="drift-strays" role="status">
      On {count(hosts.length, 'host')} a file that a change wrote, and no document names, was changed since:{' '}
      {hosts.slice(0, shownHosts).map((host, at) => (
        <span key={host}>
          {at > 0 && ', '}
          <a href={printRoute({ view: 'host', cluster, host, tab: 'config', unit: null })}>{host}</a>
        </span>
      ))}
      {hosts.length > shownHosts && ` and ${hosts.length - shownHosts} more`}.
    </p>
  );
}
