import { useSection } from '../state/hooks.ts';
import { plainFleet, printRoute } from '../state/routes.ts';
import { EmptyNote } from '../ui/notes.tsx';
import { count } from '../words/amounts.ts';

/** Stands where a cluster would be that has no file here, or none any more; offers the others. */
export function NoSuchCluster({ id }: { readonly id: string }) {
  const others = useSection('app', '', 'clusters') ?? [];
  return (
    <EmptyNote title={`There is no cluster “${id}” on this console`}>
      <p>
        Its file may have been renamed or removed, or the link came from a console that knows other clusters. No
        connection to its hosts is open. It opens here by itself as soon as its file is there.
      </p>
      {others.length > 0 && (
        <ul aria-label="Other clusters">
          {others.map((entry) => (
            <li key={entry.id}>
              <a href={printRoute({ view: 'fleet', cluster: entry.id, query: plainFleet })}>{entry.name}</a>{' '}
              <span className="faint">{count(entry.hosts, 'host')}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={printRoute({ view: 'start' })}>All clusters, and doors to more</a>
      </p>
    </EmptyNote>
  );
}
