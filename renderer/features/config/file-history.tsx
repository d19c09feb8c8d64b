import { useMemo } from 'react';
import type { ChangeHistory, ComparedFile } from '#shared/contract/change.ts';
import { changedSince, type StandingFile, standingFiles } from '#shared/lib/change/changed-since.ts';
import { Ago } from '../../parts/since.tsx';
import { useQuery } from '../../state/calls.ts';
import { printRoute } from '../../state/routes.ts';
import { count, some } from '../../words/amounts.ts';

const shown = 5;

const none: ChangeHistory = [];

/** Who changed this file from a console, and when; and where somebody else did since. */
export function FileHistory({
  cluster,
  path,
  files,
}: {
  readonly cluster: string;
  readonly path: string;
  readonly files: readonly ComparedFile[];
}) {
  const history = useQuery('change.history', { path }).output ?? none;
  const since = useMemo(() => changedSince(history, standingFiles(files)), [history, files]);
  if (history.length === 0) return null;
  return (
    <ul className="config-history" aria-label="Who changed it">
      {history.slice(0, shown).map(({ id, title, by, at, hosts }) => (
        <li key={id}>
          <a href={printRoute({ view: 'changes', cluster, change: id })}>{title}</a>{' '}
          <span className="faint">
            by {by} on <span title={hosts.join(', ')}>{namesOf(hosts)}</span>, <Ago at={at} />
          </span>
          <ChangedSince files={since.get(id) ?? []} />
        </li>
      ))}
    </ul>
  );
}

function ChangedSince({ files }: { readonly files: readonly StandingFile[] }) {
  const newest = files.reduce<number | null>((latest, { modifiedAt }) => {
    return modifiedAt !== null && (latest === null || modifiedAt > latest) ? modifiedAt : latest;
  }, null);
  if (files.length === 0) return null;
  return (
    <b>
      {' '}
      · changed since by somebody else on{' '}
      {some(
        files.map(({ host }) => host),
        3,
      )}
      {newest !== null && (
        <>
          , <Ago at={newest} />
        </>
      )}
    </b>
  );
}

function namesOf(hosts: readonly string[]): string {
  return hosts.length > 3 ? count(hosts.length, 'host') : hosts.join(', ');
}
