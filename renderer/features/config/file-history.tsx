import { Ago } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { printRoute } from '../../state/routes.ts';
import { count } from '../../words/amounts.ts';

const shown = 5;

/** Who changed this file from a console, and when. */
export function FileHistory({ cluster, path }: { readonly cluster: string; readonly path: string }) {
  const history = useQuery('change.history', { path }).output ?? [];
  if (history.length === 0) return null;
  return (
    <ul className="config-history" aria-label="Who changed it">
      {history.slice(0, shown).map(({ id, title, by, at, hosts }) => (
        <li key={id}>
          <a href={printRoute({ view: 'changes', cluster, change: id })}>{title}</a>{' '}
          <span className="faint">
            by {by} on <span title={hosts.join(', ')}>{namesOf(hosts)}</span>, <Ago at={at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function namesOf(hosts: readonly string[]): string {
  return hosts.length > 3 ? count(hosts.length, 'host') : hosts.join(', ');
}
